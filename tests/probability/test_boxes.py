"""Integrals over boxes that would be too small: the answer is right all the same, or it says that it is not."""

import math

import pytest
import torch

from tests.probability.linear_model import LinearGaussian
from vaedemo.probability import bounds, gaussian_fits, quadrature, two_modes


def blind(latent_dim: int) -> LinearGaussian:
    """A linear model whose encoder answers N(0, I) to everything, so that it says nothing of where the mass is."""
    known = LinearGaussian(latent_dim=latent_dim, variance=0.05)
    known.model.encoder[1].weight.zero_()
    known.model.encoder[1].bias.zero_()
    return known


def image_at(known: LinearGaussian, z: float) -> torch.Tensor:
    code = torch.zeros(1, known.weight.shape[1], dtype=torch.float64)
    code[0, 0] = z
    return (code @ known.weight.T + known.centre).reshape(1, 1, 3, 3)


@pytest.mark.parametrize("latent_dim", [1, 2])
def test_a_posterior_outside_the_box_is_followed(latent_dim):
    """The box ended at |z| = 5: at z = 7 log p(x) was −90.6 for −21.7, with an error of 0.05 claimed."""
    known = blind(latent_dim)
    x = torch.cat([image_at(known, z) for z in (0.0, 4.0, 5.0, 7.0, 9.0, 12.0, -18.0)])
    value, error = bounds.log_marginal_grid(known.model, x, return_error=True)
    exact = known.log_marginal(x)
    torch.testing.assert_close(value, exact, rtol=0, atol=0.01)
    assert (error < 0.01).all()
    torch.testing.assert_close(bounds.log_marginal_grid(known.model, x), value, rtol=0, atol=0)
    torch.testing.assert_close(bounds.log_marginal_grid(known.model, x[3:4]), exact[3:4], rtol=0, atol=0.01)


@pytest.mark.parametrize("latent_dim", [1, 2])
def test_the_picture_of_such_a_posterior_shows_it(latent_dim):
    known, z = blind(latent_dim), 9.0
    x = image_at(known, z)
    low, high = quadrature.posterior_box(known.model, x)[0]
    assert low < z < high
    picture = quadrature.posterior_grid(known.model, x, points=101)
    assert picture.log_marginal == pytest.approx(known.log_marginal(x).item(), abs=0.01)


def test_a_box_of_ones_own_that_is_too_small_has_an_infinite_error():
    known = blind(2)
    x = image_at(known, 7.0)
    assert bounds.log_marginal_grid(known.model, x, extent=5.0, return_error=True)[1].item() == math.inf
    value, error = bounds.log_marginal_grid(known.model, x, extent=12.0, return_error=True)
    assert error.item() < 0.01 and value.item() == pytest.approx(known.log_marginal(x).item(), abs=0.01)


@pytest.mark.parametrize("distance", [0.0, 2.0, 4.0, 6.0])
@pytest.mark.parametrize("dimension", [1, 2])
def test_the_divergence_of_a_wide_fit_counts_what_lies_beyond_the_grid(distance, dimension):
    """The covering q of two distant modes has 5 % of its mass beyond the grid: the answer was 0.05 nats too small."""
    points, log_density = two_modes.two_modes(distance, 0.3, dimension)
    fit = gaussian_fits.fit_covering(points, log_density)
    wide = gaussian_fits.regular_grid(-16, 16, 3201 if dimension == 1 else 401, dimension)
    means = torch.zeros(2, dimension, dtype=torch.float64)
    means[:, 0] = torch.tensor([-distance / 2, distance / 2])
    covariances = 0.49 * torch.eye(dimension, dtype=torch.float64).repeat(2, 1, 1)
    if dimension == 2:
        covariances[0, 0, 1] = covariances[0, 1, 0] = 0.6 * 0.49
        covariances[1, 0, 1] = covariances[1, 1, 0] = -0.6 * 0.49
    shares = torch.tensor([0.3, 0.7], dtype=torch.float64)
    p = gaussian_fits.mixture_log_density(wide, shares, means, covariances)
    q = gaussian_fits.normal_log_density(wide, fit.mean, fit.covariance)
    cell = (32 / (3200 if dimension == 1 else 400)) ** dimension
    assert fit.divergence == pytest.approx((p.exp() * (p - q)).sum().item() * cell, abs=2e-4)


@pytest.mark.parametrize("distance", [-1.0, 7.0, math.nan, math.inf])
def test_modes_that_would_leave_the_grid_are_refused(distance):
    with pytest.raises(ValueError, match=r"distance must be a finite number of at least 0 and at most 6\.4, got"):
        two_modes.two_modes(distance, 0.5, 1)
