"""`vaedemo.fit` on own images and points: the run, its digest, and that it is the run of the same loop."""

import numpy as np
import pytest
import torch

import vaedemo as vd
from vaedemo.datasets import own
from vaedemo.training import loop, store

RANDOM = np.random.default_rng(2)
X, LABELS = RANDOM.integers(0, 256, (30, 7, 9), dtype=np.uint8), np.arange(30) % 2
SMALL = vd.RunConfig(hidden=(5,), epochs=2, batch_size=8)


def same_weights(one, other) -> bool:
    ours, theirs = one.state_dict(), other.state_dict()
    return ours.keys() == theirs.keys() and all(torch.equal(ours[name], theirs[name]) for name in ours)


def test_it_is_the_run_of_the_loop_on_the_same_split():
    run = vd.fit(X, SMALL, labels=LABELS, name="mine")
    parts = [vd.datasets.load(run.config.dataset, part) for part in ("train", "test")]
    direct = loop.fit(run.config, *parts)
    assert same_weights(run.model, direct.model) and run.digest == direct.digest == run.config.digest
    assert run.table["test_negative_elbo"] == direct.table["test_negative_elbo"]
    assert run.title == "mine · VAE · mlp 5 · 2 latent axes" and run.metrics["data_name"] == "mine"
    assert run.config == SMALL.replace(dataset=run.config.dataset)


def test_the_digest_contains_the_content_and_the_same_content_is_trained_once():
    first = vd.fit(X, SMALL, labels=LABELS)
    changed = X.copy()
    changed[3, 3, 3] ^= 1
    told = []
    again = vd.fit(torch.from_numpy(X), SMALL, labels=LABELS, name="renamed", on_progress=told.append)
    assert again.digest == first.digest and not told and again.title.startswith("renamed · ")
    digests = {first.digest, vd.fit(changed, SMALL, labels=LABELS).digest, vd.fit(X, SMALL).digest, SMALL.digest}
    assert len(digests) == 4
    assert store.find(first.digest) is not None and store.find(SMALL.digest) is None


@pytest.mark.parametrize(
    ("shape", "settings"),
    [
        ((12, 28, 28), {"network": "conv", "hidden": (3, 4)}),
        ((12, 5, 11), {"network": "conv", "hidden": (3, 4, 5, 6)}),
        ((12, 3, 13, 6), {"network": "conv", "hidden": (3, 4)}),
        ((12, 3, 13, 6), {"likelihood": "categorical", "levels": 4}),
        ((12, 3, 13, 6), {"recipe": "fast", "latent_dim": 5, "learning_rate": 1e-4}),
        ((12, 1, 1), {"network": "linear", "hidden": (), "model": "autoencoder"}),
        ((12, 1, 1), {"network": "conv", "hidden": (3, 4)}),
        ((12, 2), {}),
        ((12, 2), {"dataset": "ring", "model": "flow", "couplings": 2}),
        ((12, 64, 64), {"pixels": "dynamic", "corruption": "gaussian", "corruption_level": 0.2}),
    ],
)
def test_every_shape_that_the_networks_take_is_trained_kept_and_read_again(shape, settings, tmp_path):
    run = vd.fit(RANDOM.random(shape), SMALL.replace(**settings))
    assert run.status == "finished" and tuple(run.model.data_shape) == ((1,) * (len(shape) == 3) + shape[1:])
    back = vd.load(run.save(tmp_path / "run"))
    assert back.digest == run.digest and same_weights(back.model, run.model)
    assert [frame.images.shape for frame in back.film] == [frame.images.shape for frame in run.film]


def test_a_film_too_large_to_be_read_again_is_not_taken(tmp_path):
    run = vd.fit(RANDOM.random((6, 3, 90, 90)), SMALL.replace(epochs=1))
    assert run.film is None and vd.load(run.save(tmp_path / "run")).film is None


def test_a_classifier_has_one_output_for_each_label_also_where_the_data_are_not(monkeypatch):
    run = vd.fit(X, SMALL.replace(model="classifier"), labels=np.arange(30) % 5)
    assert run.model.probabilities(X[:1, None]).shape == (1, 5)
    monkeypatch.setattr(own, "_held", type(own._held)())
    assert same_weights(store.find(run.digest).model, run.model)
    with pytest.raises(vd.datasets.DataUnavailable, match="not in this process"):
        vd.train(run.config.replace(seed=1))


def test_own_data_go_through_train_and_sweep_by_their_name():
    name = vd.datasets.register(vd.datasets.from_arrays(X))
    runs = vd.sweep([SMALL.replace(dataset=name, beta=beta) for beta in (0.5, 1.0)])
    assert runs[1].digest == vd.fit(X, SMALL).digest and runs[0].metrics["trained_together"] == 2


def test_what_is_wrong_is_one_sentence():
    own_set = vd.datasets.from_arrays(X)
    wrong = [
        (dict(images=X[:1]), "at least 4 examples to train and test on, got 1"),
        (dict(images=X, config="digits"), "config accepts a RunConfig"),
        (dict(images=X, config=SMALL.replace(model="classifier")), "labels accepts a class for each image"),
        (dict(images=own_set, labels=LABELS), "labels accepts nothing where images is an ImageSet"),
        (dict(images=X, config=vd.RunConfig(dataset="ring", model="flow")), "vae, autoencoder or classifier for im"),
        (dict(images=X[:, 0, :2] / 255.0, config=vd.RunConfig(network="conv")), "mlp or linear for the points of own"),
        (dict(images=X, config=SMALL.replace(train_size=29)), "at most the 24 examples of own images"),
        (dict(images=X, on_progress="print"), "on_progress accepts a function, or None"),
        (dict(images=X, name="two\nlines"), "name accepts a text of 1 to 60 printable"),
        (dict(images=RANDOM.random((4, 3, 256, 256)), config=vd.RunConfig(hidden=(400,))), "at most 320 MB for examp"),
    ]  # fmt: skip
    for arguments, says in wrong:
        with pytest.raises(ValueError, match=says) as caught:
            vd.fit(**arguments)
        assert str(caught.value).endswith(".") and "\n" not in str(caught.value), says
