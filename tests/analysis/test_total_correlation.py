"""Total correlation of the aggregated posterior: the Gaussian one exactly, the mixture's bias as it is."""

import math

import pytest
import torch

from vaedemo.analysis import total_correlation as tc
from vaedemo.config import RunConfig
from vaedemo.models import build
from vaedemo.models.autoencoder import NoBoundError

COUNT = 10_000


def normal(columns, seed=0, count=COUNT):
    return torch.randn(count, columns, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_product_codes():
    assert tc.gaussian_total_correlation(normal(10)) <= 0.02
    assert tc.gaussian_total_correlation(normal(10) * torch.logspace(-3, 3, 10) + 5) <= 0.02


@pytest.mark.parametrize("rho", [-0.95, 0.3, 0.6])
def test_a_correlated_pair(rho):
    z = normal(3)
    # Whitened first, so that the sample's own correlation is rho and no noise is left in the comparison.
    z = z - z.mean(0)
    z = z @ torch.linalg.inv(torch.linalg.cholesky(z.T @ z / COUNT)).T
    z[:, 1] = rho * z[:, 0] + math.sqrt(1 - rho**2) * z[:, 1]
    assert tc.gaussian_total_correlation(z) == pytest.approx(-0.5 * math.log(1 - rho**2), abs=1e-9)


def test_one_axis_twice_is_infinite_and_a_dead_one_is_nothing():
    z = normal(2)
    assert tc.gaussian_total_correlation(torch.cat([z, z[:, :1]], 1)) > 15
    assert tc.gaussian_total_correlation(torch.cat([z, torch.zeros(COUNT, 1)], 1)) <= 0.02


def test_correlation_is_torch_s():
    z = normal(4) @ normal(4, 1, 4)
    torch.testing.assert_close(tc.correlation(z), torch.corrcoef(z.T))


def test_the_mixture_is_biased_and_shuffling_shows_by_how_much():
    """Independent narrow codes: the truth is 0. DESIGN's figure for d = 10, σ = 0.3 is 3.5 nats."""
    count = 1_000
    mu = math.sqrt(1 - 0.3**2) * normal(10, 1, count)
    logvar = torch.full_like(mu, 2 * math.log(0.3))
    z = mu + 0.3 * normal(10, 2, count)
    estimate = tc.mixture_total_correlation(z, mu, logvar)
    shuffled = tc.shuffled_total_correlation(z, mu, logvar, torch.Generator().manual_seed(0))
    assert estimate > 2
    assert abs(estimate - shuffled) < 0.15


def test_the_mixture_beside_its_shuffled_value_sees_dependence():
    count, rho = 2_000, 0.9
    mu = normal(2, 1, count)
    mu[:, 1] = rho * mu[:, 0] + math.sqrt(1 - rho**2) * mu[:, 1]
    logvar = torch.full_like(mu, 2 * math.log(0.2))
    z = mu + 0.2 * normal(2, 2, count)
    shuffled = tc.shuffled_total_correlation(z, mu, logvar, torch.Generator().manual_seed(0))
    truth = -0.5 * math.log(1 - (rho / 1.04) ** 2)  # corr of z
    assert tc.mixture_total_correlation(z, mu, logvar) - shuffled == pytest.approx(truth, abs=0.1)


def test_the_mixture_of_one_posterior_is_a_product():
    mu, logvar = torch.zeros(300, 3, dtype=torch.float64), torch.zeros(300, 3, dtype=torch.float64)
    assert tc.mixture_total_correlation(normal(3, 0, 300), mu, logvar) == pytest.approx(0.0, abs=1e-12)


def test_the_mixture_by_torch_distributions():
    mu, logvar, z = normal(2, 1, 50), 0.3 * normal(2, 2, 50), normal(2, 3, 50)
    parts = torch.distributions.Normal(mu, (0.5 * logvar).exp())
    each = parts.log_prob(z[:, None])
    joint = (each.sum(2).exp().mean(1)).log()
    axes = each.exp().mean(1).log().sum(1)
    assert tc.mixture_total_correlation(z, mu, logvar) == pytest.approx(float((joint - axes).mean()), abs=1e-10)


def test_an_autoencoder_has_none():
    model = build(RunConfig(dataset="digits", model="autoencoder", hidden=(4,)), (1, 28, 28))
    with pytest.raises(NoBoundError, match="The aggregated posterior"):
        tc.posterior_of(model, torch.zeros(2, 1, 28, 28))


def test_what_is_refused():
    with pytest.raises(ValueError, match="at least 2 examples"):
        tc.correlation(normal(3, 0, 1))
    with pytest.raises(ValueError, match=r"mu must have shape \(N, d\) with N"):
        tc.mixture_total_correlation(normal(2), normal(3), normal(2))
