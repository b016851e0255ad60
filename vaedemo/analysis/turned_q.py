r"""The best diagonal q in a rotated basis, for one image and many angles at once, on a lattice of codes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from vaedemo.analysis.check_arguments import data_for, exact_numbers
from vaedemo.probability.amortization import best_diagonal_gaussian
from vaedemo.probability.likelihood_matrix import log_likelihood, log_prior

POINTS = 73  # codes per axis of the lattice
REACH = 10.0  # half the lattice's side, in standard deviations of the best q without rotation
MOST_STEPS = 60
SHORTEST_STEP = 1 / 64  # smallest share of the natural-gradient step before a search stops
LARGEST_LOG_STEP = 1.0  # largest change of a log-variance per step
LEAST_GAIN = 1e-9  # nats: a search stops after a step that gains less


@dataclass(frozen=True)
class TurnedBest:
    """For A angles: `elbo` (A,) in nats; `mu` and `covariance` (A, 2), (A, 2, 2) of that q on the model's own axes."""

    elbo: Tensor
    mu: Tensor
    covariance: Tensor


@torch.no_grad()
def best_over_angles(model, x: Tensor, angles: Sequence[float]) -> TurnedBest:
    r"""For each angle, the largest ELBO of a Gaussian that is diagonal on the rotated axes.

    $$\mathrm{ELBO}^*(\alpha) = \max_{\mu,\, \sigma} \; \mathbb{E}_{q_\alpha}[\log p(x, z)] + \mathcal{H}[q_\alpha],
    \qquad q_\alpha = \mathcal{N}\bigl(\mu,\; R(\alpha)^{\top} \operatorname{diag}(\sigma^2)\, R(\alpha)\bigr)$$

    This is the best diagonal q of the rotated model (`rotation.Rotated`), written on the model's own axes. log p(x, z)
    is computed once, on a lattice of 73 × 73 codes around the best q of α = 0, which reaches 10 of its standard
    deviations to each side. Every expectation is a sum over the lattice (the trapezoid rule, exact to rounding for a
    Gaussian that the lattice resolves). The searches take natural-gradient steps from that q, for all angles at once,
    and find a local maximum. α and α + 90° are the same family.
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
    turned = rotation @ z.T  # (A, 2, G): every code on the rotated axes
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
        # A search that has converged, or cannot step, takes steps of length 0 until the others end.
        length = torch.where((better & (gain < LEAST_GAIN)) | (length < SHORTEST_STEP), 0.0, length)
        if not length.any():
            break
    covariance = rotation.mT @ torch.diag_embed(log_variance.exp()) @ rotation
    return TurnedBest(value, (rotation.mT @ mean.unsqueeze(2)).squeeze(2), covariance)


def _log_joint_around(model, x: Tensor, mu: Tensor, deviation: Tensor) -> tuple[Tensor, Tensor, float]:
    """Lattice codes (G, 2) around a Gaussian, log p(x, z) at them (G,), in nats, and the area per code."""
    ends = zip((mu - REACH * deviation).tolist(), (mu + REACH * deviation).tolist(), strict=True)
    axes = [torch.linspace(low, high, POINTS, dtype=torch.float64) for low, high in ends]
    z = torch.cartesian_prod(*axes)
    data, like = model.as_data(x), next(model.parameters())
    parts = [log_likelihood(model.decode(part.to(like)), data).double()[0] for part in z.split(2048)]
    return z, torch.cat(parts) + log_prior(z), math.prod(float(axis[1] - axis[0]) for axis in axes)


def _look_around(
    turned: Tensor, log_joint: Tensor, cell: float, mean: Tensor, log_variance: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    r"""The ELBO of A diagonal Gaussians on the rotated axes, and natural steps for their means and log-variances.

    It needs no gradient of the model: $\mathbb{E}[\partial_j f] = \mathbb{E}[f \varepsilon_j] / \sigma_j$ and
    $\mathbb{E}[\partial_j^2 f] = \mathbb{E}[f (\varepsilon_j^2 - 1)] / \sigma_j^2$ (Stein's identity).
    `turned`: (A, 2, G). `mean`, `log_variance`: (A, 2). A Gaussian that is not inside the lattice, or that is narrower
    than its cells, has an ELBO of −∞.
    """
    deviation = (0.5 * log_variance).exp()
    noise = (turned - mean.unsqueeze(2)) / deviation.unsqueeze(2)
    weight = (-0.5 * noise.square().sum(1)).exp() * (cell / (2 * math.pi * deviation.prod(1)))[:, None]
    held = (weight.sum(1) - 1).abs() < 1e-3
    weight = weight / weight.sum(1, keepdim=True)
    entropy = (0.5 * log_variance).sum(1) + math.log(2 * math.pi) + 1
    value = weight @ log_joint + entropy
    # Subtracting the mean of f does not change its gradient, and reduces rounding errors.
    weighted = weight * (log_joint - (weight @ log_joint)[:, None])
    slope = (noise @ weighted.unsqueeze(2)).squeeze(2) / deviation
    precision = -(noise.square() @ weighted.unsqueeze(2)).squeeze(2) / deviation.square()
    concave = precision > 0
    variance = torch.where(concave, 1 / torch.where(concave, precision, 1.0), deviation.square())
    log_step = torch.where(concave, variance.log() - log_variance, 1.0).clamp(-LARGEST_LOG_STEP, LARGEST_LOG_STEP)
    return torch.where(held, value, -math.inf), variance * slope, log_step
