"""Generated 2-D points: ring, moons, spiral, gaussians, crowds, fringes.

Float32 (N, 2), unscaled, roughly within [-3, 3]. 4,000 training and 1,000 test points, each part with its own fixed
seed.
"""

import math

import torch
from torch import Tensor

from vaedemo.config import POINT_DATASETS
from vaedemo.datasets import same_posterior
from vaedemo.datasets.imageset import ImageSet
from vaedemo.probability import check_numbers
from vaedemo.probability.transforms import ring as ring_map
from vaedemo.rules import one_of

SIZES = {"train": 4000, "test": 1000}
NOISE = 0.1  # standard deviation around moons, spiral arms and the grid's centres
GRID = 5

CLASSES = {
    "ring": tuple(f"{45 * k}° to {45 * (k + 1)}°" for k in range(8)),
    "moons": ("Upper moon", "Lower moon"),
    "spiral": ("First arm", "Second arm"),
    "gaussians": tuple(f"Column {k % GRID + 1}, row {k // GRID + 1}" for k in range(GRID * GRID)),
    "crowds": same_posterior.CLASSES,
    "fringes": same_posterior.CLASSES,
}


def balanced(count: int, classes: int, generator: torch.Generator) -> Tensor:
    """`count` classes in random order; their frequencies differ by at most one.

    Raises `ValueError` for a count below 1 or no class.
    """
    count, classes = check_numbers.count("count", count), check_numbers.count("classes", classes)
    generator = check_numbers.one_generator(generator)
    return (torch.arange(count) % classes)[torch.randperm(count, generator=generator)]


def _noisy(x: Tensor, generator: torch.Generator) -> Tensor:
    return x + NOISE * torch.randn(x.shape, generator=generator)


def ring(count: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    r"""$x = z/10 + z/\lVert z \rVert$ with $z \sim N(0, I)$; the class is the octant of x's angle."""
    count, generator = check_numbers.count("count", count), check_numbers.one_generator(generator)
    x = ring_map(torch.randn(count, 2, generator=generator))
    angle = torch.atan2(x[:, 1], x[:, 0]).remainder(2 * math.pi)
    return x, (angle / (math.pi / 4)).long().clamp(max=7)


def moons(count: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    r"""Two interleaved half circles of radius 1.5, with noise; the class is the moon.

    $$x = \tfrac{3}{2} (\pm(\cos t - \tfrac12), \pm(\sin t - \tfrac14)) + 0.1\,\epsilon, \quad t \sim U(0, \pi)$$
    """
    y = balanced(count, 2, generator)
    t = math.pi * torch.rand(count, generator=generator)
    side = 1 - 2 * y
    x = 1.5 * torch.stack([side * (t.cos() - 0.5), side * (t.sin() - 0.25)], dim=1)
    return _noisy(x, generator), y


def spiral(count: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    r"""Two arms of a spiral, one and a half turns each, with noise; the class is the arm.

    $$x = \pm \tfrac{5t}{6\pi} (\cos t, \sin t) + 0.1\,\epsilon, \quad t = 3\pi\sqrt{u},\ u \sim U(0, 1)$$
    """
    y = balanced(count, 2, generator)
    t = 3 * math.pi * torch.rand(count, generator=generator).sqrt()
    radius = (1 - 2 * y) * (2.5 / (3 * math.pi)) * t
    return _noisy(torch.stack([radius * t.cos(), radius * t.sin()], dim=1), generator), y


def gaussians(count: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """A 5 × 5 grid of normals with standard deviation 0.1 and centres at -2, -1, 0, 1, 2; the class is the centre."""
    y = balanced(count, GRID * GRID, generator)
    return _noisy(torch.stack([y % GRID - 2.0, y // GRID - 2.0], dim=1), generator), y


DRAW = {
    "ring": ring,
    "moons": moons,
    "spiral": spiral,
    "gaussians": gaussians,
    "crowds": same_posterior.crowds,
    "fringes": same_posterior.fringes,
}


def load(name: str, split: str) -> ImageSet:
    """The fixed training or test points of a name. Raises `ConfigError` for another name or split."""
    one_of(*POINT_DATASETS)("name", name)
    one_of(*SIZES)("split", split)
    seed = 100 * (1 + POINT_DATASETS.index(name)) + list(SIZES).index(split)
    x, y = DRAW[name](SIZES[split], torch.Generator().manual_seed(seed))
    return ImageSet(x, y, name)
