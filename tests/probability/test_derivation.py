"""The lines of the derivation against a linear Gaussian VAE, where every term has a closed form."""

import pytest
import torch
from torch.distributions import MultivariateNormal

from tests.probability.linear_model import LinearGaussian
from vaedemo.probability.derivation import derivation, slice_along
from vaedemo.probability.divergences import kl_normal

MU, LOGVAR = torch.tensor([[0.4, -0.9]]).double(), torch.tensor([[-1.5, 0.3]]).double()


@pytest.fixture
def known():
    torch.manual_seed(11)
    return LinearGaussian()


@pytest.fixture
def x(known):
    return known.data(1)


def posterior(known, x):
    mean = known.model.posterior(x)[0][0]
    return MultivariateNormal(mean, known.posterior_covariance())


def test_every_line_is_log_p_and_every_term_its_closed_form(known, x):
    exact = known.log_marginal(x).item()
    lines = derivation(known.model, x, MU, LOGVAR, exact)
    for value in (lines.log_marginal, lines.bayes, lines.times_one, lines.three_terms):
        assert value == pytest.approx(exact, abs=1e-9)
    covariance = LOGVAR[0].exp().diag()
    true = posterior(known, x)
    gap = kl_normal(MU[0], covariance, true.mean, true.covariance_matrix).item()
    cost = kl_normal(MU[0], covariance, torch.zeros(2).double(), torch.eye(2).double()).item()
    assert lines.kl_posterior == pytest.approx(gap, abs=1e-9)
    assert lines.kl_prior == pytest.approx(cost, abs=1e-9)
    assert lines.elbo == pytest.approx(exact - gap, abs=1e-9)
    assert lines.log_likelihood == pytest.approx(exact - gap + cost, abs=1e-9)


def test_a_wrong_normaliser_shows(known, x):
    """log p(x) off by a nat: the bound, which does not need it, stays, and the three terms follow the gap."""
    exact = known.log_marginal(x).item()
    right, wrong = (derivation(known.model, x, MU, LOGVAR, value) for value in (exact, exact + 1))
    assert wrong.elbo == right.elbo
    assert wrong.kl_posterior == pytest.approx(right.kl_posterior + 1)


@pytest.mark.parametrize("axis", [0, 1])
def test_a_slice_is_flat_in_sum_and_right_in_parts(known, x, axis):
    exact = known.log_marginal(x).item()
    through, z = torch.tensor([0.2, 0.7]), torch.linspace(-2, 2, 9)
    cut = slice_along(known.model, x, through, axis, z, exact)
    codes = through.double().repeat(9, 1)
    codes[:, axis] = z.double()
    assert (cut.total - exact).abs().max() < 1e-9
    torch.testing.assert_close(cut.log_posterior, posterior(known, x).log_prob(codes), rtol=0, atol=1e-9)
    torch.testing.assert_close(cut.log_prior, torch.distributions.Normal(0.0, 1.0).log_prob(codes).sum(1))
    assert cut.log_likelihood.std() > 0.1


def test_what_cannot_be_had_is_refused(known, x):
    two = torch.cat([x, x])
    with pytest.raises(ValueError, match="derivation takes one image, got 2"):
        derivation(known.model, two, MU, LOGVAR, 0.0)
    with pytest.raises(ValueError, match="latent_dim 1 or 2, not 3"):
        derivation(LinearGaussian(latent_dim=3).model, x, torch.zeros(1, 3), torch.zeros(1, 3), 0.0)
    with pytest.raises(ValueError, match="slice_along takes one image, got 2"):
        slice_along(known.model, two, MU[0], 0, torch.zeros(3), 0.0)
    with pytest.raises(ValueError, match="axis must be a whole number from 0 to 1, got 2"):
        slice_along(known.model, x, MU[0], 2, torch.zeros(3), 0.0)
