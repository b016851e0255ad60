"""The blurred ring against finite differences, integrals on a grid, Monte Carlo, and its limits."""

import pytest
import torch

from vaedemo.probability import ring_score, transforms

SIGMAS = (0.05, 0.1, 0.4, 1.0)


@pytest.mark.parametrize("sigma", SIGMAS)
def test_the_density_integrates_to_one(sigma):
    line = torch.arange(-2 - 6 * sigma, 2 + 6 * sigma, 0.5 * sigma, dtype=torch.float64)
    total = ring_score.blurred_log_density(torch.cartesian_prod(line, line), sigma).exp().sum() * (0.5 * sigma) ** 2
    assert total.item() == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("sigma", SIGMAS)
def test_the_score_is_the_gradient_of_the_log_density(sigma):
    x = torch.randn(60, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    step = 1e-5 * torch.eye(2, dtype=torch.float64)
    log = [[ring_score.blurred_log_density(x + sign * step[axis], sigma) for sign in (1, -1)] for axis in (0, 1)]
    differences = torch.stack([(up - down) / 2e-5 for up, down in log], dim=1)
    torch.testing.assert_close(ring_score.blurred_score(x, sigma), differences, rtol=1e-6, atol=1e-5)


def test_the_density_is_the_mean_of_gaussians_around_ring_points():
    generator = torch.Generator().manual_seed(1)
    points = transforms.ring(torch.randn(400_000, 2, dtype=torch.float64, generator=generator))
    x, sigma = torch.tensor([[1.1, 0.0], [0.4, -0.6], [-1.0, 1.2]], dtype=torch.float64), 0.2
    kernels = torch.distributions.Normal(x.unsqueeze(1), sigma).log_prob(points).sum(2).exp()
    spread = kernels.std(1) / len(points) ** 0.5
    exact = ring_score.blurred_log_density(x, sigma).exp()
    assert ((kernels.mean(1) - exact).abs() < 4 * spread).all()
    # The same draws give E[x | x̃] without any score: the mean of the points, weighted by how well they explain x̃.
    guess = (kernels / kernels.sum(1, keepdim=True)) @ points
    torch.testing.assert_close(ring_score.posterior_mean(x, sigma), guess, rtol=0, atol=0.01)


def test_with_little_noise_it_is_the_ring_itself_and_with_much_one_gaussian():
    x = transforms.ring(torch.randn(20, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(2)))
    x = x[(x.norm(dim=1) > 1.05)]
    torch.testing.assert_close(
        ring_score.blurred_log_density(x, 0.01).exp(), transforms.ring_density(x), rtol=0.05, atol=0
    )
    # Far wider than the ring: variance σ² + E[ρ²]/2 on each axis.
    torch.testing.assert_close(ring_score.blurred_score(x, 20.0), -x / (400 + 0.635), rtol=1e-3, atol=0)


def test_at_the_origin_no_direction_is_better():
    score = ring_score.blurred_score(torch.zeros(1, 2), 0.1)
    assert score.dtype == torch.float64 and score.tolist() == [[0, 0]]


@pytest.mark.parametrize("sigma", [0.0, -1.0, 0.001, float("nan"), float("inf")])
def test_a_sigma_without_meaning_is_refused(sigma):
    with pytest.raises(ValueError, match=r"sigma must be a finite number of at least 0\.01"):
        ring_score.blurred_score(torch.zeros(1, 2), sigma)


def test_points_of_another_shape_are_refused():
    with pytest.raises(ValueError, match=r"x must have shape \(N, 2\), got \(3,\)"):
        ring_score.blurred_score(torch.zeros(3), 0.1)
