"""Weights and their sums at the edges, and what the bounds refuse."""

import math

import pytest
import torch

from tests.probability.linear_model import LinearGaussian
from vaedemo.config import RunConfig
from vaedemo.models import NoBoundError, build
from vaedemo.probability import amortization, bounds, hermite, likelihood_matrix, likelihoods
from vaedemo.probability.softplus import sum_softplus


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def model(**changes):
    return build(RunConfig(hidden=(8,), **changes), (1, 4, 4)).double().requires_grad_(False)


def images(count=5):
    return (torch.rand(count, 1, 4, 4, generator=generator(1), dtype=torch.float64) > 0.5).double()


@pytest.mark.parametrize("name", likelihoods.NAMES)
@pytest.mark.parametrize("latent_dim", [1, 2])
def test_the_matrix_product_is_the_likelihood(name, latent_dim):
    codes = 3 * torch.randn(15, latent_dim, generator=generator(), dtype=torch.float64)
    decoded = model(likelihood=name, levels=4, noise_variance=0.01, latent_dim=latent_dim).decode(codes)
    x = torch.rand(5, 1, 4, 4, generator=generator(2), dtype=torch.float64)
    expected = torch.stack([-likelihoods.reconstruction(decoded, one) for one in x.split(1)])
    matrix = likelihood_matrix.log_likelihood(decoded, x)
    torch.testing.assert_close(matrix, expected, rtol=1e-11, atol=1e-10)
    own = likelihood_matrix.log_likelihood_of_own(decoded, x)
    torch.testing.assert_close(own, torch.stack([expected[n, 3 * n : 3 * n + 3] for n in range(5)]))


def test_a_likelihood_from_elsewhere_takes_the_slow_path():
    class Elsewhere(likelihoods.Bernoulli):
        pass

    decoded = Elsewhere(torch.randn(10, 1, 4, 4, generator=generator(), dtype=torch.float64))
    expected = likelihood_matrix.log_likelihood(likelihoods.Bernoulli(decoded.logits), images())
    torch.testing.assert_close(likelihood_matrix.log_likelihood(decoded, images()), expected)
    own = likelihood_matrix.log_likelihood_of_own(decoded, images())
    torch.testing.assert_close(own[1], expected[1, 2:4])


@pytest.mark.parametrize("size", [1.0, 30.0, 1000.0])
def test_the_fast_softplus_is_the_slow_one(size):
    logits = size * torch.randn(20, 300, generator=generator(), dtype=torch.float64)
    expected = torch.logaddexp(logits, torch.zeros_like(logits)).sum(1)
    torch.testing.assert_close(sum_softplus(logits), expected, rtol=1e-13, atol=0)
    assert sum_softplus(torch.zeros(2, 2000)).tolist() == pytest.approx([2000 * math.log(2)] * 2)


def test_small_pieces_give_the_same_numbers(monkeypatch):
    vae, x = model(likelihood="bernoulli"), images()
    whole = [bounds.iwae(vae, x, samples=20, generator=generator()), bounds.log_marginal_grid(vae, x)]
    monkeypatch.setattr(likelihood_matrix, "DECODED_VALUES", 7 * 16)
    parts = [bounds.iwae(vae, x, samples=20, generator=generator()), bounds.log_marginal_grid(vae, x, points=101)]
    for one, other in zip(whole, parts, strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=1e-10)


def test_iwae_of_one_draw_is_the_sampled_bound():
    vae, x = model(likelihood="bernoulli"), images()
    sampled = bounds.iwae(vae, x, samples=1, generator=generator())
    with torch.no_grad():
        q = vae.encode(x)
        z = q.mean + q.stddev * torch.randn(5, 1, 2, generator=generator(), dtype=torch.float64)[:, 0]
        by_hand = -likelihoods.reconstruction(vae.decode(z), x)
        by_hand += (torch.distributions.Normal(0, 1).log_prob(z) - q.log_prob(z)).sum(1)
    torch.testing.assert_close(sampled, by_hand, rtol=0, atol=1e-9)


def test_weights_of_the_prior_are_likelihoods():
    vae, x = model(likelihood="bernoulli"), images()
    z = torch.randn(5, 3, 2, generator=generator(), dtype=torch.float64)
    plain = bounds.log_weights(vae, x, z)
    torch.testing.assert_close(plain, bounds.log_weights(vae, x, z, torch.zeros(5, 2), torch.zeros(5, 2)))
    torch.testing.assert_close(plain[2, 1], -likelihoods.reconstruction(vae.decode(z[2, 1:2]), x[2:3])[0])
    with pytest.raises(ValueError, match=r"\(N, K, d\)"):
        bounds.log_weights(vae, x, z[:3])


