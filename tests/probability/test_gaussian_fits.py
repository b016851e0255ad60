"""The best Gaussian for targets whose answer is known: moments, precisions, one mode or both."""

import math

import pytest
import torch
from torch.distributions import MultivariateNormal

from vaedemo.probability import divergences, minimise
from vaedemo.probability.gaussian_fits import (
    fit_covering,
    fit_seeking,
    mean_field_variance,
    mixture_log_density,
    normal_log_density,
    regular_grid,
)


def tensor(*values):
    return torch.tensor(values, dtype=torch.float64)


LINE, PLANE = regular_grid(-12, 12, 801, 1), regular_grid(-8, 8, 161, 2)
CORRELATED = tensor([1.5, 0.9], [0.9, 0.8])


def two_modes(points, at=3.0, shares=(0.3, 0.7)):
    """Modes at −a and a on the first axis, of variances 0.5 and 0.25."""
    d = points.shape[1]
    means = torch.zeros(2, d, dtype=torch.float64)
    means[0, 0], means[1, 0] = -at, at
    eye = torch.eye(d, dtype=torch.float64)
    return mixture_log_density(points, tensor(*shares), means, torch.stack([0.5 * eye, 0.25 * eye]))


def test_densities_are_those_of_torch_distributions():
    mean = tensor(0.5, -1.0)
    oracle = MultivariateNormal(mean, CORRELATED).log_prob(PLANE)
    torch.testing.assert_close(normal_log_density(PLANE, mean, CORRELATED), oracle, rtol=1e-12, atol=1e-12)
    both = 0.25 * oracle.exp() + 0.75 * MultivariateNormal(mean + 1, CORRELATED * 2).log_prob(PLANE).exp()
    shares, means = tensor(1.0, 3.0), torch.stack([mean, mean + 1])
    found = mixture_log_density(PLANE, shares, means, torch.stack([CORRELATED, CORRELATED * 2]))
    torch.testing.assert_close(found.exp(), both, rtol=1e-12, atol=1e-30)


@pytest.mark.parametrize("points", [LINE, PLANE], ids=["1-D", "2-D"])
def test_covering_has_the_moments_of_the_target(points):
    fit = fit_covering(points, two_modes(points) - 1000)  # up to a constant
    between = 0.3 * 9 + 0.7 * 9 - (0.4 * 3) ** 2
    expected = torch.full((points.shape[1],), 0.3 * 0.5 + 0.7 * 0.25, dtype=torch.float64)
    expected[0] += between
    assert fit.mean[0].item() == pytest.approx(0.4 * 3, abs=1e-9)
    torch.testing.assert_close(fit.covariance, expected.diag(), rtol=0, atol=1e-8)


def test_no_other_gaussian_covers_better():
    target = two_modes(LINE)
    mass, fit = target.softmax(0), fit_covering(LINE, target)
    entropy = (mass * mass.log()).nan_to_num(0).sum() - math.log(24 / 800)

    def divergence(mean, variance):
        return (entropy - mass @ normal_log_density(LINE, mean, variance)).item()

    best = divergence(fit.mean, fit.covariance)
    assert fit.divergence == pytest.approx(best, abs=1e-4)  # the fit's tails beyond the grid weigh 1e-5
    for shift, scale in ((0.1, 1.0), (-0.1, 1.0), (0.0, 1.1), (0.0, 0.9)):
        assert divergence(fit.mean + shift, fit.covariance * scale) > best


@pytest.mark.parametrize("points", [LINE, PLANE], ids=["1-D", "2-D"])
def test_seeking_takes_the_mode_that_it_starts_at(points):
    target, eye = two_modes(points), torch.eye(points.shape[1], dtype=torch.float64)
    for side, variance, share in ((-1, 0.5, 0.3), (1, 0.25, 0.7)):
        start = torch.zeros(points.shape[1], dtype=torch.float64)
        start[0] = 2.5 * side
        fit = fit_seeking(points, target, start, eye)
        assert fit.mean[0].item() == pytest.approx(3 * side, abs=0.02)
        torch.testing.assert_close(fit.covariance, variance * eye, rtol=0.05, atol=0.01)
        # q lies in one mode, where p is that mode's share of it.
        assert fit.divergence == pytest.approx(-math.log(share), abs=5e-3)


