"""The two parts of the mean KL against closed forms, `torch.distributions` and their own sum."""

import math

import pytest
import torch
from torch.distributions import Categorical, Independent, MixtureSameFamily, Normal

from vaedemo.analysis.kl_split import log_mixture, split


def codes(count, axes, spread=1.0, sd=0.5, seed=0):
    generator = torch.Generator().manual_seed(seed)
    mu = spread * torch.randn(count, axes, generator=generator, dtype=torch.float64)
    return mu, torch.full_like(mu, 2 * math.log(sd))


def generator():
    return torch.Generator().manual_seed(1)


def test_the_mixture_s_density_is_torch_s():
    mu, logvar = codes(30, 3)
    logvar = logvar + torch.linspace(-1, 1, 30, dtype=torch.float64)[:, None]
    z = 2 * torch.randn(50, 3, generator=generator(), dtype=torch.float64)
    parts = Independent(Normal(mu, (0.5 * logvar).exp()), 1)
    oracle = MixtureSameFamily(Categorical(logits=torch.zeros(30, dtype=torch.float64)), parts).log_prob(z)
    torch.testing.assert_close(log_mixture(z, mu, logvar), oracle, rtol=1e-10, atol=1e-10)


def test_the_parts_add_up_on_the_same_samples():
    mu, logvar = codes(700, 2)
    found = split(mu, logvar, generator())
    assert abs(found.information + found.marginal - found.kl) < 1e-10


def test_the_sum_estimates_the_mean_kl():
    mu, logvar = codes(4000, 2)
    exact = 0.5 * (logvar.exp() - logvar - 1 + mu.square()).sum(1).mean().item()
    found = split(mu, logvar, generator())
    noise = torch.randn(mu.shape, generator=generator(), dtype=torch.float64)
    z = mu + (0.5 * logvar).exp() * noise
    error = (0.5 * (z.square() - noise.square() - logvar).sum(1)).std().item() / 4000**0.5
    assert abs(found.kl - exact) < 4 * error


def test_codes_that_say_nothing():
    mu = torch.zeros(50, 3)
    found = split(mu, torch.zeros(50, 3), generator())
    assert abs(found.information) < 1e-12 and abs(found.marginal) < 1e-12


def test_codes_that_never_overlap_know_their_example():
    mu, logvar = codes(200, 2, spread=100, sd=1e-3)
    found = split(mu, logvar, generator())
    assert found.information == pytest.approx(math.log(200), abs=1e-4)
    assert found.information <= found.log_count + 1e-4


def test_gaussian_codes_meet_the_closed_form():
    # mu ~ N(0, 1 − s²) with noise s² makes q(z) the prior, up to the finite N: then I = −log s an axis.
    sd = 0.6
    mu, logvar = codes(4000, 1, spread=math.sqrt(1 - sd**2), sd=sd)
    found = split(mu, logvar, generator())
    assert found.information == pytest.approx(-math.log(sd), abs=4 * found.information_error + 0.01)
    assert abs(found.marginal) < 4 * found.marginal_error + 0.01


@pytest.mark.parametrize("shapes", [((1, 2), (1, 2)), ((4, 2), (4, 3)), ((4,), (4,))])
def test_what_cannot_be_split_is_refused(shapes):
    with pytest.raises(ValueError, match=r"(mu|logvar) must (hold at least 2|have shape \(N, d\))"):
        split(*(torch.zeros(shape) for shape in shapes), generator())
