"""What each guard of the refinement is for: posteriors made so that the other guards see nothing."""

import math

import pytest
import torch

from tests.probability.linear_model import LinearGaussian
from vaedemo.probability import bounds, refinement


def test_a_posterior_halfway_between_nodes_is_resolved():
    """By symmetry the sums over every second node agree exactly; the curvature alone asks for a finer level."""
    linear = LinearGaussian(latent_dim=1, size=5.0)
    deviation = linear.posterior_covariance().sqrt().item()
    spacing = 3 * deviation
    mean = 0.5 * spacing
    shrink = 1 - deviation**2  # of the posterior's mean, were x a point of the plane without noise
    x = (linear.centre + linear.weight[:, 0] * mean / shrink).reshape(1, 1, 3, 3)
    assert linear.model.posterior(x)[0].item() == pytest.approx(mean)
    points = 2 * round(5 / spacing) + 1
    extent = spacing * (points - 1) / 2
    coarse = bounds.log_marginal_grid(linear.model, x, points=points, extent=extent, refine=False)
    exact = bounds.log_marginal_grid(linear.model, x, points=points, extent=extent)
    assert abs(coarse.item() - linear.log_marginal(x).item()) > 0.1
    assert exact.item() == pytest.approx(linear.log_marginal(x).item(), abs=1e-4)


class Spike(torch.nn.Module):
    """log p(x|z) = log(1 + A e^{-(z - c)²/2s²}) with a spike far narrower than the grid; q sits on it."""

    latent_dim, height, centre, width = 1, 1e5, 0.0137, 1e-3

    def __init__(self):
        super().__init__()
        self.scale = torch.nn.Parameter(torch.ones((), dtype=torch.float64), requires_grad=False)

    def as_data(self, x):
        return x

    def posterior(self, x):
        mu = torch.full((len(x), 1), self.centre, dtype=torch.float64)
        return mu, torch.full_like(mu, 2 * math.log(self.width))

    def decode(self, z):
        return SpikeLikelihood(z, self)

    def log_marginal(self) -> float:
        total = 1 + self.width**2
        peak = self.height * self.width / math.sqrt(total) * math.exp(-(self.centre**2) / (2 * total))
        return math.log1p(peak)


class SpikeLikelihood:
    def __init__(self, z, spike):
        self.value = torch.log1p(spike.height * (-0.5 * ((z - spike.centre) / spike.width) ** 2).exp())
        self.shape = z.shape

    def log_prob(self, x):
        return self.value.expand(torch.broadcast_shapes(x.shape, self.shape))


def test_a_spike_that_the_grid_cannot_see_is_found_under_q():
    model, x = Spike(), torch.zeros(2, 1, dtype=torch.float64)
    coarse = bounds.log_marginal_grid(model, x, refine=False)
    assert coarse.abs().max() < 1e-5
    exact = bounds.log_marginal_grid(model, x)
    assert exact.tolist() == pytest.approx([model.log_marginal()] * 2, abs=1e-3)
    unresolved = bounds.log_marginal_grid(model, x, refine=False, return_error=True)[1]
    assert unresolved.tolist() == [math.inf] * 2


def test_cells_that_are_not_subdivided_keep_their_mass(monkeypatch):
    monkeypatch.setattr(refinement, "LEAST_MASS", math.log(1e-5))
    monkeypatch.setattr(refinement, "LARGEST_RISE", 0.0)
    linear = LinearGaussian(size=3.0)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(5)
        x = linear.data(20)
    exact = bounds.log_marginal_grid(linear.model, x, tolerance=1e-4)
    assert (exact - linear.log_marginal(x)).mean().abs() < 1e-3


def test_an_image_too_dear_is_left_with_its_error(monkeypatch):
    monkeypatch.setattr(refinement, "MOST_CELLS", 10)
    linear = LinearGaussian(size=10.0)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(5)
        x = linear.data(5)
    exact, error = bounds.log_marginal_grid(linear.model, x, return_error=True)
    wrong = (exact - linear.log_marginal(x)).abs() > 0.01
    assert wrong.any()
    assert (error[wrong] > 0.01).all()
