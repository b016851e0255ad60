r"""Both estimators of one gradient at the same draws of z, what averaging K of them does, and why one varies more.

All gradients are of E_q[log p(x|z)] with respect to (μ, log σ²) of one image, as in `gradients`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from vaedemo.probability import checks, gradients, nearby_pixels
from vaedemo.probability.check_numbers import count, number, seeded

__all__ = ["Draws", "draw", "group_means", "on_grid", "variance_by_size", "variance_from_mean"]

GRID_POINTS = 49
LEAST_EXTENT = 4.0  # beyond it lie 3e-4 of the mass in the plane
MOST_POINTS = 1024
GRID_EXTENT = 6.5  # standard deviations: the normal weighs 3e-10 there


@dataclass(frozen=True, eq=False)
class Draws:
    """N draws of z from q(z|x) and the gradients that each gives.

    `mu`, `sigma`: (d,), of q. `noise`: ε, (N, d). `log_likelihood`: log p(x|z), (N,), nats. `pathwise`, `score`,
    `baselined`: (N, 2d), one gradient a draw; `baselined` is the score function's with a leave-one-out baseline.
    """

    mu: Tensor
    sigma: Tensor
    noise: Tensor
    log_likelihood: Tensor
    pathwise: Tensor
    score: Tensor
    baselined: Tensor

    @property
    def z(self) -> Tensor:
        """μ + σ ⊙ ε, (N, d)."""
        return self.mu + self.sigma * self.noise


@torch.no_grad()
def draw(model, x: Tensor, samples: int, seed: int) -> Draws:
    """Both estimators at the same z: `gradients.pathwise` and `gradients.score_function`, the decoder's work shared.

    `x`: one image, (1, ...). Raises `ValueError` for more than one image or fewer than 2 samples.
    """
    samples = count("samples", samples, 2, gradients.MOST_SAMPLES)
    x, mu, sigma, noise = gradients.draw(model, x, samples, seeded(seed), None, None)
    z = mu + sigma * noise
    reward, slope = nearby_pixels.value_and_slope_unchecked(model, x, z)
    pathwise = gradients.through_z(slope, sigma, noise)
    direction = score_of(noise, sigma).double()
    # f_k − mean of the others = (f_k − mean of all) N / (N − 1).
    surprise = (reward - reward.mean()) * (samples / (samples - 1))
    score, baselined = (factor.unsqueeze(1) * direction for factor in (reward, surprise))
    return Draws(mu[0], sigma[0], noise, reward, pathwise, score.to(mu), baselined.to(mu))


def score_of(noise: Tensor, sigma: Tensor) -> Tensor:
    """∇ log q(z) with respect to (μ, log σ²) at z = μ + σε: (N, 2d)."""
    return torch.cat([noise / sigma, 0.5 * (noise.square() - 1)], dim=1)


@torch.no_grad()
def on_grid(model, x: Tensor, points: int = GRID_POINTS, extent: float = GRID_EXTENT) -> Tensor:
    r"""The gradient without sampling: the derivative of the density, summed over a regular grid of ε.

    $$\nabla_{\mu, \log \sigma^2} \mathbb{E}_q[\log p(x \mid z)]
    = \int \bigl(\log p(x \mid z) - b\bigr) \, \nabla_{\mu, \log \sigma^2} \log q(z) \, q(z) \, dz$$

    A trapezoidal rule over the ball of radius `extent`, from 4, in units of σ, with `points` across, at most σ apart.
    The decoder is only evaluated, so the kinks of ReLU, over which a derivative jumps, do little harm; b, any constant,
    is the mean of log p(x|z).
    Returns (2d,), float64. Raises `ValueError` for more than 2 latent axes, or more than one image.
    """
    x, mu, logvar = gradients.one_posterior(model, x, None, None)
    d = mu.shape[1]
    if d > 2:
        raise ValueError(f"The quadrature takes 1 or 2 latent axes, got {d}: compare with pathwise instead.")
    extent = number("extent", extent, LEAST_EXTENT, 100)
    points = count("points", points, math.ceil(2 * extent) + 1, MOST_POINTS)
    axis = torch.linspace(-extent, extent, points, dtype=torch.float64)
    noise = torch.cartesian_prod(*[axis] * d).reshape(-1, d)
    noise = noise[noise.square().sum(1) <= extent**2 + 1e-9]
    mass = (-0.5 * noise.square().sum(1)).softmax(0)
    sigma = (0.5 * logvar).exp()
    z = mu + sigma * noise.to(mu)
    reward = nearby_pixels.log_likelihood_unchecked(model, x, z)
    return (mass * (reward - mass @ reward)) @ score_of(noise, sigma.double())


def group_means(gradients_of_draws: Tensor, size: int) -> Tensor:
    r"""The draws cut into groups of K: each row is the mean of one group, an estimate from K draws.

    $$\bar g_m = \frac{1}{K} \sum_{k = (m-1) K + 1}^{mK} g_k$$

    `gradients_of_draws`: (N, 2d). Returns (⌊N / K⌋, 2d); draws left over are not used.
    Raises `ValueError` for a size below 1 or above N.
    """
    gradients_of_draws = checks.array("gradients_of_draws", gradients_of_draws, "N", "2d", least=1)
    size = count("size", size, 1, len(gradients_of_draws))
    groups = len(gradients_of_draws) // size
    return gradients_of_draws[: groups * size].unflatten(0, (groups, size)).mean(1)


def variance_by_size(gradients_of_draws: Tensor, sizes: Sequence[int]) -> list[float]:
    r"""The total variance of the mean of K draws, measured over the groups, for each K.

    $$V_K = \sum_j \operatorname{Var}\bigl(\bar g_{\cdot j}\bigr) \approx V_1 / K$$

    Returns one number a size, in nats². Raises `ValueError` for a size of which there are not two groups.
    """
    return [gradients.total_variance(group_means(gradients_of_draws, size)) for size in sizes]


def variance_from_mean(mean_log_likelihood: float, sigma: Tensor) -> float:
    r"""The part of the score function's variance that the **mean** of log p(x|z) alone makes.

    $$\bar f^2 \, \mathbb{E} \lVert \nabla \log q \rVert^2
    = \bar f^2 \sum_j \Bigl( \frac{1}{\sigma_j^2} + \frac{1}{2} \Bigr), \qquad \bar f = \mathbb{E}_q[\log p(x \mid z)]$$

    It carries no information (E ∇ log q = 0) and is what a baseline takes away. `sigma`: (d,). Returns nats².
    """
    mean_log_likelihood, sigma = number("mean_log_likelihood", mean_log_likelihood), checks.floats("sigma", sigma)
    checks.check_shape("sigma", sigma, ("d",), least=1)
    checks.check_positive("sigma", sigma)
    return mean_log_likelihood**2 * (1 / sigma.double().square() + 0.5).sum().item()
