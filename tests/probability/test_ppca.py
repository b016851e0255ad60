"""The solvable VAE against MultivariateNormal, torch.distributions and numerical optimisation, in float64."""

import math

import pytest
import torch
from torch.distributions import MultivariateNormal, Normal, kl_divergence

from vaedemo.probability import ppca
from vaedemo.probability.minimise import minimise

DIMENSION, NOISE = 6, 0.3
EIGENVALUES = torch.tensor([9.0, 2.0, 1.1], dtype=torch.float64)


def draw(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def components(k=3, seed=1):
    return torch.linalg.qr(draw(DIMENSION, k, seed=seed)).Q.T


def optimum(noise_variance=NOISE, beta=1.0):
    return ppca.optimal_weights(components(), EIGENVALUES, noise_variance, beta)


def data():
    return 2 * draw(50, DIMENSION, seed=2), draw(DIMENSION, seed=3)


def close(found, expected, tolerance=1e-9):
    torch.testing.assert_close(found, expected, rtol=0, atol=tolerance)


def test_log_likelihood_is_that_of_the_multivariate_normal():
    x, mean = data()
    weights = draw(DIMENSION, 3, seed=4)
    covariance = weights @ weights.T + NOISE * torch.eye(DIMENSION, dtype=torch.float64)
    close(ppca.log_likelihood(x, weights, NOISE, mean), MultivariateNormal(mean, covariance).log_prob(x))


def test_posterior_is_that_of_the_joint_normal():
    x, mean = data()
    weights = draw(DIMENSION, 3, seed=4)
    gain = weights.T @ torch.linalg.inv(weights @ weights.T + NOISE * torch.eye(DIMENSION, dtype=torch.float64))
    means, covariance = ppca.posterior(x, weights, NOISE, mean)
    close(means, (x - mean) @ gain.T)
    close(covariance, torch.eye(3, dtype=torch.float64) - gain @ weights)


def elbo_by_torch(x, weights, noise_variance, mean, q_means, q_variances):
    """The ELBO of any diagonal q: quadratic, so second moments of q suffice; the KL by torch.distributions."""
    second_moment = q_variances.expand_as(q_means).diag_embed() + q_means.unsqueeze(2) * q_means.unsqueeze(1)
    centred = x - mean
    squared = centred.square().sum(1) - 2 * (centred * (q_means @ weights.T)).sum(1)
    squared = squared + torch.einsum("di,nij,dj->n", weights, second_moment, weights)
    log_density = -0.5 * squared / noise_variance - 0.5 * len(weights) * math.log(2 * math.pi * noise_variance)
    kl = kl_divergence(Normal(q_means, q_variances.sqrt()), Normal(0.0, 1.0)).sum(1)
    return log_density - kl, -log_density, kl


def test_elbo_is_the_expectation_it_claims_to_be():
    x, mean = data()
    weights = draw(DIMENSION, 3, seed=4)
    for beta in (0.4, 1.0, 3.0):
        q = ppca.best_diagonal(x, weights, NOISE, mean, beta)
        elbo, reconstruction, kl = elbo_by_torch(x, weights, NOISE, mean, *q)
        terms = ppca.terms(x, weights, NOISE, mean, beta)
        close(ppca.elbo(x, weights, NOISE, mean, beta), elbo)
        close(terms.reconstruction, reconstruction)
        close(terms.kl, kl)


@pytest.mark.parametrize("beta", [0.4, 1.0, 3.0])
def test_no_other_diagonal_q_is_better(beta):
    x, mean = data()
    weights = draw(DIMENSION, 3, seed=4)
    means, variances = ppca.best_diagonal(x, weights, NOISE, mean, beta)
    means, log_variances = means.requires_grad_(), variances.log().requires_grad_()
    _, reconstruction, kl = elbo_by_torch(x, weights, NOISE, mean, means, log_variances.exp())
    (reconstruction + beta * kl).sum().backward()
    # The objective is convex in means and log variances here, so a slope of 0 is the minimum.
    close(means.grad, torch.zeros_like(means), 1e-9)
    close(log_variances.grad, torch.zeros_like(log_variances), 1e-9)


def test_best_variance_is_one_over_the_posterior_precision():
    x, mean = data()
    weights = draw(DIMENSION, 3, seed=4)
    precision = torch.linalg.inv(ppca.posterior(x, weights, NOISE, mean)[1])
    close(ppca.best_diagonal(x, weights, NOISE, mean)[1], 1 / precision.diagonal())


def test_at_the_optimum_the_elbo_is_the_log_likelihood_for_every_x():
    x, mean = data()
    weights = optimum()
    close(ppca.elbo(x, weights, NOISE, mean), ppca.log_likelihood(x, weights, NOISE, mean))
    close(ppca.gap(weights, NOISE), torch.tensor(0.0, dtype=torch.float64))


@pytest.mark.parametrize("angle", [0.2, math.pi / 4, 1.1, 2.5])
def test_a_rotation_leaves_the_likelihood_and_costs_the_elbo_its_gap(angle):
    x, mean = data()
    weights = optimum()
    turned = ppca.rotate(weights, angle, axes=(0, 1))
    likelihood = ppca.log_likelihood(x, turned, NOISE, mean)
    close(likelihood, ppca.log_likelihood(x, weights, NOISE, mean))
    lost = likelihood - ppca.elbo(x, turned, NOISE, mean)
    spread = (9.0 - 2.0) ** 2 * math.sin(2 * angle) ** 2 / (4 * 9.0 * 2.0)
    close(lost, torch.full_like(lost, 0.5 * math.log1p(spread)))
    close(lost, ppca.gap(turned, NOISE).expand_as(lost))
    assert lost.min() > 1e-3


def test_the_gap_of_any_weights_is_the_kl_to_the_posterior():
    x, mean = data()
    weights = draw(DIMENSION, 3, seed=4)
    means, covariance = ppca.posterior(x, weights, NOISE, mean)
    q_means, q_variances = ppca.best_diagonal(x, weights, NOISE, mean)
    close(q_means, means)
    q = MultivariateNormal(q_means, q_variances.diag())
    close(ppca.gap(weights, NOISE).expand(50), kl_divergence(q, MultivariateNormal(means, covariance)))
    assert ppca.gap(weights, NOISE) > 0.01


@pytest.mark.parametrize("noise_variance", [0.01, 0.3, 1.5])
def test_nine_and_two_turned_by_45_degrees_lose_0_2596_whatever_the_noise(noise_variance):
    weights = ppca.optimal_weights(components(2), EIGENVALUES[:2], noise_variance)
    lost = ppca.gap(ppca.rotate(weights, math.pi / 4), noise_variance).item()
    assert lost == pytest.approx(0.5 * math.log((9 + 2) ** 2 / (4 * 9 * 2)), abs=1e-12)
    assert lost == pytest.approx(0.2596, abs=5e-5)


def test_quarter_turns_and_equal_axes_lose_nothing():
    for quarters in range(5):
        turned = ppca.rotate(optimum(), quarters * math.pi / 2, axes=(2, 0))
        assert ppca.gap(turned, NOISE).item() == pytest.approx(0, abs=1e-9)
    equal = ppca.optimal_weights(components(2), torch.tensor([4.0, 4.0], dtype=torch.float64), NOISE)
    assert ppca.gap(ppca.rotate(equal, 0.6), NOISE).item() == pytest.approx(0, abs=1e-9)


def test_a_rotation_is_a_product_with_an_orthogonal_matrix():
    weights, angle = draw(DIMENSION, 3, seed=4), 0.7
    expected = torch.eye(3, dtype=torch.float64)
    expected[0, 0] = expected[2, 2] = math.cos(angle)
    expected[2, 0], expected[0, 2] = math.sin(angle), -math.sin(angle)
    close(ppca.rotate(weights, angle, axes=(0, 2)), weights @ expected, 1e-14)


def trained_linear_vae(beta, noise_variance):
    """W after a search over the β-loss of a linear VAE, its mean over data of a known covariance taken exactly."""
    basis, variances = torch.linalg.qr(draw(5, 5, seed=7)).Q, torch.tensor([3.0, 1.5, 0.6, 0.05, 0.05]).double()
    covariance = basis @ variances.diag() @ basis.T

    def loss(parameters):
        weights, encoder = parameters[:15].view(5, 3), parameters[15:30].view(3, 5)
        log_variances = parameters[30:]
        rest = torch.eye(5, dtype=torch.float64) - weights @ encoder
        error = (rest @ covariance @ rest.T).trace() + log_variances.exp() @ weights.square().sum(0)
        kl = 0.5 * ((encoder @ covariance @ encoder.T).trace() + (log_variances.exp() - log_variances - 1).sum())
        return error / (2 * noise_variance) + beta * kl

    start = torch.cat([0.1 * draw(30, seed=8), torch.zeros(3, dtype=torch.float64)])
    weights = minimise(loss, start, iterations=2000, tolerance=1e-8)[0][:15].view(5, 3)
    return torch.linalg.svdvals(weights).square(), weights, basis, variances


@pytest.mark.parametrize("beta, noise_variance, alive", [(1.0, 0.4, 3), (2.0, 0.5, 2), (4.0, 0.5, 1), (0.25, 1.0, 3)])
def test_training_ends_at_the_closed_form_whatever_beta(beta, noise_variance, alive):
    found, weights, basis, variances = trained_linear_vae(beta, noise_variance)
    formula = ppca.optimal_weights(basis.T[:3], variances[:3], noise_variance, beta)
    close(found, formula.square().sum(0), 1e-5)
    close(weights @ weights.T, formula @ formula.T, 1e-5)
    assert int((found > 1e-3).sum()) == alive == int((variances[:3] > beta * noise_variance).sum())


def test_away_from_beta_one_the_elbo_stays_below_the_log_likelihood():
    x, mean = data()
    for beta in (0.5, 2.0):
        weights = optimum(beta=beta)
        lost = ppca.log_likelihood(x, weights, NOISE, mean) - ppca.elbo(x, weights, NOISE, mean, beta)
        assert lost.min() > 0.01


def test_dead_axes_have_no_weight_and_keep_the_prior():
    x, mean = data()
    weights = optimum(beta=5.0)
    assert weights[:, 2].abs().max() == 0 and weights[:, 1].abs().max() > 0
    means, variances = ppca.best_diagonal(x, weights, NOISE, mean, beta=5.0)
    assert means[:, 2].abs().max() == 0 and variances[2].item() == pytest.approx(1, abs=1e-12)


def test_what_cannot_be_is_refused():
    x, mean = data()
    for noise_variance in (0.0, -1.0, math.nan, math.inf):
        with pytest.raises(ValueError, match="noise_variance must be a positive finite number"):
            ppca.log_likelihood(x, optimum(), noise_variance, mean)
    with pytest.raises(ValueError, match="noise_variance must be"):
        ppca.optimal_weights(components(), EIGENVALUES, 0.0)
    with pytest.raises(ValueError, match="beta must be a finite number of at least 0, got -1"):
        ppca.optimal_weights(components(), EIGENVALUES, NOISE, beta=-1)
    with pytest.raises(ValueError, match="no width"):
        ppca.elbo(x, optimum(), NOISE, mean, beta=0.0)
    with pytest.raises(ValueError, match=r"eigenvalues must have shape \(k,\) with k = 2, got \(3,\)"):
        ppca.optimal_weights(components(2), EIGENVALUES, NOISE)
    for axes in ((0, 0), (0, 3), (-1, 0)):
        with pytest.raises(ValueError, match="two different latent axes of 3"):
            ppca.rotate(optimum(), 0.1, axes=axes)
