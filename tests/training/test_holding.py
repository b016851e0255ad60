"""A training that goes on from a state is the training that never stopped: same weights, history, film and figures."""

import pytest
import torch

from vaedemo.config import RunConfig
from vaedemo.rules import ConfigError
from vaedemo.training import loop
from vaedemo.training.run import Run

SMALL = {"train_size": 200, "batch_size": 20, "epochs": 3, "hidden": (8,)}  # 10 steps an epoch
POINTS, DIGITS = RunConfig(dataset="ring", noise_variance=0.02, **SMALL), RunConfig(**SMALL)
CHANGED = ((12, {"beta": 4.0, "learning_rate": 0.0005}),)
TRAININGS = {
    "mlp": [DIGITS],
    "conv": [DIGITS.replace(network="conv", hidden=(2, 3))],
    "ring": [POINTS],
    "fast": [DIGITS.replace(recipe="fast", latent_dim=5)],
    "dynamic pixels": [DIGITS.replace(pixels="dynamic")],
    "learned noise": [POINTS.replace(noise_variance="learned")],
    "corrupted autoencoder": [DIGITS.replace(model="autoencoder", corruption="masking", corruption_level=0.3)],
    "classifier": [DIGITS.replace(model="classifier")],
    "flow": [POINTS.replace(model="flow", couplings=2)],
    "warm-up and free bits": [DIGITS.replace(warm_up=0.5, cycles=2, free_bits=0.1)],
    "changed on the way": [DIGITS.replace(changes=CHANGED)],
    "changed noise": [POINTS.replace(changes=((5, {"noise_variance": 0.2}), (25, {"noise_variance": 0.02})))],
    "a stack over beta": [DIGITS.replace(beta=beta) for beta in (0.5, 2.0)],
    "a stack over rates": [DIGITS.replace(learning_rate=rate, seed=int(1e4 * rate)) for rate in (1e-3, 2e-3)],
    "a fast stack": [DIGITS.replace(recipe="fast", latent_dim=5, beta=beta) for beta in (0.5, 2.0)],
}
CLOCKS = ("seconds", "training_seconds", "images_per_second", "begun_at_step")


class Kept:
    """Keeps the states of some steps in memory."""

    def __init__(self, *steps: int):
        self.steps, self.states = steps, {}

    def wants(self, step: int, steps: int) -> bool:
        return step in self.steps

    def keep(self, states) -> None:
        self.states[states[0].step] = states


def assert_same(run: Run, whole: Run) -> None:
    """Bit for bit the same run, but for its clocks."""
    weights, expected = run.model.state_dict(), whole.model.state_dict()
    assert all(torch.equal(weights[name], expected[name]) for name in expected)
    told, wanted = ({n: v for n, v in each.metrics.items() if n not in CLOCKS} for each in (run, whole))
    assert told == wanted
    for name in set(whole.table) - set(CLOCKS):
        assert str(run.table[name]) == str(whole.table[name])  # NaN, of an autoencoder's KL, equals itself as text
    assert [frame.step for frame in run.film or ()] == [frame.step for frame in whole.film or ()]
    for frame, other in zip(run.film or (), whole.film or (), strict=True):
        assert (frame.images == other.images).all() and (frame.means == other.means).all()


@pytest.mark.parametrize("configs", TRAININGS.values(), ids=TRAININGS)
def test_continued_equals_uninterrupted(configs, ring, few_digits):
    sets = ring if configs[0].on_points else few_digits
    kept = Kept(0, 1, 10, 13, 29)
    whole = loop.fit_stack(configs, *sets, keeper=kept)
    assert set(kept.states) == {0, 1, 10, 13, 29}
    for states in kept.states.values():
        for run, expected in zip(loop.fit_stack(configs, *sets, states=states), whole, strict=True):
            assert_same(run, expected)


@pytest.mark.parametrize("step", (1, 10, 13))
def test_a_held_training_goes_on(step, few_digits):
    """Held by `until`: its own run ends there, and its state is that from which the whole one goes on."""
    kept = Kept()
    config = DIGITS.replace(recipe="fast", latent_dim=5, changes=CHANGED)
    held = loop.fit_stack([config.held_at(step)], *few_digits, keeper=kept)[0]
    assert (held.metrics["steps_done"], held.status, held.film[-1].step) == (step, "finished", step)
    assert len(held.table["epoch"]) == step // 10
    assert_same(loop.fit_stack([config], *few_digits, states=kept.states[step])[0], loop.fit(config, *few_digits))


