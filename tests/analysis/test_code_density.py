"""Densities of codes against torch.distributions, known mixtures, and the moments of q(z)."""

import math
from types import SimpleNamespace

import pytest
import torch
from torch.distributions import Categorical, MixtureSameFamily, MultivariateNormal, Normal

from vaedemo.analysis.code_density import CodeDensity, aggregated_posterior, fit_gaussian, fit_mixture

DOUBLE = torch.float64


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def known() -> CodeDensity:
    factors = torch.tensor(
        [[[0.5, 0.0], [0.3, 0.4]], [[0.2, 0.0], [0.0, 0.9]], [[0.6, 0.0], [-0.5, 0.2]]], dtype=DOUBLE
    )
    means = torch.tensor([[4.0, 0.0], [-4.0, 1.0], [0.0, -5.0]], dtype=DOUBLE)
    return CodeDensity(torch.tensor([0.5, 0.3, 0.2], dtype=DOUBLE), means, factors)


def test_log_prob_is_that_of_the_mixture(known):
    parts = MultivariateNormal(known.means, scale_tril=known.factors)
    oracle = MixtureSameFamily(Categorical(known.weights), parts)
    z = 3 * torch.randn(50, 2, generator=seeded(), dtype=DOUBLE)
    torch.testing.assert_close(known.log_prob(z), oracle.log_prob(z), rtol=0, atol=1e-10)


def test_samples_have_the_mixture_s_moments(known):
    z = known.sample(40_000, seeded(1)).double()
    mean = known.weights @ known.means
    second = known.factors @ known.factors.transpose(1, 2) + known.means[:, :, None] * known.means[:, None]
    covariance = (known.weights[:, None, None] * second).sum(0) - mean[:, None] * mean
    torch.testing.assert_close(z.mean(0), mean, rtol=0, atol=0.08)
    torch.testing.assert_close(z.T.cov(), covariance, rtol=0.03, atol=0.15)


def test_a_gaussian_is_the_mean_and_the_covariance():
    codes = torch.randn(500, 3, generator=seeded()) @ torch.tensor([[1.0, 0, 0], [0.5, 2, 0], [0, 0, 0.1]]) + 7
    fitted = fit_gaussian(codes)
    covariance = torch.cov(codes.double().T, correction=0)
    torch.testing.assert_close(fitted.means[0], codes.double().mean(0))
    torch.testing.assert_close(fitted.factors[0] @ fitted.factors[0].T, covariance, rtol=1e-6, atol=2e-6)
    # No Gaussian explains the codes better: a shift in any direction lowers the likelihood.
    best = fitted.log_prob(codes).mean()
    for axis in range(3):
        moved = CodeDensity(fitted.weights, fitted.means + 0.05 * torch.eye(3, dtype=DOUBLE)[axis], fitted.factors)
        assert moved.log_prob(codes).mean() < best


def test_codes_on_a_line_still_have_a_density():
    codes = torch.linspace(0, 1, 50)[:, None].expand(50, 3)
    assert torch.isfinite(fit_gaussian(codes).log_prob(codes)).all()


def test_a_known_mixture_is_recovered(known):
    fitted = fit_mixture(known.sample(2_000, seeded(2)), parts=3)
    order = [int((fitted.means - mean).norm(dim=1).argmin()) for mean in known.means]
    assert sorted(order) == [0, 1, 2]
    torch.testing.assert_close(fitted.weights[order], known.weights, rtol=0, atol=0.04)
    torch.testing.assert_close(fitted.means[order], known.means, rtol=0, atol=0.1)
    covariances, wanted = (f @ f.transpose(1, 2) for f in (fitted.factors[order], known.factors))
    torch.testing.assert_close(covariances, wanted, rtol=0, atol=0.12)
    assert torch.equal(fitted.means, fit_mixture(known.sample(2_000, seeded(2)), parts=3).means)


def test_a_mixture_explains_a_mixture_better_than_a_gaussian(known):
    codes, fresh = known.sample(2_000, seeded(3)), known.sample(2_000, seeded(4))
    gain = fit_mixture(codes, parts=3).log_prob(fresh).mean() - fit_gaussian(codes).log_prob(fresh).mean()
    assert gain > 1.0


@pytest.mark.parametrize("fit", [fit_gaussian, fit_mixture])
def test_too_few_codes_are_named(fit):
    with pytest.raises(ValueError, match=r"codes must hold at least \d+ examples"):
        fit(torch.zeros(1, 4))


def test_the_aggregated_posterior_has_its_law_of_total_variance():
    x = torch.linspace(-2, 2, 41)[:, None]
    model = SimpleNamespace(encode=lambda x: Normal(3 * x, 0.5 + 0.2 * x.abs()))
    z = aggregated_posterior(model, x, 60_000, seeded(5))
    assert z.shape == (60_000, 1)
    variance = (3 * x).var(correction=0) + (0.5 + 0.2 * x.abs()).square().mean()
    assert z.mean().item() == pytest.approx(0, abs=5 * math.sqrt(variance / len(z)))
    assert z.var().item() == pytest.approx(variance.item(), rel=0.02)
