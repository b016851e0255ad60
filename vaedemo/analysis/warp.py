r"""The effect of a map on the plane: the lines of a grid and their images, and the radii of its points."""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from vaedemo.analysis import latent
from vaedemo.analysis.check_arguments import length_of
from vaedemo.probability import check_numbers, checks

VERTEX_SPACING = 0.05  # in z; at distance 0.5 the ring map bends a line by at most 6 degrees per vertex


def plane_lines(extent: float = 3.0, spacing: float = 0.5) -> Tensor:
    r"""The lines of a square grid on $[-r, r]^2$ as rows of vertices, including the axes and the origin.

    `extent`: r, a multiple of `spacing`, which is a multiple of 0.05. Returns float32 (L, M, 2): first the lines along
    the first axis, from bottom to top, then those along the second, from left to right.
    Raises `ValueError` for lengths that are no such multiples.
    """
    extent, spacing = check_numbers.number("extent", extent, above=0), check_numbers.number("spacing", spacing, above=0)
    steps, every = round(extent / VERTEX_SPACING), round(spacing / VERTEX_SPACING)
    fits = math.isclose(steps * VERTEX_SPACING, extent) and math.isclose(every * VERTEX_SPACING, spacing)
    if not (fits and every and steps % every == 0):
        wanted = f"extent must be a multiple of spacing, which is one of {VERTEX_SPACING}"
        raise ValueError(f"{wanted}, got {extent:g} and {spacing:g}.")
    along = torch.arange(-steps, steps + 1) * VERTEX_SPACING
    levels = torch.arange(-(steps // every) * every, steps + 1, every) * VERTEX_SPACING
    rows = torch.stack(torch.meshgrid(levels, along, indexing="ij"), dim=-1)
    return torch.cat([rows.flip(-1), rows])


def quantile_lines(side: int, per_cell: int = 8) -> Tensor:
    r"""The lines through the codes of `latent.manifold_grid(side)`: rows from the top, columns from the left.

    `per_cell`: segments between two adjacent codes. Returns float32 (2 · side, (side − 1) · per_cell + 1, 2).
    Raises `ValueError` for a side below 2 or `per_cell` below 1.
    """
    side, per_cell = check_numbers.count("side", side, 2), check_numbers.count("per_cell", per_cell)
    codes = latent.manifold_grid(side).reshape(side, side, 2)
    corners = torch.cat([codes, codes.transpose(0, 1)])
    share = (torch.arange(per_cell) / per_cell)[:, None]
    pieces = corners[:, :-1, None] * (1 - share) + corners[:, 1:, None] * share
    return torch.cat([pieces.flatten(1, 2), corners[:, -1:]], dim=1)


@torch.no_grad()
def image_of(lines: Tensor, mapping: Callable[[Tensor], Tensor], torn: bool = False) -> Tensor:
    """The images of the vertices of lines (L, M, 2) under a map; same shape.

    `torn`: whether the map has no limit at z = 0; a vertex there becomes NaN, so that no line is drawn across it.
    Raises `ValueError` for another shape or numbers that are not finite.
    """
    lines = checks.array("lines", lines, "L", "M", 2)
    image = mapping(lines.reshape(-1, 2)).reshape(lines.shape)
    at_origin = (lines == 0).all(dim=-1, keepdim=True)
    return torch.where(at_origin & torn, torch.full_like(image, torch.nan), image)


def radius_moments(x: Tensor) -> tuple[float, float]:
    r"""Mean and standard deviation of the distance to the origin over points x (N, 2), N ≥ 2.

    $$\bar\rho = \frac1N \sum_i \lVert x_i \rVert, \qquad
    s^2 = \frac{1}{N - 1} \sum_i (\lVert x_i \rVert - \bar\rho)^2$$

    Raises `ValueError` for fewer than two points or numbers that are not finite.
    """
    radius = length_of(checks.array("x", x, "N", 2, least=2).double(), dim=1)
    return radius.mean().item(), radius.std().item()


def ring_radius_moments() -> tuple[float, float]:
    r"""Mean and standard deviation of the exact ring's radius, which is 1 + ‖z‖/10.

    $$\mathbb E \rho = 1 + \tfrac{1}{10}\sqrt{\pi/2} \approx 1.1253, \qquad
    \operatorname{sd} \rho = \tfrac{1}{10}\sqrt{2 - \pi/2} \approx 0.0655$$

    ‖z‖ has the Rayleigh distribution, with mean $\sqrt{\pi/2}$ and variance $2 - \pi/2$.
    """
    return 1 + math.sqrt(math.pi / 2) / 10, math.sqrt(2 - math.pi / 2) / 10


def radius_density(density: Callable[[Tensor], Tensor], radius: Tensor, angles: int = 720) -> Tensor:
    r"""The density of the radius of a density on the plane, by a sum over evenly spaced angles.

    $$p(\rho) = \int_0^{2\pi} p(\rho \cos\theta, \rho \sin\theta)\, \rho \, d\theta$$

    `density`: (N, 2) to (N,), per unit of area. `radius`: (R,), at least 0. Returns (R,), per unit of length.
    Raises `ValueError` for a negative radius, numbers that are not finite or no angle.
    """
    radius, angles = checks.array("radius", radius, "R", low=0), check_numbers.count("angles", angles)
    angle = torch.arange(angles, dtype=radius.dtype) * (2 * math.pi / angles)
    around = torch.stack([angle.cos(), angle.sin()], dim=1)
    values = density((radius[:, None, None] * around).reshape(-1, 2))
    return 2 * math.pi * radius * values.reshape(len(radius), angles).mean(dim=1)


def share_inside(x: Tensor, radius: float) -> float:
    r"""The share of the points x (N, 2) with $\lVert x \rVert$ below `radius`, from 0 to 1.

    Raises `ValueError` for no point or numbers that are not finite.
    """
    x, radius = checks.array("x", x, "N", 2, least=1), check_numbers.number("radius", radius, 0)
    return (length_of(x, dim=1) < radius).double().mean().item()
