"""A caller's network: its training is a plain torch loop, its run says what it was, and what is wrong is said."""

import copy
import json
import subprocess
import sys

import numpy as np
import pytest
import torch
from torch import nn
from torch.distributions import Laplace
from torch.nn import functional

import vaedemo as vd
from vaedemo.models import VAE, build
from vaedemo.probability import bounds
from vaedemo.settings import REPOSITORY
from vaedemo.training import files, store
from vaedemo.training.randomness import stream

X = np.random.default_rng(4).integers(0, 256, (50, 6, 6), dtype=np.uint8)
LABELS = np.arange(50) % 3
CONFIG = vd.RunConfig(hidden=(5,), epochs=3, batch_size=16, learning_rate=3e-3)


class Net(nn.Module):
    """Batch normalization, noise from the generator, a frozen layer and two terms: what a loop could get wrong."""

    def __init__(self):
        super().__init__()
        self.down, self.norm, self.up = nn.Linear(36, 4, bias=False), nn.BatchNorm1d(4), nn.Linear(4, 36)
        self.frozen = nn.Linear(36, 36).requires_grad_(False)

    def loss(self, x, y, generator):
        noisy = x.flatten(1) + 0.1 * torch.randn(x.shape, generator=generator).flatten(1)
        z = self.norm(self.down(self.frozen(noisy)))
        error = (self.up(z) - x.flatten(1)).square().sum(1)
        return {"total": error + 0.1 * (z[:, 0] - y).square(), "error": error}


def net(seed=0):
    torch.manual_seed(seed)
    return Net()


def plain_loop(model, run):
    """The same training, written out in torch."""
    images, y = (getattr(vd.datasets.load(run.config.dataset), name) for name in "xy")
    model, config = copy.deepcopy(model).train(), run.config
    optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=config.learning_rate)
    order, noise = stream(config.seed, "order"), stream(config.seed, "noise")
    for _ in range(config.epochs):
        shuffled = torch.randperm(len(images), generator=order)
        for rows in shuffled.split(config.batch_size):
            optimizer.zero_grad()
            model.loss(images[rows].float() / 255, y[rows], noise)["total"].mean().backward()
            optimizer.step()
    return model.eval()


def test_its_training_is_a_plain_torch_loop():
    own = net()
    before = copy.deepcopy(own.state_dict())
    run = vd.fit(X, CONFIG, labels=LABELS, model=own)
    plain = plain_loop(own, run)
    for name, value in plain.state_dict().items():
        torch.testing.assert_close(run.model.state_dict()[name], value, rtol=1e-5, atol=1e-6)
    test = vd.datasets.load(run.config.dataset, "test")
    with torch.no_grad():  # in eval mode: the test set's terms use the running statistics and leave them alone
        terms = plain.loss(test.as_data(), test.y, stream(CONFIG.seed, "evaluation"))
    for name, values in terms.items():
        assert run.metrics[f"test_{name}"] == pytest.approx(values.mean().item(), rel=1e-5)
        assert run.history[f"test_{name}"].iloc[-1] == run.metrics[f"test_{name}"]
    assert list(run.history.columns) == [
        "epoch", "train_total", "train_error", "test_total", "test_error", "seconds", "images_per_second"
    ]  # fmt: skip
    assert run.title == "own images · Net"
    assert type(run.model) is Net and not run.model.training and run.film is None and run.status == "finished"
    assert not any(parameter.requires_grad for parameter in run.model.parameters())
    now = own.state_dict()
    assert all(torch.equal(now[name], before[name]) for name in before) and own.training and own.up.weight.requires_grad


def test_our_networks_given_as_one_s_own_give_the_same_numbers():
    ours = vd.fit(X, CONFIG)
    same = build(ours.config, (1, 6, 6))
    given = VAE(CONFIG, (1, 6, 6), encoder=same.encoder, decoder=nn.Sequential(*same.decoder[:-1]))
    theirs = vd.fit(X, model=given)
    columns = [name for name in ours.history.columns if name not in ("seconds", "images_per_second")]
    assert ours.history[columns].equals(theirs.history[columns])
    x = X[:5, None]
    assert torch.equal(ours.model.encode(x).mean, theirs.model.encode(x).mean)
    assert torch.equal(ours.model.reconstruct(x), theirs.model.reconstruct(x))
    assert ours.metrics["active_units"] == theirs.metrics["active_units"]
    assert theirs.config == ours.config and theirs.digest != ours.digest and len(theirs.film) == len(ours.film)
    exact, same = (bounds.log_marginal_grid(run.model, x) for run in (ours, theirs))
    assert torch.allclose(exact, same, atol=1e-3)


