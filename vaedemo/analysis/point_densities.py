"""The true densities of the generated points; no model can have a higher expected log-likelihood."""

import math

import torch
from torch import Tensor

from vaedemo.analysis.check_arguments import length_of
from vaedemo.datasets.points import GRID, NOISE
from vaedemo.probability import check_numbers, checks
from vaedemo.rules import ConfigError

STEPS = 4096  # per curve; the error is then below 0.001 nats, and far smaller for a mean
ROWS = 1024  # points per chunk, so that memory does not grow with N


def log_density(name: str, x: Tensor, steps: int = STEPS) -> Tensor:
    r"""log p(x) of the data set `name` at x (N, 2): (N,) in nats and float64.

    The ring has a closed form. The others are a curve c(t), or a list of centres, with noise of standard deviation 0.1:

    $$p(x) = \int_0^1 \mathcal N\big(x;\, c(t),\, 0.1^2 I\big)\, dt \approx
    \frac1T \sum_{k=1}^{T} \mathcal N\big(x;\, c(\tfrac{k - 1/2}{T}),\, 0.1^2 I\big)$$

    `steps`: T, for each of two curves. The log density is −∞ inside the ring, where no point can be. Raises
    `ConfigError` for another data set, `ValueError` for another shape or numbers that are not finite.
    """
    if name not in KNOWN:
        raise ConfigError("a data set of known density", name, "one of " + ", ".join(KNOWN))
    x = checks.array("x", x, "N", 2).double()
    if name == "ring":
        return _log_ring(x)
    places = CENTRES[name](check_numbers.count("steps", steps))
    constant = math.log(2 * math.pi * NOISE**2 * len(places))
    parts = [torch.cdist(rows, places, compute_mode="donot_use_mm_for_euclid_dist") for rows in x.split(ROWS)]
    return torch.cat([(-0.5 * (distance / NOISE).square()).logsumexp(dim=1) for distance in parts]) - constant


def _log_ring(x: Tensor) -> Tensor:
    r"""The logarithm of `transforms.ring_density`, which underflows to 0 from a radius of about 5 on.

    $$\log p(x) = \log \frac{100\, (\rho - 1)}{2 \pi \rho} - 50\, (\rho - 1)^2, \qquad \rho = \lVert x \rVert > 1$$
    """
    radius = length_of(x, dim=1)
    beyond = radius - 1
    outside = beyond > 0
    log_density = (100 * beyond / (2 * math.pi * radius)).clamp(
        min=torch.finfo(x.dtype).tiny
    ).log() - 50 * beyond.square()
    return torch.where(outside, log_density, -math.inf)


def _midpoints(steps: int) -> Tensor:
    return (torch.arange(steps, dtype=torch.float64) + 0.5) / steps


def _moons(steps: int) -> Tensor:
    """Points along both moons, (2T, 2)."""
    t = math.pi * _midpoints(steps)
    upper = 1.5 * torch.stack([t.cos() - 0.5, t.sin() - 0.25], dim=1)
    return torch.cat([upper, -upper])


def _spiral(steps: int) -> Tensor:
    """Points along both arms, (2T, 2), evenly spaced in the uniform variable of the angle."""
    t = 3 * math.pi * _midpoints(steps).sqrt()
    arm = (2.5 / (3 * math.pi)) * t.unsqueeze(1) * torch.stack([t.cos(), t.sin()], dim=1)
    return torch.cat([arm, -arm])


def _gaussians(steps: int) -> Tensor:
    """The centres of the grid, (25, 2), for any number of steps."""
    places = torch.arange(GRID, dtype=torch.float64) - 2
    return torch.cartesian_prod(places, places)


CENTRES = {"moons": _moons, "spiral": _spiral, "gaussians": _gaussians}
KNOWN = ("ring", *CENTRES)
