"""pPCA along the principal axes, against the same model in the space of the data and MultivariateNormal."""

import math

import pytest
import torch
from torch.distributions import MultivariateNormal

from vaedemo.models import pca
from vaedemo.probability import ppca, ppca_axes


def correlated(count=200, dimension=7, seed=0):
    generator = torch.Generator().manual_seed(seed)
    mixing = torch.randn(dimension, dimension, generator=generator, dtype=torch.float64)
    return torch.randn(count, dimension, generator=generator, dtype=torch.float64) @ mixing + 5


def along_axes(k=4):
    x = correlated()
    fitted = pca.fit(x, k)
    return x, fitted, ppca_axes.see_from_axes(x, fitted.mean, fitted.components, fitted.variances)


def close(found, expected, tolerance=1e-9):
    torch.testing.assert_close(found, expected, rtol=0, atol=tolerance)


@pytest.mark.parametrize(
    ("variance", "beta", "angle"), [(0.3, 1.0, 0.0), (0.3, 1.0, 0.6), (1.0, 3.0, 0.0), (2.0, 0.2, 1.1)]
)
def test_evidence_is_that_of_the_model_of_all_pixels(variance, beta, angle):
    x, fitted, data = along_axes()
    weights = ppca.optimal_weights(fitted.components, fitted.variances, variance, beta)
    weights = ppca.rotate(weights, angle, (0, 2))
    found = ppca_axes.evidence(data, variance, beta, angle, (0, 2))
    oracle = MultivariateNormal(fitted.mean, weights @ weights.T + variance * torch.eye(7).double())
    close(found.log_likelihood, oracle.log_prob(x))
    close(found.elbo, ppca.elbo(x, weights, variance, fitted.mean, beta))


def test_at_the_optimum_the_bound_is_met_and_turning_costs_the_same_for_all():
    _, _, data = along_axes()
    straight = ppca_axes.evidence(data, 0.3)
    close(straight.elbo, straight.log_likelihood)
    turned = ppca_axes.evidence(data, 0.3, angle=0.7)
    close(turned.log_likelihood, straight.log_likelihood)
    first, second = data.eigenvalues[:2].tolist()
    foretold = 0.5 * math.log1p((first - second) ** 2 * math.sin(1.4) ** 2 / (4 * first * second))
    close(turned.log_likelihood - turned.elbo, torch.full((200,), foretold, dtype=torch.float64))


def test_nine_and_two_at_45_degrees():
    x, components = ppca_axes.turned_gaussian(torch.tensor([9.0, 2.0]), 50, seed=0)
    data = ppca_axes.see_from_axes(x, torch.zeros(2), components, torch.tensor([9.0, 2.0]))
    found = ppca_axes.evidence(data, 1.0, angle=math.pi / 4)
    close(found.log_likelihood - found.elbo, torch.full((50,), 0.2596, dtype=torch.float64), 5e-5)


def test_coordinates_and_the_rest_give_the_length_back():
    x, fitted, data = along_axes()
    close(data.codes.square().sum(1) + data.rest, (x - fitted.mean).square().sum(1))
    close(data.codes, fitted.encode(x))
    assert data.left == 3


def test_the_turned_gaussian_has_its_variances_along_its_axes():
    count = 200_000
    x, components = ppca_axes.turned_gaussian(torch.tensor([4.0, 0.5]), count, seed=1, angle=0.4)
    close(components @ components.T, torch.eye(2).double())
    assert math.isclose(math.atan2(components[0, 1], components[0, 0]), 0.4)
    along = x @ components.T
    covariance = along.T @ along / count
    assert abs(covariance[0, 0] - 4.0) < 4 * 4.0 * (2 / count) ** 0.5
    assert abs(covariance[1, 1] - 0.5) < 4 * 0.5 * (2 / count) ** 0.5
    assert abs(covariance[0, 1]) < 4 * 2.0**0.5 / count**0.5


def test_a_noise_variance_must_be_above_zero():
    _, _, data = along_axes()
    with pytest.raises(ValueError, match="noise_variance"):
        ppca_axes.evidence(data, 0.0)