class TorchLaplace(VAE):
    """A likelihood that is not one of ours."""

    def decode(self, z):
        return Laplace(self.decoder(z).squeeze(1), torch.tensor(1.0), validate_args=False)


def test_a_likelihood_of_one_s_own_is_torch_s_distribution_of_the_decoder():
    config = CONFIG.replace(likelihood="laplace", noise_variance=2.0)  # ours of variance 2 has b = 1
    ours = vd.fit(X, config)
    with torch.random.fork_rng():
        torch.manual_seed(config.seed)
        model = TorchLaplace(CONFIG, (1, 6, 6))
    theirs, x = vd.fit(X, model=model), X[:4, None]
    for name in ("test_reconstruction", "test_kl", "test_negative_elbo"):
        assert theirs.history[name].tolist() == pytest.approx(ours.history[name].tolist(), rel=1e-5)
    for bound in (bounds.log_marginal_grid, bounds.iwae, bounds.log_marginal_monte_carlo):
        more = [{} if bound is bounds.log_marginal_grid else {"samples": 20, "generator": g()} for g in (noise, noise)]
        one, other = (bound(run.model, x, **own) for run, own in zip((ours, theirs), more, strict=True))
        assert torch.allclose(one, other, atol=1e-3), bound.__name__


def noise():
    return torch.Generator().manual_seed(0)


def test_the_digest_says_data_class_and_first_weights_and_the_metrics_too():
    class Other(Net):
        pass

    one_pixel = X.copy()
    one_pixel[0, 0, 0] ^= 1
    other = Other()
    other.load_state_dict(net().state_dict())
    first = vd.fit(X, CONFIG, model=net())
    runs = [
        vd.fit(X, CONFIG, model=net(1)), vd.fit(X, CONFIG, model=other), vd.fit(one_pixel, CONFIG, model=net()),
        vd.fit(X, CONFIG.replace(seed=1), model=net()), vd.fit(X, CONFIG),
    ]  # fmt: skip
    assert len({first.digest, *(run.digest for run in runs)}) == 6
    assert vd.fit(X, CONFIG, model=net()).digest == first.digest
    assert first.metrics["model_class"] == "Net" and first.config.dataset.startswith("upload:")
    assert all(len(first.metrics[name]) == 64 for name in ("first_weights_sha256", "data_sha256"))
    assert first.metrics["first_weights_sha256"] != runs[0].metrics["first_weights_sha256"]


def test_it_is_always_trained_and_never_in_the_store():
    told = []
    for _ in range(2):
        run = vd.fit(X, CONFIG, model=net(), on_progress=told.append)
        assert told and {report.digests for report in told} == {(run.digest,)}
        told.clear()
        assert store.find(run.digest) is None and store.find(run.config.digest) is None and store.recent() == []
    with pytest.raises(ValueError, match=r"kept by run\.save\(folder\) alone"):
        store.save(run)


def test_it_is_saved_and_loaded_with_the_network_given_again(tmp_path):
    run = vd.fit(X, CONFIG, labels=LABELS, model=net())
    folder, mine = run.save(tmp_path / "run"), net(7)
    back = vd.load(folder, model=mine)
    assert back.digest == run.digest and back.metrics == run.metrics and back.history.equals(run.history)
    ours, theirs = run.model.state_dict(), back.model.state_dict()
    assert all(torch.equal(ours[name], theirs[name]) and ours[name].dtype == theirs[name].dtype for name in ours)
    assert torch.equal(mine.up.weight, net(7).up.weight) and back.model is not mine
    assert all(
        (folder / name).read_bytes() == content
        for name, content in files.to_files(vd.load(back.save(tmp_path / "copy"), model=net())).items()
    )


