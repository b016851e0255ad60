"""A run that ends above where it began has diverged: its status, its sentence, its exit code; and which have not."""

import math

import pytest
import torch

from vaedemo import datasets
from vaedemo.__main__ import main
from vaedemo.config import RunConfig
from vaedemo.models import build
from vaedemo.training import engine, fitting, loop, store
from vaedemo.training.evaluate import BATCH
from vaedemo.training.randomness import stream
from vaedemo.training.subset import balanced

RING = RunConfig(dataset="ring", epochs=3)
HOT = RING.replace(learning_rate=10)  # ends at 9e11 nats, from 2.5
SMALL = RunConfig(dataset="ring", hidden=(16,), epochs=2, batch_size=100, train_size=500, learning_rate=3e-3)


def total_of(model, config, ring) -> float:
    """The minimised total of the first training examples, with the noise of the evaluation."""
    train = balanced(balanced(ring[0], config.train_size), min(config.train_size or 4_000, len(ring[1])))
    with torch.no_grad():
        terms = model.loss(train.as_data()[:BATCH], train.y[:BATCH], stream(config.seed, "evaluation"))
    return float(terms["total"].double().mean())


def test_far_worse_than_before_is_diverged_and_kept_with_its_sentence(ring):
    run = loop.fit(HOT, *ring)
    assert run.status == "diverged" and "diverged_at_step" not in run.metrics
    before, after = run.metrics["train_total_before"], run.metrics["train_total_after"]
    assert before == pytest.approx(total_of(build(HOT, (2,)), HOT, ring), rel=1e-9)
    assert after == pytest.approx(total_of(run.model, HOT, ring), rel=1e-6) and after > 1e9 > before
    (note,) = run.notes
    assert f"with learning rate 10 the loss of the same training examples went from {before:.2f} nats" in note
    assert f"to {after:.2e} nats at the end" in note
    store.save(run)
    again = engine.train(HOT)
    assert again.status == "diverged" and again.notes == run.notes


def test_deep_networks_on_digits_too(few_digits):
    config = RunConfig(hidden=(64,) * 6, epochs=2, learning_rate=10, train_size=600)
    run = loop.fit(config, *few_digits)
    assert run.status == "diverged" and "learning rate 10 " in run.notes[0]


def test_in_a_stack_each_is_judged_by_itself(ring):
    sound, lost = loop.fit_stack([RING.replace(learning_rate=rate) for rate in (1e-3, 10)], *ring)
    assert (sound.status, sound.notes) == ("finished", ())
    assert lost.status == "diverged" and "learning rate 10 " in lost.notes[0]
    assert sound.metrics["train_total_after"] < sound.metrics["train_total_before"]


def test_the_command_line_says_it_and_exits_with_1(capsys):
    line = ["--dataset", "ring", "--epochs", "1", "--hidden", "8"]
    for _ in range(2):  # trained, and found again
        assert main(["train", *line, "--learning-rate", "10"]) == 1
        told = capsys.readouterr()
        assert "with learning rate 10 the loss of the same training examples went from" in told.err
        assert "diverged" in told.out
    assert main(["sweep", *line, "--learning-rate", "0.001,10"]) == 1
    told = capsys.readouterr()
    assert told.err.count("Training diverged") == 1 and " finished" in told.out and " diverged" in told.out


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"learning_rate": 1e-9},
        {"epochs": 1, "batch_size": 500, "learning_rate": 1e-6},
        {"beta": 1e6},
        {"beta": 0.0},
        {"noise_variance": "learned"},
        {"model": "autoencoder", "sparsity": 5.0},
        {"model": "classifier"},
        {"model": "flow"},
        {"model": "autoregressive"},
        {"corruption": "gaussian", "corruption_level": 0.5},
    ],
)
def test_runs_that_learn_or_stand_still_have_not_diverged(changes, ring):
    run = loop.fit(SMALL.replace(**changes), *ring)
    assert run.status == "finished" and run.notes == ()
    before, after = run.metrics["train_total_before"], run.metrics["train_total_after"]
    assert after <= before + 1e-4 * max(abs(before), 1)


def test_going_on_from_a_good_run_may_end_a_little_above_it_but_not_far(ring):
    start = loop.fit(SMALL.replace(epochs=40), *ring)
    onward = SMALL.replace(start_from=start.digest, epochs=1)
    runs = [loop.fit(onward.replace(seed=seed), *ring, start=start) for seed in range(6)]
    assert any(run.metrics["train_total_after"] > run.metrics["train_total_before"] for run in runs)
    assert {run.status for run in runs} == {"finished"}
    assert loop.fit(onward.replace(learning_rate=10), *ring, start=start).status == "diverged"


def test_one_that_was_stopped_is_not_judged(ring):
    asked = iter(range(100))
    run = loop.fit(HOT, *ring, should_stop=lambda: next(asked) == 40)
    assert run.status == "stopped" and run.metrics["train_total_after"] > run.metrics["train_total_before"]


def test_a_total_that_is_no_number_at_the_end_gives_the_good_weights_back(ring, monkeypatch):
    """The figures may be finite where β · KL is not."""

    def overflow(ensemble, data, y, seeds):
        return torch.full((1, 5), next(seen))

    seen = iter([1.0, math.inf])
    monkeypatch.setattr(fitting, "totals", overflow)
    run = loop.fit(SMALL, *ring)
    assert run.status == "diverged" and "no longer a number" in run.notes[0]
    start = build(SMALL, (2,)).state_dict()
    assert all(torch.equal(value, start[name]) for name, value in run.model.state_dict().items())


def test_looking_at_the_total_changes_no_number(ring, monkeypatch):
    looked = loop.fit(SMALL, *ring)
    monkeypatch.setattr(fitting, "totals", lambda ensemble, data, y, seeds: torch.zeros(1, 1))
    blind = loop.fit(SMALL, *ring)
    for name, value in looked.model.state_dict().items():
        assert torch.equal(value, blind.model.state_dict()[name])
    assert looked.table["test_kl"] == blind.table["test_kl"]


def test_no_shipped_run_lost_what_it_began_with():
    """Nor would the rule call one of them diverged: each is better than its own untrained model."""
    names = ("ring-2d", "denoised-ring-30", "mnist-2d", "shapes-beta4")
    for name in names:
        run = store.load(name)
        x = datasets.first_view(run.config.dataset)[0]
        data, y = x.as_data(run.config.pixels)[:500], x.y[:500]
        with torch.no_grad():
            trained, fresh = (
                float(model.loss(data, y, stream(0, "evaluation"))["total"].mean())
                for model in (run.model, build(run.config, run.model.data_shape))
            )
        assert trained < fresh
