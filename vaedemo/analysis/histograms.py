r"""How far two samples of 2-D points are from each other, counted in cells."""

import torch
from torch import Tensor

from vaedemo.probability import check_numbers, checks


def total_variation(a: Tensor, b: Tensor, half_side: float, cells: int = 8) -> float:
    r"""Half the absolute difference of two samples' histograms: 0 where they agree, 1 where they share no cell.

    $$\mathrm{TV} = \frac12 \sum_i \Bigl| \frac{n_i}{N} - \frac{m_i}{M} \Bigr|$$

    `a`: (N, 2), `b`: (M, 2). `half_side`: cells divide the square from −half_side to half_side into `cells` × `cells`;
    points outside count in the nearest one. Two samples of one distribution do not give 0 exactly: finite N counts.
    Raises `ValueError` for an empty sample, points that are not finite, a side that is not above 0 or no cell.
    """
    a, b = checks.array("a", a, "N", 2, least=1), checks.array("b", b, "M", 2, least=1)
    half_side, cells = check_numbers.number("half_side", half_side, above=0), check_numbers.count("cells", cells)
    shares = [_counts(x, half_side, cells) / len(x) for x in (a, b)]
    return 0.5 * (shares[0] - shares[1]).abs().sum().item()


def _counts(x: Tensor, half_side: float, cells: int) -> Tensor:
    """How many points (N, 2) lie in each cell: float64 (cells²,)."""
    # Brought to the outermost cells before the cast: a float beyond ±2⁶³ has no whole number.
    column, row = ((x / half_side + 1) * cells / 2).clamp(0, cells - 1).long().T
    return torch.bincount(row * cells + column, minlength=cells * cells).double()