def test_forged_figures_of_a_network_are_one_sentence():
    whole = files.to_files(vd.fit(X, CONFIG, model=net()))
    for changes, says in (
        ({"model_class": 3}, "no name of a class"),
        ({"model_class": "a b"}, "no name of a class"),
        ({"first_weights_sha256": "0" * 63}, "has a first_weights_sha256 that is no sha256"),
        ({"first_weights_sha256": None}, "has no first_weights_sha256"),
        ({"example_shape": 5}, "an example_shape that is not its data_shape"),
        ({"terms": "total"}, "terms that are no words"),
        ({"terms": ["error"]}, "history.csv cannot be read"),
        ({"data_name": ["x"]}, "a data_name that is no name"),
    ):
        metrics = json.loads(whole[files.METRICS]) | changes
        with pytest.raises(files.DamagedRun, match=says):
            files.from_files(whole | {files.METRICS: json.dumps(metrics).encode()}, net())


FILE = """
import sys, torch, vaedemo as vd
from torch import nn
class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Linear(6, 6), nn.Linear(6, 6)
        self.second.weight = self.first.weight
    def loss(self, x, y, generator):
        return (self.second(self.first(x)) - x).square().sum(dim=(1, 2, 3))
if len(sys.argv) > 2:
    run = vd.fit(torch.rand(20, 6, 6), vd.RunConfig(epochs=1), model=Tied())
    run.save(sys.argv[1])
run = vd.load(sys.argv[1], model=Tied())
print(run.digest, run.metrics["test_total"].hex(), run.model.first.weight.sum().item().hex())
"""


def test_a_fresh_process_reads_it_also_with_weights_used_twice(tmp_path):
    outputs = []
    for more in (["train"], []):
        command = [sys.executable, "-W", "error", "-c", FILE, str(tmp_path / "run"), *more]
        done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        outputs.append(done.stdout)
    assert outputs[0] == outputs[1]


def test_what_does_not_fit_a_saved_run_is_one_sentence(tmp_path):
    run = vd.fit(X, CONFIG, model=net())
    folder = run.save(tmp_path / "run")
    narrow = net()
    narrow.up = nn.Linear(4, 35)
    for model, says in (
        (None, r"model accepts the network of this run, which was a Net: vaedemo\.load\(folder, model=Net\(\)\), got"),
        (Net, "model accepts the network of this run"),
        (nn.Linear(2, 2), "do not fit Linear: bias is none there and"),
        (narrow, r"do not fit Net: up\.bias is \(36,\) there and \(35,\) here"),
    ):
        with pytest.raises(ValueError, match=says) as caught:
            vd.load(folder, model=model)
        assert not isinstance(caught.value, files.DamagedRun) and "\n" not in str(caught.value)
    plain = vd.fit(X, CONFIG)
    for name in (plain.save(tmp_path / "plain"), plain.digest):
        with pytest.raises(vd.ConfigError, match="model accepts nothing"):
            vd.load(name, model=net())


class Loss(nn.Module):
    """A module whose loss is what a function makes of a good one."""

    def __init__(self, change):
        super().__init__()
        self.weight, self.change = nn.Parameter(torch.ones(())), change

    def loss(self, x, y, generator):
        return self.change((self.weight * x).square().flatten(1).sum(1))


class Uncopied(Loss):
    def __deepcopy__(self, memo):
        raise RuntimeError("holds a\nfile")


