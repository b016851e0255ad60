r"""How far two samples of 2-D points are from each other, counted in cells."""

import torch
from torch import Tensor


def total_variation(a: Tensor, b: Tensor, half_side: float, cells: int = 8) -> float:
    r"""Half the absolute difference of two samples' histograms: 0 where they agree, 1 where they share no cell.

    $$\mathrm{TV} = \frac12 \sum_i \Bigl| \frac{n_i}{N} - \frac{m_i}{M} \Bigr|$$

    `a`: (N, 2), `b`: (M, 2). `half_side`: cells divide the square from −half_side to half_side into `cells` × `cells`;
    points outside count in the nearest one. Two samples of one distribution do not give 0 exactly: finite N counts.
    Raises `ValueError` for an empty sample.
    """
    if len(a) == 0 or len(b) == 0:
        raise ValueError(f"Two samples are compared, each of at least one point; got {len(a)} and {len(b)}.")
    shares = [counts(x, half_side, cells) / len(x) for x in (a, b)]
    return 0.5 * (shares[0] - shares[1]).abs().sum().item()


def counts(x: Tensor, half_side: float, cells: int) -> Tensor:
    """How many points (N, 2) lie in each cell: float64 (cells²,)."""
    column, row = ((x / half_side + 1) * cells / 2).long().clamp(0, cells - 1).T
    return torch.bincount(row * cells + column, minlength=cells * cells).double()