def test_weights_of_nothing_make_no_nan():
    nothing = torch.full((2, 4), -math.inf)
    some = torch.tensor([-math.inf, -1000.0, -1000.0, -math.inf])
    assert bounds.log_mean_exp(nothing).tolist() == [-math.inf] * 2
    assert bounds.effective_sample_size(nothing).tolist() == [0, 0]
    assert bounds.log_mean_exp(some).item() == pytest.approx(-1000 - math.log(2))
    assert bounds.effective_sample_size(some).item() == pytest.approx(2)
    assert bounds.effective_sample_size(torch.tensor([0.0, math.log(3)])).item() == pytest.approx(16 / 10)


class Impossible(likelihoods.Bernoulli):
    """Every image has probability 0."""

    def cross_entropy_unchecked(self, x):
        return torch.full(torch.broadcast_shapes(x.shape, self.logits.shape), math.inf, dtype=torch.float64)


def test_an_impossible_image_has_log_likelihood_minus_infinity(monkeypatch):
    vae, x = model(likelihood="bernoulli"), images(3)
    decode = vae.decode
    monkeypatch.setattr(vae, "decode", lambda z: Impossible(decode(z).logits))
    for value in (
        bounds.iwae(vae, x, samples=3, generator=generator()),
        bounds.log_marginal_monte_carlo(vae, x, samples=3, generator=generator()),
        bounds.log_marginal_grid(vae, x, points=11),
    ):
        assert value.tolist() == [-math.inf] * 3


def test_three_axes_are_too_many_for_quadrature():
    vae, x = model(latent_dim=3), images(1)
    with pytest.raises(ValueError, match=r"not 3.*bounds\.iwae"):
        bounds.log_marginal_grid(vae, x)
    with pytest.raises(ValueError, match=r"not 3.*bounds\.elbo"):
        bounds.elbo_hermite(vae, x)
    with pytest.raises(ValueError, match="not 3"):
        bounds.posterior_grid(vae, x)


def test_bad_arguments_are_refused():
    vae, x = model(), images(2)
    for bound in (bounds.elbo, bounds.iwae, bounds.log_marginal_monte_carlo):
        with pytest.raises(ValueError, match="samples must be a whole number of at least 1, got 0"):
            bound(vae, x, samples=0, generator=generator())
    with pytest.raises(ValueError, match="points must be a whole number from 5 to 2,048, got 4"):
        bounds.log_marginal_grid(vae, x, points=4)
    with pytest.raises(ValueError, match="positive finite"):
        bounds.log_marginal_grid(vae, x, extent=0.0)
    with pytest.raises(ValueError, match="one image"):
        bounds.posterior_grid(vae, x)
    with pytest.raises(ValueError, match="one image"):
        amortization.best_diagonal_gaussian(vae, x)
    with pytest.raises(ValueError, match="each of 2 axes"):
        bounds.posterior_grid(vae, x[:1], box=((-1, 1),))


def test_a_plain_autoencoder_has_no_bound():
    plain = model(model="autoencoder")
    with pytest.raises(NoBoundError):
        bounds.log_marginal_grid(plain, images(1))
    with pytest.raises(NoBoundError):
        bounds.iwae(plain, images(1), samples=2, generator=generator())


def test_hermite_nodes_have_the_moments_of_the_normal():
    nodes, weights = hermite.standard_normal_nodes(64, 2)
    for power, moment in ((0, 1), (1, 0), (2, 1), (4, 3), (6, 15)):
        assert (weights @ nodes[:, 0] ** power).item() == pytest.approx(moment, abs=1e-9)
    assert (weights @ (nodes[:, 0] * nodes[:, 1]).square()).item() == pytest.approx(1, abs=1e-12)


def test_the_linear_oracle_is_one():
    """The oracle's own encoder has the exact mean: E[x|z] inverted by Bayes' rule, checked on a draw."""
    linear = LinearGaussian()
    x = linear.data(1)
    z = linear.model.posterior(x)[0].requires_grad_()
    residual = (linear.model.decode(z).mean - x).square().sum() / (2 * linear.variance) + z.square().sum() / 2
    assert torch.autograd.grad(residual, z)[0].abs().max() < 1e-9
