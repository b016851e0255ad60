"""The divergence guard: when it speaks, and which weights it puts back."""

import pytest
import torch

from vaedemo.training.guard import KEEP_EVERY, DivergenceGuard

NAN, INFINITE = float("nan"), float("inf")


@pytest.fixture
def model():
    return torch.nn.Linear(2, 2)


def set_weights(model, value):
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.fill_(value)


def holds(model, value):
    return all((parameter == value).all() for parameter in model.parameters())


def walk(guard, model, losses):
    """Steps with these losses; the weights during step n are n - 1. Returns the step that was called bad, or None."""
    for step, loss in enumerate(losses, start=1):
        set_weights(model, step - 1)
        if guard.watch(step, torch.tensor(loss)):
            return step
    return None


@pytest.mark.parametrize("bad", [NAN, INFINITE, -INFINITE])
def test_a_bad_loss_is_noticed_at_once_on_the_cpu(model, bad):
    guard = DivergenceGuard(model, torch.device("cpu"))
    assert walk(guard, model, [1.0, 3e38, bad, 1.0]) == 3
    assert guard.diverged_at == 3 and guard.check()


def test_finite_losses_are_left_alone(model):
    guard = DivergenceGuard(model, torch.device("cpu"))
    assert walk(guard, model, [1e30] * 10) is None
    assert not guard.check() and guard.diverged_at is None


def test_early_divergence_gives_the_first_weights_back(model):
    set_weights(model, -5.0)
    guard = DivergenceGuard(model, torch.device("cpu"))
    walk(guard, model, [1.0, NAN])
    guard.restore()
    assert holds(model, -5.0) and guard.good_step == 0


def test_later_divergence_gives_the_last_copy_back(model):
    guard = DivergenceGuard(model, torch.device("cpu"))
    walk(guard, model, [1.0] * (2 * KEEP_EVERY + 30) + [NAN])
    guard.restore()
    # The loss at step n is that of the weights of step n - 1: those are the ones known to be good.
    assert guard.good_step == 2 * KEEP_EVERY - 1 and holds(model, guard.good_step)


def test_a_bad_loss_at_the_very_step_of_a_copy_is_not_copied(model):
    for every_step in (True, False):
        guard = DivergenceGuard(model, torch.device("cpu"))
        guard.every_step = every_step
        walk(guard, model, [1.0] * (2 * KEEP_EVERY - 1) + [NAN])
        guard.check()
        guard.restore()
        assert (
            guard.diverged_at == 2 * KEEP_EVERY and guard.good_step == KEEP_EVERY - 1 and holds(model, guard.good_step)
        )


def test_on_an_accelerator_the_end_of_an_epoch_tells_the_first_bad_step(model):
    guard = DivergenceGuard(model, torch.device("cpu"))
    guard.every_step = False  # what another device than the CPU sets
    assert walk(guard, model, [1.0] * 7 + [NAN] + [1.0] * 3 + [INFINITE] + [1.0] * 60) is None
    assert guard.check() and guard.diverged_at == 8


def test_on_an_accelerator_no_weights_are_kept_after_a_bad_loss(model):
    guard = DivergenceGuard(model, torch.device("cpu"))
    guard.every_step = False
    walk(guard, model, [1.0] * (KEEP_EVERY + 5) + [NAN] + [1.0] * (2 * KEEP_EVERY))
    assert guard.check()
    guard.restore()
    assert guard.good_step == KEEP_EVERY - 1 and holds(model, KEEP_EVERY - 1)
