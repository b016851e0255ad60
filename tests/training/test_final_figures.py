"""The figures of a run are of the weights it leaves, and not computed twice where the epoch's end has them."""

import pytest

from vaedemo.config import RunConfig
from vaedemo.training import fitting, loop
from vaedemo.training.evaluate import evaluate

POINTS = RunConfig(dataset="ring", hidden=(16,), epochs=3, batch_size=100, train_size=500, learning_rate=3e-3)
# Six layers with a rate of 10: a loss is soon not a number any more.
EXPLOSIVE = POINTS.replace(hidden=(64,) * 6, learning_rate=10, noise_variance=1e-6)


@pytest.fixture
def evaluations(monkeypatch):
    """The number of examples of each evaluation that a training makes."""
    made, original = [], fitting.evaluate_all

    def counted(ensemble, data, y, seeds):
        made.append(len(data))
        return original(ensemble, data, y, seeds)

    monkeypatch.setattr(fitting, "evaluate_all", counted)
    return made


def figures(run):
    return {name.removeprefix("test_"): run.metrics[name] for name in ("test_reconstruction", "test_kl")}


def measured(run, test_set):
    found = evaluate(run.model, test_set.as_data(), test_set.y, run.config.seed)
    return {name: pytest.approx(found[name], rel=1e-6) for name in ("reconstruction", "kl")}


def test_at_the_end_the_last_epoch_s_figures_serve(evaluations, ring):
    run = loop.fit(POINTS, *ring)
    assert evaluations == [500, 1000] * 3
    assert figures(run) == measured(run, ring[1])


@pytest.mark.parametrize("steps", [0, 3, 5, 7])
def test_stopped_between_epochs_or_within_one_they_are_of_the_weights_as_they_stand(evaluations, ring, steps):
    asked = iter([False] * steps + [True])
    run = loop.fit(POINTS, *ring, should_stop=lambda: next(asked))
    assert run.metrics["steps_done"] == steps
    assert len(evaluations) == 2 * (steps // 5) + (steps != 5)
    assert figures(run) == measured(run, ring[1])


def test_after_a_divergence_they_are_of_the_weights_that_were_kept(ring):
    run = loop.fit(EXPLOSIVE, *ring)
    assert run.status == "diverged"
    assert figures(run) == measured(run, ring[1])