def test_on_a_gaussian_target_both_find_it():
    mean = tensor(0.5, -1.0)
    target = normal_log_density(PLANE, mean, CORRELATED)
    for fit in (fit_covering(PLANE, target), fit_seeking(PLANE, target, tensor(0, 0), torch.eye(2))):
        torch.testing.assert_close(fit.mean, mean, rtol=0, atol=1e-5)
        torch.testing.assert_close(fit.covariance, CORRELATED, rtol=0, atol=1e-5)
        assert abs(fit.divergence) < 1e-8


def test_a_diagonal_q_is_one_over_the_precision_wide():
    target = normal_log_density(PLANE, tensor(0.5, -1.0), CORRELATED)
    fit = fit_seeking(PLANE, target, tensor(0, 0), CORRELATED, diagonal=True)
    narrow = 1 / torch.linalg.inv(CORRELATED).diagonal()
    torch.testing.assert_close(mean_field_variance(CORRELATED), narrow, rtol=1e-12, atol=0)
    torch.testing.assert_close(fit.covariance, narrow.diag(), rtol=0, atol=1e-5)
    assert (narrow < CORRELATED.diagonal()).all()
    expected = divergences.kl_normal(fit.mean, narrow.diag(), fit.mean, CORRELATED).item()
    assert fit.divergence == pytest.approx(expected, abs=1e-8)
    # The other direction keeps the target's own variances.
    torch.testing.assert_close(fit_covering(PLANE, target).covariance.diagonal(), CORRELATED.diagonal())


def test_the_divergence_of_a_seeking_fit_is_the_integral():
    target = two_modes(LINE, at=1.0)
    fit = fit_seeking(LINE, target, tensor(0.3), tensor([1.0]))
    own = normal_log_density(LINE, fit.mean, fit.covariance)
    spacing = 24 / 800
    for shift, scale in ((0.0, 1.0), (0.02, 1.0), (-0.02, 1.0), (0.0, 1.05), (0.0, 0.95)):
        other = normal_log_density(LINE, fit.mean + shift, fit.covariance * scale)
        value = (spacing * other.exp() * (other - target)).sum().item()
        if (shift, scale) == (0.0, 1.0):
            assert value == pytest.approx(fit.divergence, abs=1e-9) and torch.equal(other, own)
        else:
            assert value > fit.divergence


def test_it_is_repeatable_and_takes_few_looks_at_the_grid(monkeypatch):
    looks, evaluate = [], minimise.evaluate
    monkeypatch.setattr(minimise, "evaluate", lambda *arguments: looks.append(1) or evaluate(*arguments))
    target = two_modes(PLANE)
    first, again = (fit_seeking(PLANE, target, tensor(-2.5, 0), torch.eye(2)) for _ in range(2))
    assert torch.equal(first.mean, again.mean) and torch.equal(first.covariance, again.covariance)
    assert len(looks) < 2 * 60


def test_what_cannot_be_is_refused():
    target = two_modes(PLANE)
    with pytest.raises(ValueError, match="covariance is not symmetric"):
        fit_seeking(PLANE, target, tensor(0, 0), tensor([1.0, 0.5], [0.0, 1.0]))
    with pytest.raises(ValueError, match="covariance is not positive definite"):
        fit_seeking(PLANE, target, tensor(0, 0), tensor([1.0, 1.0], [1.0, 1.0]))
    with pytest.raises(ValueError, match="covariance is not positive definite"):
        mean_field_variance(tensor([1.0, 1.0], [1.0, 1.0]))
    holes = torch.where(PLANE[:, 0] > 0, target, -math.inf)
    with pytest.raises(ValueError, match="finite at every point"):
        fit_seeking(PLANE, holes, tensor(3, 0), torch.eye(2))
    covering = fit_covering(PLANE, holes)
    assert covering.mean[0] > 2.9 and math.isfinite(covering.divergence)
    point = torch.full_like(target, -math.inf).index_fill(0, torch.tensor([7]), 0.0)
    with pytest.raises(ValueError, match="the target's covariance is not positive definite"):
        fit_covering(PLANE, point)
    for bad in (target * math.nan, torch.full_like(target, -math.inf)):
        with pytest.raises(ValueError, match="finite largest value"):
            fit_covering(PLANE, bad)
    with pytest.raises(ValueError, match=r"log_density \(M,\)"):
        fit_covering(PLANE, target[:5])
    with pytest.raises(ValueError, match="shares"):
        mixture_log_density(PLANE, tensor(1.0, 0.0), torch.zeros(2, 2), torch.eye(2).repeat(2, 1, 1))
