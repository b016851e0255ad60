r"""The distance of two samples of 2-D points, from their histograms."""

import torch
from torch import Tensor

from vaedemo.probability import check_numbers, checks


def total_variation(a: Tensor, b: Tensor, half_side: float, cells: int = 8) -> float:
    r"""Half the absolute difference of two samples' histograms: 0 if they are equal, 1 if they share no cell.

    $$\mathrm{TV} = \frac12 \sum_i \Bigl| \frac{n_i}{N} - \frac{m_i}{M} \Bigr|$$

    `a`: (N, 2), `b`: (M, 2). The square from −half_side to half_side is divided into `cells` × `cells` cells; points
    outside count in the nearest one. Two samples of one distribution do not give exactly 0, because N is finite.
    Raises `ValueError` for an empty sample, points that are not finite, a side that is not above 0 or no cell.
    """
    a, b = checks.array("a", a, "N", 2, least=1), checks.array("b", b, "M", 2, least=1)
    half_side, cells = check_numbers.number("half_side", half_side, above=0), check_numbers.count("cells", cells)
    shares = [_counts(x, half_side, cells) / len(x) for x in (a, b)]
    return 0.5 * (shares[0] - shares[1]).abs().sum().item()


def _counts(x: Tensor, half_side: float, cells: int) -> Tensor:
    """The number of points (N, 2) in each cell: float64 (cells²,)."""
    # Clamp before the cast: a float beyond ±2⁶³ has no int64 value.
    column, row = ((x / half_side + 1) * cells / 2).clamp(0, cells - 1).long().T
    return torch.bincount(row * cells + column, minlength=cells * cells).double()
