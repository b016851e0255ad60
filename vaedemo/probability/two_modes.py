r"""Targets with two modes on a regular grid, and where a search for one of them starts."""

from collections.abc import Sequence

import torch
from torch import Tensor

from vaedemo.probability import checks
from vaedemo.probability.check_numbers import choice, count, number
from vaedemo.probability.gaussian_fits import mixture_log_density, regular_grid

__all__ = ["PLANE_POINTS", "REACH", "grid_points", "start_at_highest", "two_modes"]

REACH, LINE_POINTS, PLANE_POINTS = 6.0, 401, 61
SD, CORRELATION = 0.7, 0.6  # of each mode, and of its two axes in the plane
LARGEST_DISTANCE = 6.4  # 4 standard deviations of each mode then lie inside the grid


def two_modes(distance: float, share: float, dimension: int) -> tuple[Tensor, Tensor]:
    r"""A mixture of two normals on the first axis, on a regular grid over [−6, 6]^d.

    $$p(z) = \pi\, \mathcal{N}\bigl(z; -\tfrac{\delta}{2} e_1, \Sigma_1\bigr)
    + (1 - \pi)\, \mathcal{N}\bigl(z; \tfrac{\delta}{2} e_1, \Sigma_2\bigr)$$

    Each mode has a standard deviation of 0.7 on every axis; in the plane the left one has correlation 0.6, the right
    one −0.6. `distance`: δ, between the means, from 0 to 6.4. `share`: π of the left mode. `dimension`: 1 or 2.
    Returns the grid (M, d) and the log density there (M,), float64, in nats.
    Raises `ValueError` for another dimension or a share that is not between 0 and 1.
    """
    dimension, distance = (
        count("dimension", dimension, 1, 2),
        number("distance", distance, low=0, high=LARGEST_DISTANCE),
    )
    share = number("share", share, above=0)
    if share >= 1:
        raise ValueError(f"share must be a number between 0 and 1, got {share}.")
    points = regular_grid(-REACH, REACH, LINE_POINTS if dimension == 1 else PLANE_POINTS, dimension)
    means = torch.zeros(2, dimension, dtype=torch.float64)
    means[:, 0] = torch.tensor([-distance / 2, distance / 2])
    covariances = SD**2 * torch.eye(dimension, dtype=torch.float64).repeat(2, 1, 1)
    if dimension == 2:
        for mode, sign in enumerate((1, -1)):
            covariances[mode, 0, 1] = covariances[mode, 1, 0] = sign * CORRELATION * SD**2
    shares = torch.tensor([share, 1 - share], dtype=torch.float64)
    return points, mixture_log_density(points, shares, means, covariances)


def grid_points(axes: Sequence[Tensor]) -> Tensor:
    """The points (B · A, 2) of a plane's grid whose values are laid out (B, A), the row being z₂ and the column z₁.

    `axes`: z₁ (A,) and z₂ (B,), as `quadrature.PosteriorGrid` has them. Returns float64.
    """
    first, second = (checks.array("axes", axis, "A") for axis in axes)
    return torch.cartesian_prod(second.double(), first.double()).flip(1)


def start_at_highest(points: Tensor, log_density: Tensor, side: str) -> tuple[Tensor, Tensor]:
    """Where a search for one mode starts: the highest point in the left or the right half, with a narrow covariance.

    `points`: (M, d) of a regular grid; the halves are of its first axis. `side`: "left" or "right". Returns a mean (d,)
    and a covariance (d, d): a twelfth of the grid's extent as standard deviation. Raises `ValueError` for another side.
    """
    choice("side", side, ("left", "right"))
    sizes = {}
    points = checks.array("points", points, "M", "d", sizes=sizes, least=1)
    log_density = checks.array("log_density", log_density, "M", sizes=sizes, minus_infinity=True)
    low, high = points.min(0).values, points.max(0).values
    middle = (low[0] + high[0]) / 2
    inside = points[:, 0] <= middle if side == "left" else points[:, 0] >= middle
    highest = torch.where(inside, log_density, -torch.inf).argmax()
    return points[highest].clone(), ((high - low) / 12).square().diag()