@pytest.mark.parametrize(
    ("model", "says"),
    [
        (nn.Linear(36, 2), r"model accepts a torch\.nn\.Module with a method loss\(x, y, generator\), got 'Linear'"),
        (lambda x: x, "model accepts a torch.nn.Module with a method loss"),
        ("vae", "model accepts a torch.nn.Module with a method loss"),
        (Loss(torch.mean), r"must return total as floats of shape \(8,\), .* got float32 \(\)"),
        (Loss(lambda total: total[:, None]), r"got float32 \(8, 1\)"),
        (Loss(lambda total: {"loss": total}), "a dictionary with total .* got a dictionary of loss"),
        (Loss(lambda total: None), "must return a tensor .* got NoneType"),
        (Loss(lambda total: {"total": total, "kl": 3.0}), "must return kl as floats"),
        (Loss(lambda total: {"total": total.long()}), "got int64"),
        (Loss(lambda total: {"total": total, "a b": total}), "with words as their names"),
        (Loss(lambda total: total * torch.nan), "is not finite for the first 8 examples: nan"),
        (Loss(lambda total: total / 0), "is not finite for the first 8 examples: inf"),
        (Loss(lambda total: total.detach()), "depends on no parameter that requires a gradient"),
        (Uncopied(lambda total: total), "Uncopied cannot be copied, .*: holds a"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else type(value).__name__,
)
def test_what_is_no_network_to_train_is_one_sentence(model, says):
    with pytest.raises(ValueError, match=says) as caught:
        vd.fit(X, CONFIG, model=model)
    assert str(caught.value).endswith(".") and "\n" not in str(caught.value) and len(str(caught.value)) < 300


def test_settings_that_do_not_suit_the_network_are_named():
    for config, says in (
        (CONFIG.replace(corruption="gaussian", corruption_level=0.1), "corruption accepts none for a network"),
        (CONFIG.replace(start_from="0" * 16), "start_from accepts nothing where model is given"),
    ):
        with pytest.raises(vd.ConfigError, match=says):
            vd.fit(X, config, model=net())
    given = VAE(CONFIG, (1, 6, 6), encoder=nn.Sequential(nn.Flatten(), nn.Linear(36, 4)))
    with pytest.raises(vd.ConfigError, match=r"beta accepts 1\.0, with which the model was made, got 4\.0"):
        vd.fit(X, CONFIG.replace(beta=4), model=given)
    assert vd.fit(X, CONFIG.replace(epochs=1), model=given).metrics["epochs_done"] == 1
    with pytest.raises(ValueError, match=r"reads examples of shape \(1, 6, 6\); the data have \(1, 5, 6\)"):
        vd.fit(X[:, 1:], model=given)
    points = VAE(CONFIG, (2,), encoder=nn.Linear(2, 4))
    with pytest.raises(vd.ConfigError, match="a model made with the dataset of points, such as ring, got 'digits'"):
        vd.fit(np.eye(2).repeat(4, 0), model=points)


def test_a_loss_that_becomes_nan_later_is_a_diverged_run():
    class Explodes(Loss):
        def loss(self, x, y, generator):
            return super().loss(x, y, generator) / (self.weight > 0.99)

    run = vd.fit(X, CONFIG, model=Explodes(lambda total: total))
    assert run.status == "diverged" and "no longer a number" in run.notes[0] and run.model.weight == 1


@pytest.mark.parametrize(
    ("part", "network", "says"),
    [
        ("encoder", nn.Sequential(nn.Flatten(), nn.Linear(36, 3)), r"encoder must return \(N, 4\), mu and then logvar"),
        ("encoder", nn.Linear(36, 4), r"encoder does not accept an array of shape \(2, 1, 6, 6\)"),
        ("encoder", nn.Linear, "encoder accepts a torch.nn.Module"),
        ("decoder", nn.Linear(2, 35), r"decoder must return 36 values .* it returned \(2, 35\)"),
        ("decoder", nn.Linear(3, 36), r"decoder does not accept an array of shape \(2, 2\)"),
        ("decoder", nn.LSTM(2, 36), "decoder must return a tensor, got tuple"),
    ],
)
def test_parts_of_another_shape_are_refused_when_they_are_given(part, network, says):
    with pytest.raises(ValueError, match=says) as caught:
        VAE(CONFIG, (1, 6, 6), **{part: network})
    assert str(caught.value).endswith(".") and "\n" not in str(caught.value)


def test_the_trial_of_the_parts_changes_neither_them_nor_the_random_state():
    encoder = nn.Sequential(nn.Flatten(), nn.Linear(36, 4, bias=False), nn.BatchNorm1d(4), nn.Dropout())
    before = copy.deepcopy(encoder.state_dict())
    torch.manual_seed(0)
    state = torch.get_rng_state()
    VAE(CONFIG, (1, 6, 6), encoder=encoder, decoder=build(CONFIG, (1, 6, 6)).decoder)
    assert torch.equal(torch.get_rng_state(), state) and encoder[2].training
    assert all(torch.equal(before[name], value) for name, value in encoder.state_dict().items())


def test_a_loss_written_with_torch_s_own_functions():
    class Plain(nn.Module):
        def __init__(self):
            super().__init__()
            self.net = nn.Sequential(nn.Linear(36, 3), nn.Linear(3, 36))

        def loss(self, x, y, generator):
            x = x.flatten(1)
            return functional.binary_cross_entropy_with_logits(self.net(x), x, reduction="none").sum(1)

    run = vd.fit(X, CONFIG.replace(recipe="fast", batch_size=10), model=Plain())
    assert run.status == "finished" and run.metrics["terms"] == ["total"]
    assert run.history["test_total"].iloc[-1] < run.history["test_total"].iloc[0]
