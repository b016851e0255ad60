"""Ascent on p(y|x) and rejection sampling, on models whose answers are known in closed form."""

import math

import pytest
import torch

from vaedemo.analysis import best_input


class Line:
    """p(y = 1|x) = σ(wᵀx) as a classifier of two classes."""

    def __init__(self, weight):
        self.weight = weight

    def logits(self, x):
        score = x.flatten(1) @ self.weight
        return torch.stack([torch.zeros_like(score), score], dim=1)

    def probabilities(self, x):
        return self.logits(x).softmax(dim=1)


class Identity:
    """x = z, of two axes."""

    latent_dim = 2

    def decode(self, z):
        return type("Point", (), {"mean": z})()


def test_ascent_of_a_line_is_a_straight_walk_along_its_weights():
    weight = torch.tensor([3.0, -4.0, 0.0, 0.0])
    start = torch.full((2, 1, 2, 2), 0.5)
    path = best_input.ascend(Line(weight), start, 1, steps=3, stride=0.1)
    expected = start.flatten(1) + 0.1 * torch.arange(4).view(4, 1, 1) * weight / 5
    assert path.shape == (4, 2, 1, 2, 2)
    assert torch.allclose(path.flatten(2), expected, atol=1e-6)
    assert torch.allclose(best_input.ascend(Line(weight), start, 0, 3, 0.1).flatten(2), 1 - expected, atol=1e-6)


def test_ascent_stays_in_the_box_and_stops_where_there_is_no_slope():
    start = torch.full((1, 1, 2, 2), 0.5)
    path = best_input.ascend(Line(torch.tensor([1.0, 0, 0, 0])), start, 1, steps=20, stride=0.1)
    assert path.max() == 1 and path[-1].flatten().tolist() == [1.0, 0.5, 0.5, 0.5]
    still = best_input.ascend(Line(torch.zeros(4)), start, 1, steps=5, stride=0.1)
    assert torch.equal(still[-1], start)


def test_kept_draws_are_those_of_bayes_rule():
    """Two axes of a standard normal, class 1 with σ(2x₁): E[x₁|y = 1] = 2 E[x₁σ(2x₁)], by quadrature."""
    generator = torch.Generator().manual_seed(3)
    count = 200_000
    draws = best_input.draw_class(Identity(), Line(torch.tensor([2.0, 0.0])), 1, count, generator)
    x = torch.linspace(-9, 9, 20_001, dtype=torch.float64)
    density = (-0.5 * x.square()).exp() / math.sqrt(2 * math.pi)
    mean = torch.trapezoid(x * (2 * x).sigmoid() * density, x).item() / 0.5
    kept = draws.x[draws.kept]
    assert kept[:, 0].mean().item() == pytest.approx(mean, abs=5 / math.sqrt(len(kept)))
    assert kept[:, 1].mean().item() == pytest.approx(0, abs=5 / math.sqrt(len(kept)))
    error = math.sqrt((draws.probability * (1 - draws.probability)).mean().item() / count)
    assert abs(draws.rate - draws.expected_rate) < 4 * error
    assert draws.expected_rate == pytest.approx(0.5, abs=5e-3)


def test_one_seed_gives_one_answer():
    def again():
        return best_input.draw_class(Identity(), Line(torch.ones(2)), 0, 50, torch.Generator().manual_seed(1))

    assert torch.equal(again().x, again().x) and torch.equal(again().kept, again().kept)


def test_what_cannot_be_asked_is_refused():
    model, start = Line(torch.ones(4)), torch.zeros(1, 1, 2, 2)
    with pytest.raises(ValueError, match="classes 0 to 1, got 7"):
        best_input.ascend(model, start, 7, 1, 0.1)
    with pytest.raises(ValueError, match="start must hold pixels"):
        best_input.ascend(model, start - 1, 0, 1, 0.1)
    with pytest.raises(ValueError, match="count must be a whole number of at least 1, got 0"):
        best_input.draw_class(Identity(), Line(torch.ones(2)), 0, 0, torch.Generator())
    with pytest.raises(ValueError, match="classes 0 to 1, got 2"):
        best_input.draw_class(Identity(), Line(torch.ones(2)), 2, 5, torch.Generator())
