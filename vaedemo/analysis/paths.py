r"""Paths through several codes: their steps, their lengths, and the shell that contains most of the prior."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor

from vaedemo.analysis.check_arguments import length_of
from vaedemo.analysis.latent import lerp
from vaedemo.probability import check_numbers, checks

# mean² = d − ½ + Σ c_k / d^k for d axes, and the variance ½ − Σ c_k / d^k: from Γ(d/2 + ½) / Γ(d/2).
SHELL_SERIES = (1 / 8, 1 / 16, -5 / 128, -23 / 256, 53 / 1024, 593 / 2048)
SERIES_FROM = 64  # axes; below this the gamma function is exact to rounding
MOST_AXES = 10**15


@dataclass(frozen=True)
class Shell:
    """Mean and standard deviation of the length of z ~ N(0, I)."""

    mean: float
    deviation: float


def shell(latent_dim: int) -> Shell:
    r"""The length of z ~ N(0, I) in d dimensions: a chi distribution, exactly.

    $$\mathbb{E}\lVert z \rVert = \sqrt{2}\,\frac{\Gamma(\frac{d + 1}{2})}{\Gamma(\frac{d}{2})} \approx
    \sqrt{d - \tfrac{1}{2}}, \qquad \operatorname{Var}\lVert z \rVert = d - \bigl(\mathbb{E}\lVert z \rVert\bigr)^2
    \approx \tfrac{1}{2}$$

    `latent_dim`: d, an integer from 1 to 10¹⁵. From 64 on a series in 1/d is used, because the difference d − (E‖z‖)²
    would lose all digits. In many dimensions nearly all of the prior's mass is in this thin shell, and almost none at
    the origin, where its density is highest.
    Raises `ValueError` for another d.
    Source: Forbes et al. 2011, *Statistical Distributions*, chapter 11 (chi distribution).
    """
    d = check_numbers.count("latent_dim", latent_dim, most=MOST_AXES)
    if d < SERIES_FROM:
        mean = math.sqrt(2) * math.gamma((d + 1) / 2) / math.gamma(d / 2)
        return Shell(mean, math.sqrt(d - mean * mean))
    rest = sum(coefficient / d ** (power + 1) for power, coefficient in enumerate(SHELL_SERIES))
    return Shell(math.sqrt(d - 0.5 + rest), math.sqrt(0.5 - rest))


def roughly_shell(latent_dim: int) -> Shell:
    """The rule of thumb for `shell`: mean √(d − ½), standard deviation 1/√2 ≈ 0.71, in any dimension d ≥ 1."""
    d = check_numbers.count("latent_dim", latent_dim, most=MOST_AXES)
    return Shell(math.sqrt(d - 0.5), math.sqrt(0.5))


def through(stops: Tensor, per_segment: int, path: Callable[[Tensor, Tensor, Tensor], Tensor] = lerp) -> Tensor:
    r"""The codes of a path through several stops: `per_segment` codes on each segment, including both ends.

    $$z_{(k - 1)(n - 1) + i} = \text{path}\Bigl(s_k, s_{k+1}, \frac{i}{n - 1}\Bigr), \qquad
    i = 0, \dots, n - 1, \quad k = 1, \dots, S - 1$$

    `stops`: (S, ...), S >= 2 (codes, or images for a cross-fade with `lerp`). `path`: `lerp`, `slerp` or another
    function (a, b, t) of a row t. Returns ((S - 1) (n - 1) + 1, ...): a stop between two segments appears once.
    Integers are read as floats. Raises `ValueError` for fewer than two stops or fewer than two steps.
    """
    stops = checks.array("stops", stops, "S", ..., least=2)
    t = torch.linspace(0, 1, check_numbers.count("per_segment", per_segment, 2), dtype=stops.dtype)
    parts = [path(a, b, t) for a, b in pairwise(stops)]
    return torch.cat([parts[0], *(part[1:] for part in parts[1:])])


def lengths(z: Tensor) -> Tensor:
    """The Euclidean length of each code (..., d), (...). Raises `ValueError` for numbers that are not finite."""
    return length_of(checks.array("z", z, ..., "d"))
