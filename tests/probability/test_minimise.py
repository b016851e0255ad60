"""The minimiser on functions whose minimum is known."""

import math

import pytest
import torch

from vaedemo.probability.minimise import minimise


def tensor(*values):
    return torch.tensor(values, dtype=torch.float64)


def test_a_quadratic_is_solved():
    draw = torch.Generator().manual_seed(0)
    factor = torch.randn(6, 6, generator=draw, dtype=torch.float64)
    matrix, target = factor @ factor.T + torch.eye(6), torch.randn(6, generator=draw, dtype=torch.float64)
    found, value = minimise(lambda p: 0.5 * (p - target) @ matrix @ (p - target) + 3, torch.zeros(6).double())
    torch.testing.assert_close(found, target, rtol=0, atol=1e-8)
    assert value == pytest.approx(3, abs=1e-14) and not found.requires_grad


def test_a_curved_valley_is_followed_to_its_end():
    seen = []

    def rosenbrock(p):
        seen.append(1)
        return (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2

    found, value = minimise(rosenbrock, tensor(-1.2, 1.0))
    torch.testing.assert_close(found, tensor(1.0, 1.0), rtol=0, atol=1e-8)
    assert value < 1e-16 and len(seen) < 100


def test_the_minimum_on_this_side_of_the_hill_is_found():
    for start, expected in ((0.4, 1.0), (-0.4, -1.0)):
        found, _ = minimise(lambda p: ((p.square() - 1) ** 2).sum(), tensor(start), longest_step=0.5)
        assert found.item() == pytest.approx(expected, abs=1e-8)


def test_steps_into_the_undefined_are_shortened():
    found, _ = minimise(lambda p: (p - p.log()).sum(), tensor(0.001), longest_step=100)
    assert found.item() == pytest.approx(1, abs=1e-8)


def test_iterations_bound_the_work():
    seen = []

    def endless(p):
        seen.append(1)
        return -5 * p.sum()

    found, value = minimise(endless, tensor(0.0), iterations=7)
    assert found.item() == 7 and value == -35 and len(seen) == 8


def test_a_start_without_a_value_is_refused():
    for bad in (math.nan, math.inf):
        with pytest.raises(ValueError, match="finite where the search starts"):
            minimise(lambda p, bad=bad: p.sum() * bad, tensor(1.0))
