r"""Two sets of 2-D points with the same p(y|x) and different p(x): crowds and fringes.

Four of five points are in clusters or on stripes. The fifth is uniform in the square, so that both sets contain
information about p(y|x) everywhere in it.
"""

import torch
from torch import Tensor

from vaedemo.probability import check_numbers, checks
from vaedemo.rules import ConfigError

STEEPNESS = 3.0  # slope of the log-odds across the curve: from 5 % to 95 % within one unit on each side
SQUARE = 2.2  # half the side of the square of the uniform points
STRAYS = 0.2
CLUMPS = ((-1.6, 1.4), (-1.2, -1.3), (0.1, 0.3), (1.2, 1.6), (1.5, -0.9))
CLUMP_SPREAD = 0.22
STRIPES = (-1.65, -0.55, 0.55, 1.65)
STRIPE_SPREAD = 0.08
CLASSES = ("Class 0", "Class 1")


def curve(x1: Tensor) -> Tensor:
    """The x₂ at which both classes are equally likely, same shape as x₁."""
    return (1.5 * checks.array("x1", x1)).sin()


def posterior(x: Tensor) -> Tensor:
    r"""The exact probability of class 1 at x, the same for both sets.

    $$p(y = 1 \mid x) = \frac{1}{1 + e^{-3 (x_2 - \sin \frac32 x_1)}}$$

    `x`: (N, 2). Returns (N,), from 0 to 1, of x's type. Raises `ConfigError` for another shape and `ValueError` for
    numbers that are not finite.
    """
    x = checks.array("x", x)
    if x.ndim != 2 or x.shape[1] != 2:
        raise ConfigError("x", tuple(x.shape), "points of shape (N, 2)")
    return (STEEPNESS * (x[:, 1] - curve(x[:, 0]))).sigmoid()


def crowds(count: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Five clusters, normals of standard deviation 0.22, and uniform points; y is drawn from `posterior`."""
    count, generator = check_numbers.count("count", count), check_numbers.one_generator(generator)
    centres = torch.tensor(CLUMPS)[torch.randint(len(CLUMPS), (count,), generator=generator)]
    return _labelled(centres + CLUMP_SPREAD * torch.randn(count, 2, generator=generator), generator)


def fringes(count: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Four vertical stripes, of standard deviation 0.08 across, and uniform points; y is drawn from `posterior`."""
    count, generator = check_numbers.count("count", count), check_numbers.one_generator(generator)
    stripe = torch.tensor(STRIPES)[torch.randint(len(STRIPES), (count,), generator=generator)]
    across = stripe + STRIPE_SPREAD * torch.randn(count, generator=generator)
    return _labelled(torch.stack([across, _square(count, generator)], dim=1), generator)


def _labelled(x: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Replace one of five points by a uniform one, then draw each point's class."""
    strays = torch.stack([_square(len(x), generator), _square(len(x), generator)], dim=1)
    x = torch.where((torch.rand(len(x), 1, generator=generator) < STRAYS), strays, x)
    return x, torch.bernoulli(posterior(x), generator=generator).long()


def _square(count: int, generator: torch.Generator) -> Tensor:
    return SQUARE * (2 * torch.rand(count, generator=generator) - 1)
