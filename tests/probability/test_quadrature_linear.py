"""Oracle 1: a linear Gaussian VAE, where log p(x) is a `MultivariateNormal` and every gap a KL between normals."""

import math

import pytest
import torch

from tests.probability.linear_model import LinearGaussian
from vaedemo.probability import amortization, bounds
from vaedemo.probability.divergences import kl_normal


@pytest.fixture(autouse=True)
def known_draws():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        yield


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def gap(linear: LinearGaussian, x: torch.Tensor) -> torch.Tensor:
    mu, logvar = linear.model.posterior(x)
    return kl_normal(mu, torch.diag_embed(logvar.exp()), mu, linear.posterior_covariance())


@pytest.mark.parametrize("latent_dim", [1, 2])
def test_the_grid_gives_the_exact_log_likelihood(latent_dim):
    linear = LinearGaussian(latent_dim)
    x = linear.data(40)
    exact = bounds.log_marginal_grid(linear.model, x)
    assert exact.dtype == torch.float64
    torch.testing.assert_close(exact, linear.log_marginal(x), rtol=0, atol=1e-6)


@pytest.mark.parametrize("latent_dim", [1, 2])
@pytest.mark.parametrize("size", [10.0, 100.0])
def test_posteriors_much_narrower_than_the_grid_are_found(latent_dim, size):
    """Standard deviations of about 0.02 and 0.002 under a spacing of 0.1 and more."""
    linear = LinearGaussian(latent_dim, size=size)
    x = linear.data(40)
    exact, error = bounds.log_marginal_grid(linear.model, x, return_error=True)
    assert error.max() < 0.01
    torch.testing.assert_close(exact, linear.log_marginal(x), rtol=0, atol=5e-4)
    assert (bounds.log_marginal_grid(linear.model, x, refine=False) - exact).abs().max() > 0.1


def test_a_narrow_posterior_is_found_where_q_is_wrong():
    """The encoder points elsewhere: curvature alone must lead to the peak between the nodes."""
    linear = LinearGaussian(size=6.0)
    x = linear.data(40)
    linear.model.encoder[1].bias[:2] += 1.5
    exact = bounds.log_marginal_grid(linear.model, x)
    torch.testing.assert_close(exact, linear.log_marginal(x), rtol=0, atol=5e-4)


def test_bound_and_gap_add_up():
    linear = LinearGaussian()
    x = linear.data(40)
    elbo = bounds.elbo_hermite(linear.model, x)
    torch.testing.assert_close(elbo + gap(linear, x), linear.log_marginal(x), rtol=0, atol=1e-9)
    torch.testing.assert_close(bounds.kl_to_posterior(linear.model, x), gap(linear, x), rtol=0, atol=1e-6)
    assert gap(linear, x).min() > 0.01


@pytest.mark.parametrize("name", ["elbo", "iwae", "log_marginal_monte_carlo"])
def test_the_samplers_agree_within_four_standard_errors(name):
    linear = LinearGaussian(variance=3.0)
    x = linear.data(4)
    estimator, target = getattr(bounds, name), linear.log_marginal(x)
    if name == "elbo":
        target = target - gap(linear, x)
    runs = torch.stack([estimator(linear.model, x, samples=20_000, generator=generator(seed)) for seed in range(10)])
    standard_error = runs.std(0) / math.sqrt(len(runs))
    assert standard_error.max() < 0.02
    assert ((runs.mean(0) - target).abs() < 4 * standard_error).all()


def test_bounds_climb_from_the_elbo_towards_the_exact_value():
    linear = LinearGaussian()
    x = linear.data(300)
    climb = [bounds.elbo_hermite(linear.model, x).mean()]
    climb += [bounds.iwae(linear.model, x, samples=k, generator=generator()).mean() for k in (5, 50)]
    climb += [linear.log_marginal(x).mean()]
    assert climb == sorted(climb)


def test_a_box_too_small_is_told_by_the_error():
    linear = LinearGaussian(variance=3.0)
    x = linear.data(40)
    exact, error = bounds.log_marginal_grid(linear.model, x, extent=0.8, return_error=True)
    wrong = (exact - linear.log_marginal(x)).abs() > 0.01
    assert wrong.any()
    assert (error[wrong] > 0.01).all()


def test_the_picture_of_the_posterior_is_the_exact_normal():
    linear = LinearGaussian()
    x = linear.data(1)
    picture = bounds.posterior_grid(linear.model, x, points=41, box=((-1.0, 2.0), (-2.0, 1.5)))
    row, column = 7, 30
    z = torch.stack([picture.axes[0][column], picture.axes[1][row]])
    mu, _ = linear.model.posterior(x)
    posterior = torch.distributions.MultivariateNormal(mu[0], linear.posterior_covariance())
    torch.testing.assert_close(picture.log_posterior[row, column], posterior.log_prob(z), rtol=0, atol=1e-6)
    assert picture.log_marginal == pytest.approx(linear.log_marginal(x).item(), abs=1e-6)
    assert picture.spacing == pytest.approx((3 / 40, 3.5 / 40))


def test_the_pictures_own_box_holds_the_posterior():
    linear = LinearGaussian(size=10.0)
    picture = bounds.posterior_grid(linear.model, linear.data(1), points=201)
    mass = picture.log_posterior.exp().sum() * picture.spacing[0] * picture.spacing[1]
    assert mass.item() == pytest.approx(1, abs=1e-3)
    assert max(axis[-1] - axis[0] for axis in picture.axes) < 0.5


def test_the_best_diagonal_gaussian_is_the_conditional_one():
    """For a Gaussian posterior with precision Λ it has the exact mean and the variances 1/Λ_jj."""
    linear = LinearGaussian()
    x = linear.data(1)
    mu, logvar = linear.model.posterior(x)
    best = amortization.best_diagonal_gaussian(linear.model, x, start=(mu + 1.0, logvar + 2.0))
    torch.testing.assert_close(best.mu, mu, rtol=0, atol=1e-6)
    torch.testing.assert_close(best.logvar, logvar, rtol=0, atol=1e-6)
    assert best.elbo == pytest.approx((linear.log_marginal(x) - gap(linear, x)).item(), abs=1e-9)
