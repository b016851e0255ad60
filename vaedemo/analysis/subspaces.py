r"""The principal angles between two subspaces, and the cosines between their columns."""

import torch
from torch import Tensor

from vaedemo.analysis.check_arguments import length_of
from vaedemo.probability import checks


def basis(vectors: Tensor) -> Tensor:
    r"""An orthonormal basis Q of the column space of a matrix, float64.

    $$\operatorname{span} Q = \operatorname{span} W, \qquad Q^{\top} Q = I$$

    `vectors`: W, (D, k) with k ≤ D, in any units; the columns are first scaled to length one, so that all count
    equally. Raises `ValueError` for another shape, columns that are linearly dependent, or numbers that are not finite.
    """
    vectors = checks.array("vectors", vectors, "D", "k", least=1)
    if vectors.shape[1] > vectors.shape[0]:
        raise ValueError(f"A basis needs columns (D, k) with 1 <= k <= D, got shape {tuple(vectors.shape)}.")
    columns = _units(vectors)
    left, values, _ = torch.linalg.svd(columns, full_matrices=False)
    if not values[-1] > values[0] * len(columns) * torch.finfo(torch.float64).eps:
        raise ValueError(f"The {vectors.shape[1]} columns are linearly dependent: they span fewer directions.")
    return left


def principal_angles(first: Tensor, second: Tensor) -> Tensor:
    r"""The principal angles between two subspaces, the smallest first; all zero if one contains the other.

    $$\cos\theta_i = \sigma_i(Q_1^{\top} Q_2), \qquad
    \sin\theta_i = \sigma_{k+1-i}\bigl(Q_2 - Q_1 Q_1^{\top} Q_2\bigr), \qquad 0 \le \theta_1 \le \dots \le \theta_k$$

    A small angle from its cosine has an error of about $\sqrt{\epsilon}$, 10⁻⁸ rad, and so has a nearly right angle
    from its sine. So angles below 45° come from the sine, larger ones from the cosine.
    `first`, `second`: columns that span them, (D, k₁) and (D, k₂), any scale. Returns min(k₁, k₂) angles in radians,
    float64, from 0 to π/2. Raises `ValueError` for columns of different lengths, linearly dependent ones, or numbers
    that are not finite.
    Source: Björck & Golub 1973, “Numerical methods for computing angles between linear subspaces”.
    """
    first, second = checks.array("first", first, "D", "k"), checks.array("second", second, "D", "k")
    if first.shape[0] != second.shape[0]:
        raise ValueError(f"The subspaces lie in {first.shape[0]} and {second.shape[0]} dimensions.")
    larger, smaller = basis(first), basis(second)
    if smaller.shape[1] > larger.shape[1]:
        larger, smaller = smaller, larger
    cosines = torch.linalg.svdvals(larger.T @ smaller).clamp(max=1)
    sines = torch.linalg.svdvals(smaller - larger @ (larger.T @ smaller)).flip(0).clamp(max=1)
    return torch.where(cosines.square() > 0.5, sines.asin(), cosines.acos())


def cosines(first: Tensor, second: Tensor) -> Tensor:
    r"""The cosine of the angle between every column of one matrix and every column of another.

    $$c_{ij} = \frac{a_i^{\top} b_j}{\lVert a_i \rVert\, \lVert b_j \rVert}$$

    `first`: (D, k₁), `second`: (D, k₂). Returns float64 (k₁, k₂), from −1 to 1; 0 for a column of zeros.
    Raises `ValueError` for columns of different lengths or numbers that are not finite.
    """
    sizes: dict[str, int] = {}
    first = checks.array("first", first, "D", "k₁", sizes=sizes, least=1)
    second = checks.array("second", second, "D", "k₂", sizes=sizes, least=1)
    return (_units(first).T @ _units(second)).clamp(-1, 1)


def _units(columns: Tensor) -> Tensor:
    """Columns scaled to length one, float64; a column of zeros stays zero."""
    length = length_of(columns.double(), dim=0, keepdim=True)
    return columns.double() / torch.where(length > 0, length, 1)
