r"""The best q that is diagonal in a turned basis, for one image and many angles at once, on a lattice of codes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from vaedemo.analysis.check_arguments import data_for, exact_numbers
from vaedemo.probability.amortization import best_diagonal_gaussian
from vaedemo.probability.likelihood_matrix import log_likelihood, log_prior

POINTS = 73  # codes an axis
REACH = 10.0  # the lattice's half side, in standard deviations of the best q that is not turned
MOST_STEPS = 60
SHORTEST_STEP = 1 / 64  # of the natural step, before a search gives up
LARGEST_LOG_STEP = 1.0  # a variance changes by at most this in its logarithm
LEAST_GAIN = 1e-9  # nats: a step that gains less is the last


@dataclass(frozen=True)
class TurnedBest:
    """For A angles: `elbo` (A,) in nats; `mu` and `covariance` (A, 2), (A, 2, 2) of that q on the model's own axes."""

    elbo: Tensor
    mu: Tensor
    covariance: Tensor


@torch.no_grad()
def best_over_angles(model, x: Tensor, angles: Sequence[float]) -> TurnedBest:
    r"""The largest ELBO that a Gaussian reaches which is diagonal on axes turned by each angle.

    $$\mathrm{ELBO}^*(\theta) = \max_{\mu,\, \sigma} \; \mathbb{E}_{q_\theta}[\log p(x, z)] + \mathcal{H}[q_\theta],
    \qquad q_\theta = \mathcal{N}\bigl(\mu,\; R(\theta)^{\top} \operatorname{diag}(\sigma^2)\, R(\theta)\bigr)$$

    This is the best diagonal q of the rotated model (`rotation.Rotated`), written on the model's own axes. log p(x, z)
    is taken once, on a lattice of 73 × 73 codes around the best q of θ = 0, 10 of its standard deviations to each
    side; every expectation is a sum over it (the trapezoid rule, exact to rounding for a Gaussian that the lattice
    resolves). Searches take natural-gradient steps from that q, all angles side by side, and end on the hill on which
    they start. θ and θ + 90° are the same family.
    `x`: (1, ...). `angles`: A of them, radians. Raises `ValueError` for more than one image or latent_dim other than 2.
    Source of the steps: Khan & Rue 2023 (arXiv 2107.04562), equation 12.
    """
    angles = exact_numbers("angles", angles, "A", least=1).double()
    x = data_for(model, x)
    if len(x) != 1 or model.latent_dim != 2:
        raise ValueError(f"One image and 2 latent axes are needed, got {len(x)} and {model.latent_dim}.")
    upright = best_diagonal_gaussian(model, x)
    mu, variance = upright.mu[0].double(), upright.logvar[0].double().exp()
    z, log_joint, cell = _log_joint_around(model, x, mu, variance.sqrt())
    cosine, sine = angles.cos(), angles.sin()
    rotation = torch.stack([torch.stack([cosine, -sine], 1), torch.stack([sine, cosine], 1)], 1)  # (A, 2, 2)
    turned = rotation @ z.T  # (A, 2, G): every code on the turned axes
    mean = rotation @ mu
    log_variance = -(rotation.square() @ (1 / variance)).log()  # the best for a Gaussian with that q's precision
    value, mean_step, log_step = _look_around(turned, log_joint, cell, mean, log_variance)
    length = torch.ones_like(value)
    for _ in range(MOST_STEPS):
        new_mean, new_log = mean + length[:, None] * mean_step, log_variance + length[:, None] * log_step
        new_value, *new_steps = _look_around(turned, log_joint, cell, new_mean, new_log)
        better = new_value > value
        gain = torch.where(better, new_value - value, 0.0)
        for old, new in (
            (mean, new_mean),
            (log_variance, new_log),
            (mean_step, new_steps[0]),
            (log_step, new_steps[1]),
        ):
            old[better] = new[better]
        value = torch.where(better, new_value, value)
        length = torch.where(better, (2 * length).clamp(max=1), length / 2)
        # A search that has come to its top, or cannot step, waits for the others with steps of length 0.
        length = torch.where((better & (gain < LEAST_GAIN)) | (length < SHORTEST_STEP), 0.0, length)
        if not length.any():
            break
    covariance = rotation.mT @ torch.diag_embed(log_variance.exp()) @ rotation
    return TurnedBest(value, (rotation.mT @ mean.unsqueeze(2)).squeeze(2), covariance)


def _log_joint_around(model, x: Tensor, mu: Tensor, deviation: Tensor) -> tuple[Tensor, Tensor, float]:
    """Codes (G, 2) around a Gaussian, log p(x, z) at them (G,), in nats, and the area that each stands for."""
    ends = zip((mu - REACH * deviation).tolist(), (mu + REACH * deviation).tolist(), strict=True)
    axes = [torch.linspace(low, high, POINTS, dtype=torch.float64) for low, high in ends]
    z = torch.cartesian_prod(*axes)
    data, like = model.as_data(x), next(model.parameters())
    parts = [log_likelihood(model.decode(part.to(like)), data).double()[0] for part in z.split(2048)]
    return z, torch.cat(parts) + log_prior(z), math.prod(float(axis[1] - axis[0]) for axis in axes)


def _look_around(
    turned: Tensor, log_joint: Tensor, cell: float, mean: Tensor, log_variance: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    r"""The ELBO of A diagonal Gaussians on the turned axes, and the natural steps of their means and log-variances.

    No gradient of the model is needed: $\mathbb{E}[\partial_j f] = \mathbb{E}[f \varepsilon_j] / \sigma_j$ and
    $\mathbb{E}[\partial_j^2 f] = \mathbb{E}[f (\varepsilon_j^2 - 1)] / \sigma_j^2$ (Stein's identity).
    `turned`: (A, 2, G). `mean`, `log_variance`: (A, 2). A Gaussian that the lattice does not hold, or that falls
    between its codes, has an ELBO of −∞.
    """
    deviation = (0.5 * log_variance).exp()
    noise = (turned - mean.unsqueeze(2)) / deviation.unsqueeze(2)
    weight = (-0.5 * noise.square().sum(1)).exp() * (cell / (2 * math.pi * deviation.prod(1)))[:, None]
    held = (weight.sum(1) - 1).abs() < 1e-3
    weight = weight / weight.sum(1, keepdim=True)
    entropy = (0.5 * log_variance).sum(1) + math.log(2 * math.pi) + 1
    value = weight @ log_joint + entropy
    # Taken off its mean, f loses nothing of its slope, and the sums lose less to rounding.
    weighted = weight * (log_joint - (weight @ log_joint)[:, None])
    slope = (noise @ weighted.unsqueeze(2)).squeeze(2) / deviation
    precision = -(noise.square() @ weighted.unsqueeze(2)).squeeze(2) / deviation.square()
    concave = precision > 0
    variance = torch.where(concave, 1 / torch.where(concave, precision, 1.0), deviation.square())
    log_step = torch.where(concave, variance.log() - log_variance, 1.0).clamp(-LARGEST_LOG_STEP, LARGEST_LOG_STEP)
    return torch.where(held, value, -math.inf), variance * slope, log_step
