"""Draws of both gradient estimators: against `gradients`, against closed forms, and what averaging them does."""

import pytest
import torch

from tests.probability.linear_model import LinearGaussian
from vaedemo.config import RunConfig
from vaedemo.models import build
from vaedemo.probability import gradient_draws, gradients

LINEAR = LinearGaussian()


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def pixels_model():
    torch.manual_seed(3)
    model = build(RunConfig(dataset="digits", hidden=(16,)), (1, 28, 28)).requires_grad_(False).eval()
    x = (torch.rand(1, 1, 28, 28, generator=generator(1)) < 0.3).float()
    return model, x


def linear_gradient(x, mu, logvar):
    """The gradient of E_q[log p(x|z)] where p(x|z) = N(Wz + c, v I): a quadratic in z."""
    slope = LINEAR.weight.T @ (x.flatten() - LINEAR.centre - LINEAR.weight @ mu) / LINEAR.variance
    curvature = LINEAR.weight.square().sum(0) / LINEAR.variance
    return torch.cat([slope, -0.5 * logvar.exp() * curvature])


def test_the_draws_are_those_of_the_two_estimators():
    model, x = pixels_model()
    draws = gradient_draws.draw(model, x, 50, seed=4)
    torch.testing.assert_close(draws.pathwise, gradients.pathwise(model, x, 50, generator(4)))
    plain = gradients.score_function(model, x, 50, generator(4))
    torch.testing.assert_close(draws.score, plain, rtol=1e-4, atol=1e-3)
    baselined = gradients.score_function(model, x, 50, generator(4), baseline="leave_one_out")
    torch.testing.assert_close(draws.baselined, baselined, rtol=1e-3, atol=1e-3)
    assert not torch.allclose(draws.baselined, plain, rtol=0.1)


def test_a_draw_s_own_numbers_fit_together():
    model, x = pixels_model()
    draws = gradient_draws.draw(model, x, 20, seed=0)
    mu, logvar = model.posterior(x)
    torch.testing.assert_close(draws.z, mu + (0.5 * logvar).exp() * draws.noise)
    torch.testing.assert_close(draws.log_likelihood, gradients.log_likelihood(model, x, draws.z), rtol=1e-5, atol=1e-3)


def test_a_draw_needs_two_samples():
    model, x = pixels_model()
    with pytest.raises(ValueError, match="samples must be a whole number from 2 to 10,000,000, got 1"):
        gradient_draws.draw(model, x, 1, seed=0)


def test_the_grid_gives_the_gradient_of_a_linear_model():
    x = LINEAR.data(1)
    mu, logvar = LINEAR.model.posterior(x)
    expected = linear_gradient(x, mu[0], logvar[0])
    found = gradient_draws.on_grid(LINEAR.model, x)
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-6)
    assert (found + expected).abs().max() > 1e-2  # a flipped sign would be seen


def test_the_grid_lies_within_four_standard_errors_of_the_pathwise_mean():
    model, x = pixels_model()
    samples = gradients.pathwise(model, x, 40_000, generator(8)).double()
    error = samples.std(0) / len(samples) ** 0.5
    assert ((samples.mean(0) - gradient_draws.on_grid(model, x)).abs() < 4 * error).all()


def test_the_grid_refuses_many_axes():
    model = build(RunConfig(dataset="digits", hidden=(8,), latent_dim=3), (1, 28, 28)).requires_grad_(False)
    with pytest.raises(ValueError, match="1 or 2 latent axes, got 3"):
        gradient_draws.on_grid(model, torch.zeros(1, 1, 28, 28))


def test_groups_are_means_of_neighbours_and_leave_the_rest():
    values = torch.arange(14, dtype=torch.float64).reshape(7, 2)
    expected = torch.stack([values[0:3].mean(0), values[3:6].mean(0)])
    torch.testing.assert_close(gradient_draws.group_means(values, 3), expected)
    torch.testing.assert_close(gradient_draws.group_means(values, 1), values)


@pytest.mark.parametrize("size", [0, 8])
def test_a_group_has_one_to_all_draws(size):
    with pytest.raises(ValueError, match=f"size must be a whole number from 1 to 7, got {size}"):
        gradient_draws.group_means(torch.zeros(7, 2), size)


def test_the_variance_falls_as_one_over_the_size():
    values = torch.randn(100_000, 4, generator=generator(), dtype=torch.float64)
    sizes = (1, 10, 100)
    for size, variance in zip(sizes, gradient_draws.variance_by_size(values, sizes), strict=True):
        groups = 100_000 / size
        # Of n normal values the variance's relative standard error is √(2 / n); four components are independent.
        assert abs(variance * size / 4 - 1) < 4 * (2 / groups / 4) ** 0.5


def test_a_constant_reward_makes_the_variance_that_is_foretold():
    sigma, reward = torch.tensor([0.1, 0.7], dtype=torch.float64), -90.0
    noise = torch.randn(200_000, 2, generator=generator(2), dtype=torch.float64)
    squares = (reward * gradient_draws.score_of(noise, sigma)).square().sum(1)
    found = gradient_draws.variance_from_mean(reward, sigma)
    assert abs(squares.mean().item() - found) < 4 * squares.std().item() / len(squares) ** 0.5
