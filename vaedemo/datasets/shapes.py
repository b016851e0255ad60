"""`shapes`: small images of one white shape each, generated from five known factors; they need no download.

The factors are those of the dSprites data (Matthey et al. 2017), at 28 × 28 pixels: shape, size, angle and position.
Each is drawn independently and uniformly from its levels, with a fixed seed.
"""

import math

import torch
from torch import Tensor

from vaedemo.datasets.imageset import ImageSet
from vaedemo.probability import check_numbers, checks
from vaedemo.rules import one_of

CLASSES = ("Square", "Ellipse", "Triangle", "Disc")
FACTORS = ("shape", "size", "angle", "x", "y")
PERIODS = (90.0, 180.0, 120.0, math.nan)  # degrees after which a shape looks the same; a disc has no angle
SIZES = {"train": 15_000, "test": 2_000}
SEEDS = {"train": 1200, "test": 1201}
SIDE = 28
SIZE_LEVELS, ANGLE_LEVELS, PLACE_LEVELS = 6, 20, 12
LEVELS = (len(CLASSES), SIZE_LEVELS, ANGLE_LEVELS, PLACE_LEVELS, PLACE_LEVELS)
SMALLEST, LARGEST = 6.0, 10.5  # the square root of the area, pixels
NEAREST, FARTHEST = 9.5, 18.5  # distance of the centre from the left and from the upper edge, pixels
ASPECT = 2.0  # ratio of the ellipse's axes
CHUNK = 2_500  # images rendered at once, to limit memory


def load(split: str) -> ImageSet:
    """The fixed training or test images. Raises `ConfigError` for another split."""
    one_of(*SIZES)("split", split)
    return draw(SIZES[split], torch.Generator().manual_seed(SEEDS[split]))


def draw(count: int, generator: torch.Generator) -> ImageSet:
    """`count` images whose five factors are drawn uniformly from their levels; y is the shape.

    `factors` is float32 (N, 5), the columns of `FACTORS`. shape: 0 to 3, as in `CLASSES`. size: the square root of the
    area in pixels, 6 levels. angle: the rotation as a share of the shape's entry in `PERIODS`, 0 to 0.95 in 20 levels,
    NaN for a disc. x, y: the centre in pixels from the upper left corner, to the right and downwards, 12 levels each.
    Raises `ValueError` for a count below 1.
    """
    count, generator = check_numbers.count("count", count), check_numbers.one_generator(generator)
    shape, size, angle, x, y = (torch.randint(levels, (count,), generator=generator) for levels in LEVELS)
    share = torch.where(shape == CLASSES.index("Disc"), math.nan, angle / ANGLE_LEVELS)
    size = torch.linspace(SMALLEST, LARGEST, SIZE_LEVELS)[size]
    x, y = (torch.linspace(NEAREST, FARTHEST, PLACE_LEVELS)[place] for place in (x, y))
    factors = torch.stack([shape.float(), size, share, x, y], dim=1)
    return ImageSet(render(factors), shape, "shapes", factors)


def render(factors: Tensor) -> Tensor:
    r"""The image of each row of factors: uint8 (N, 1, 28, 28), white on black.

    $$v(p) = \operatorname{clip}\bigl(\tfrac{1}{2} - s(p),\, 0,\, 1\bigr)$$

    where s(p) is the signed distance in pixels, negative inside, of a pixel's centre p from the shape's outline. An
    edge is a ramp one pixel wide, so the sum of the pixel values is the area. `factors`: (N, 5), as in `draw`; an
    angle may be any number, NaN only for a disc.
    Raises `ValueError` for another shape of the table, a first column other than 0 to 3, a size not above 0, or numbers
    that are not finite.
    """
    parts = [255 * (0.5 - _distance(part)).clamp(0, 1) for part in _checked(factors).split(CHUNK)]
    return torch.cat(parts).round().to(torch.uint8)


def _checked(factors: Tensor) -> Tensor:
    """The validated factors, with angle 0 for discs."""
    factors = checks.floats("factors", factors)
    checks.check_shape("factors", factors, ("N", len(FACTORS)), least=1)
    discs = factors[:, 0] == CLASSES.index("Disc")
    unturned = torch.tensor([name == "angle" for name in FACTORS]) & discs[:, None]
    factors = torch.where(unturned, 0.0, factors)
    checks.check_range("factors", factors)
    shape, size = factors[:, 0], factors[:, 1]
    if not ((shape == shape.round()) & (shape >= 0) & (shape < len(CLASSES)) & (size > 0)).all():
        raise ValueError(f"factors must have a shape from 0 to {len(CLASSES) - 1} and a size above 0 in each row.")
    return factors


def _distance(factors: Tensor) -> Tensor:
    """The signed distance of each pixel's centre from the outline of each row's shape: (N, 1, 28, 28), in pixels."""
    shape, size, share, x, y = factors.double().unbind(1)
    period = torch.tensor(PERIODS, dtype=torch.float64)[shape.long()].nan_to_num(0.0)
    turn = torch.deg2rad(share * period)
    middles = torch.arange(SIDE, dtype=torch.float64) + 0.5
    across, down = (middles - x[:, None])[:, None, :], (middles - y[:, None])[:, :, None]
    cosine, sine = turn.cos()[:, None, None], turn.sin()[:, None, None]
    u, v = (cosine * across + sine * down).float(), (cosine * down - sine * across).float()
    found = torch.empty_like(u)
    for index, measure in enumerate((_square, _ellipse, _triangle, _disc)):
        rows = (shape == index).nonzero().flatten()
        found[rows] = measure(u[rows], v[rows], size[rows].float()[:, None, None])
    return found.unsqueeze(1)


def _square(u: Tensor, v: Tensor, size: Tensor) -> Tensor:
    """Sides of length `size`."""
    return torch.maximum(u.abs(), v.abs()) - size / 2


def _ellipse(u: Tensor, v: Tensor, size: Tensor) -> Tensor:
    """Half axes in the ratio `ASPECT` along u and v; the first-order distance f/|∇f|, as none exists in closed form."""
    short = size / math.sqrt(math.pi * ASPECT)
    long = ASPECT * short
    level = ((u / long).square() + (v / short).square()).sqrt()
    slope = ((u / long.square()).square() + (v / short.square()).square()).sqrt()
    return torch.where(slope > 0, level * (level - 1) / slope.clamp(min=1e-9), -short)


def _triangle(u: Tensor, v: Tensor, size: Tensor) -> Tensor:
    """Equilateral, the centre of mass in the origin."""
    inner = size / math.sqrt(3 * math.sqrt(3))
    half, lean = 0.5 * v, math.sqrt(3) / 2 * u
    return torch.maximum(v, torch.maximum(lean - half, -lean - half)) - inner


def _disc(u: Tensor, v: Tensor, size: Tensor) -> Tensor:
    """Radius size/√π."""
    return torch.hypot(u, v) - size / math.sqrt(math.pi)