def test_steps_one_by_one_come_to_the_same(ring):
    states = None
    for step in range(1, 31):
        kept = Kept()
        config = POINTS.held_at(step) if step < 30 else POINTS
        (run,) = loop.fit_stack([config], *ring, states=states, keeper=kept)
        states = kept.states.get(step)
    assert_same(run, loop.fit(POINTS, *ring))


def test_a_member_that_leaves_its_stack_agrees(few_digits):
    """Alone, its sums are in another order: to the tolerance of stacks, here in double precision."""
    kept, configs = Kept(13), TRAININGS["a stack over beta"]
    stacked = loop.fit_stack(configs, *few_digits, dtype=torch.float64, keeper=kept)
    for run, config, state in zip(stacked, configs, kept.states[13], strict=True):
        (alone,) = loop.fit_stack([config], *few_digits, dtype=torch.float64, states=[state])
        for ours, theirs in zip(alone.model.parameters(), run.model.parameters(), strict=True):
            torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-9)


def test_before_a_change_all_is_as_without_it_and_after_it_is_not(few_digits):
    whole, changed = (loop.fit(DIGITS.replace(changes=changes), *few_digits) for changes in ((), CHANGED))
    assert changed.table["test_kl"][0] == whole.table["test_kl"][0]  # the first epoch ends before step 12
    assert changed.table["test_kl"][1] != whole.table["test_kl"][1]
    frames = [(one.step, (one.means == other.means).all()) for one, other in zip(changed.film, whole.film, strict=True)]
    assert all(same for step, same in frames if step <= 12) and not any(same for step, same in frames if step > 12)


def test_a_change_before_the_first_step_would_be_another_setting(few_digits):
    """The oracle of a change: a run that starts from the held weights cannot be it (Adam's moments), but from step 1
    on, with a rate so small that step 0 moves nothing, the run is that of the changed settings."""
    still = DIGITS.replace(learning_rate=1e-30, changes=((1, {"learning_rate": 0.001}),))
    moved, plain = loop.fit(still, *few_digits), loop.fit(DIGITS, *few_digits)
    assert moved.film[1].means == pytest.approx(moved.film[0].means)
    assert moved.metrics["test_negative_elbo"] == pytest.approx(plain.metrics["test_negative_elbo"], rel=0.02)


def test_a_run_that_diverges_after_a_pause_keeps_the_weights_of_the_uninterrupted_one(ring):
    deep = POINTS.replace(hidden=(64,) * 6, noise_variance=1e-6, learning_rate=10.0)
    kept = Kept(1)
    whole = loop.fit_stack([deep], *ring, keeper=kept)[0]
    assert whole.status == "diverged" and kept.states
    assert_same(loop.fit_stack([deep], *ring, states=kept.states[1])[0], whole)


def test_more_beta_from_a_step_on_is_no_divergence(few_digits):
    """The objective rises with beta; it is compared with what it was at the change."""
    changed = loop.fit(DIGITS.replace(changes=((15, {"beta": 100.0}),)), *few_digits)
    assert changed.status == "finished"


def test_a_state_of_another_training_is_refused(few_digits):
    kept = Kept(13)
    loop.fit_stack([DIGITS], *few_digits, keeper=kept)
    for other in (DIGITS.replace(seed=1), DIGITS.replace(changes=CHANGED)):
        with pytest.raises(ConfigError, match="one of this very training"):
            loop.fit_stack([other], *few_digits, states=kept.states[13])
    later = DIGITS.replace(changes=((13, {"beta": 4.0}),))  # the same up to step 13
    assert loop.fit_stack([later], *few_digits, states=kept.states[13])[0].status == "finished"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"until": 31}, "until accepts a step up to 30, the last of this training, got 31."),
        ({"changes": ((30, {"beta": 2.0}),)}, "changes accepts steps below 30, the last of this training"),
    ],
)
def test_a_step_that_never_comes_is_refused(wrong, sentence, few_digits):
    with pytest.raises(ConfigError, match=sentence):
        loop.fit(DIGITS.replace(**wrong), *few_digits)
