r"""Paths through several codes: their steps, their lengths, and the shell where the prior's codes lie."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor

from vaedemo.analysis.latent import lerp


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

    `latent_dim`: d, a whole number from 1. In many dimensions nearly all of the prior lies in this thin shell, and
    next to nothing at the origin, where its density is highest.
    Raises `ValueError` for d below 1.
    Source: Forbes et al. 2011, *Statistical Distributions*, chapter 11 (chi distribution).
    """
    if latent_dim < 1:
        raise ValueError(f"A shell needs at least 1 latent axis, got {latent_dim}.")
    mean = math.sqrt(2) * math.exp(math.lgamma((latent_dim + 1) / 2) - math.lgamma(latent_dim / 2))
    return Shell(mean, math.sqrt(latent_dim - mean * mean))


def roughly_shell(latent_dim: int) -> Shell:
    """The rule of thumb beside `shell`: mean √(d − ½), standard deviation 1/√2 ≈ 0.71, in any dimension d ≥ 1."""
    if latent_dim < 1:
        raise ValueError(f"A shell needs at least 1 latent axis, got {latent_dim}.")
    return Shell(math.sqrt(latent_dim - 0.5), math.sqrt(0.5))


def through(stops: Tensor, per_segment: int, path: Callable[[Tensor, Tensor, Tensor], Tensor] = lerp) -> Tensor:
    r"""The codes of a path through several stops: `per_segment` on each part, both of its ends counted.

    $$z_{(k - 1)(n - 1) + i} = \text{path}\Bigl(s_k, s_{k+1}, \frac{i}{n - 1}\Bigr), \qquad
    i = 0, \dots, n - 1, \quad k = 1, \dots, S - 1$$

    `stops`: (S, ...), S >= 2 (codes, or images for a cross-fade with `lerp`). `path`: `lerp`, `slerp` or another
    function (a, b, t) of a row t. Returns ((S - 1) (n - 1) + 1, ...): a stop between two parts appears once.
    Raises `ValueError` for fewer than two stops or fewer than two steps.
    """
    if len(stops) < 2 or per_segment < 2:
        raise ValueError(f"A path needs at least 2 stops and 2 codes on each part, got {len(stops)} and {per_segment}.")
    t = torch.linspace(0, 1, per_segment)
    parts = [path(a, b, t) for a, b in pairwise(stops)]
    return torch.cat([parts[0], *(part[1:] for part in parts[1:])])


def lengths(z: Tensor) -> Tensor:
    """The Euclidean length of each code (N, d), (N,)."""
    return z.norm(dim=-1)
