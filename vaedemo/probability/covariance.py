r"""How much a data set varies, and along how many axes: its covariance, and what a linear VAE keeps of it."""

import torch
from torch import Tensor

ROWS_AT_ONCE = 4096


def data_moments(x: Tensor) -> tuple[Tensor, Tensor]:
    r"""The mean and the covariance of a data set, read in pieces and summed in float64.

    $$\bar{x} = \frac{1}{N} \sum_n x_n, \qquad
    S = \frac{1}{N - 1} \sum_n (x_n - \bar{x}) (x_n - \bar{x})^{\top}$$

    `x`: (N, ...), flattened to N rows of D values; uint8 is read as x/255. Returns (D,) and (D, D), float64.
    Raises `ValueError` for fewer than two examples.
    """
    if x.ndim < 2 or len(x) < 2:
        raise ValueError(f"A covariance needs at least 2 examples, x of shape (N, ...), got {tuple(x.shape)}.")
    # Sums about the first rows' mean lose no digits where the data lie far from 0.
    origin = rows_of(x[:ROWS_AT_ONCE]).mean(0)
    total, products = torch.zeros_like(origin), origin.new_zeros(len(origin), len(origin))
    for piece in x.split(ROWS_AT_ONCE):
        rows = rows_of(piece) - origin
        total += rows.sum(0)
        products.addmm_(rows.T, rows)
    shift = total / len(x)
    covariance = (products - len(x) * torch.outer(shift, shift)) / (len(x) - 1)
    return origin + shift, (covariance + covariance.T) / 2


def data_covariance_eigenvalues(x: Tensor) -> Tensor:
    r"""The variances of a data set along its principal axes, largest first.

    $$S = U \operatorname{diag}(\lambda_1 \ge \lambda_2 \ge \dots \ge 0)\, U^{\top}$$

    `x`: (N, ...); uint8 is read as x/255. Returns (D,), float64, in squared units of the data.
    Raises `ValueError` for fewer than two examples.
    """
    return torch.linalg.eigvalsh(data_moments(x)[1]).flip(0).clamp(min=0)


def axes_kept(eigenvalues: Tensor, beta: float = 1.0, noise_variance: float = 1.0) -> Tensor:
    r"""Which principal axes a linear VAE keeps at its optimum; the others collapse onto the prior.

    $$\text{axis } j \text{ lives} \iff \lambda_j > \beta \sigma^2$$

    `eigenvalues`: λ, any shape, in squared units of the data; `noise_variance`: σ². Returns booleans of that shape.
    Raises `ValueError` for a negative β or a σ² that is not above 0.
    Source: Tipping & Bishop 1999, appendix A; Lucas et al. 2019 (arXiv 1911.02469), section 4.
    """
    if not (beta >= 0 and noise_variance > 0):
        raise ValueError(f"beta must be at least 0 and noise_variance above 0, got {beta} and {noise_variance}.")
    return eigenvalues > beta * noise_variance


def rows_of(x: Tensor) -> Tensor:
    """Each example as one row of float64; uint8 to [0, 1]."""
    rows = x.flatten(1).double()
    return rows / 255 if x.dtype == torch.uint8 else rows
