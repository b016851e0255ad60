r"""The best that a diagonal Gaussian could do for one image: what of the bound's gap is the encoder's own fault."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from vaedemo.probability import nearby_pixels
from vaedemo.probability.check_models import one_image, q_for
from vaedemo.probability.check_numbers import count
from vaedemo.probability.divergences import kl_standard_normal_unchecked
from vaedemo.probability.hermite import standard_normal_nodes

__all__ = ["BestGaussian", "best_diagonal_gaussian"]

SHORTEST_STEP = 1 / 64  # of the natural step, before the search gives up
LARGEST_LOG_STEP = 2.0  # a variance changes by at most this in its logarithm


@dataclass(frozen=True)
class BestGaussian:
    """A q of one image: `mu` and `logvar` (1, d), its `elbo` in nats, and how many `steps` led there."""

    mu: Tensor
    logvar: Tensor
    elbo: float
    steps: int


def best_diagonal_gaussian(
    model, x: Tensor, start: tuple[Tensor, Tensor] | None = None, order: int = 16, most_steps: int = 40
) -> BestGaussian:
    r"""The diagonal Gaussian with the largest ELBO for one image, climbing from a start.

    $$q^{*} = \arg\max_{\mu, \sigma} \; \mathbb{E}_{q}[\log p(x \mid z)] - \mathrm{KL}(q \,\|\, p(z)), \qquad
    \log p(x) - \mathrm{ELBO}_q = \underbrace{\mathrm{ELBO}_{q^*} - \mathrm{ELBO}_q}_{\text{amortization}}
    + \underbrace{\log p(x) - \mathrm{ELBO}_{q^*}}_{\text{approximation}}$$

    The expectation is by Gauss–Hermite quadrature, so the search has no noise and gives the same answer each time.
    It takes natural-gradient steps, μ ← μ + E[∇ log p(x, z)] / Λ and σ² ← 1/Λ with Λ_j = −E[∂²_j log p(x, z)], and
    halves a step that would lower the ELBO. It finds the top of the hill that it starts on; the posterior may have
    others.
    `x`: (1, ...). `start`: mu and logvar (1, d); None is the encoder's. `order`: nodes an axis while climbing; the
    ELBO that is returned uses 64. Raises `ValueError` for more than one image, latent_dim > 2, an order outside
    1 … 256, and x or a start of another shape, range or not finite.
    Source: Cremer, Li & Duvenaud 2018 (arXiv 1801.03558), section 3; Khan & Rue 2023 (arXiv 2107.04562), equation 12.
    """
    most_steps = count("most_steps", most_steps, 0)
    with torch.no_grad():
        x = one_image("best_diagonal_gaussian", model, x)
        mu, logvar = q_for(model, x, *((None, None) if start is None else start))
    nodes, weights = standard_normal_nodes(order, mu.shape[1])
    nodes, weights = nodes.to(mu), weights.to(mu)
    # A gain below the rounding of log p(x|z), a sum over hundreds of pixels, is no gain.
    least_gain = 100 * torch.finfo(mu.dtype).eps
    value, mean_step, log_step = look_around(model, x, mu, logvar, nodes, weights)
    length, steps = 1.0, 0
    while length >= SHORTEST_STEP and steps < most_steps:
        steps += 1
        new_mu, new_logvar = mu + length * mean_step, logvar + length * log_step
        new_value, new_mean_step, new_log_step = look_around(model, x, new_mu, new_logvar, nodes, weights)
        if not new_value > value:
            length /= 2
            continue
        small = new_value - value < least_gain * max(1.0, abs(value))
        mu, logvar, value, mean_step, log_step = new_mu, new_logvar, new_value, new_mean_step, new_log_step
        length = min(1.0, 2 * length)
        if small:
            break
    return BestGaussian(mu, logvar, elbo_of_one(model, x, mu, logvar), steps)


def elbo_of_one(model, x: Tensor, mu: Tensor, logvar: Tensor, order: int = 64) -> float:
    """`elbo_hermite` of one image, in nats, from its few hidden units near q."""
    nodes, weights = standard_normal_nodes(order, mu.shape[1])
    fit = nearby_pixels.log_likelihood_unchecked(model, x, mu + (0.5 * logvar).exp() * nodes.to(mu))
    return float(weights.to(fit) @ fit - kl_standard_normal_unchecked(mu, logvar).double().sum())


def look_around(
    model, x: Tensor, mu: Tensor, logvar: Tensor, nodes: Tensor, weights: Tensor
) -> tuple[float, Tensor, Tensor]:
    r"""The ELBO at (mu, logvar) by quadrature, and the natural steps of mu and of logvar from there.

    The mean curvature needs no second derivative: $\mathbb{E}[\partial_j^2 f] = \mathbb{E}[\varepsilon_j\,
    \partial_j f] / \sigma_j$ (Stein's identity).
    """
    deviation = (0.5 * logvar).exp()
    log_likelihood, slope = nearby_pixels.value_and_slope_unchecked(model, x, mu + deviation * nodes)
    with torch.no_grad():
        value = float(weights.double() @ log_likelihood - kl_standard_normal_unchecked(mu, logvar).sum())
        gradient = weights @ slope - mu
        precision = 1 - weights @ (slope * nodes) / deviation
        concave = precision > 0
        variance = torch.where(concave, 1 / torch.where(concave, precision, 1.0), deviation.square())
        log_step = torch.where(concave, variance.log() - logvar, 1.0).clamp(-LARGEST_LOG_STEP, LARGEST_LOG_STEP)
    return (value if math.isfinite(value) else -math.inf), variance * gradient, log_step
