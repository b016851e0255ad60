r"""How much a data set varies, and along how many axes: its covariance, and what a linear VAE keeps of it."""

import torch
from torch import Tensor

from vaedemo.probability import checks
from vaedemo.probability.check_numbers import number

__all__ = ["axes_kept", "data_covariance_eigenvalues", "data_moments", "rows_of"]

ROWS_AT_ONCE = 4096


def data_moments(x: Tensor) -> tuple[Tensor, Tensor]:
    r"""The mean and the covariance of a data set, read in pieces and summed in float64.

    $$\bar{x} = \frac{1}{N} \sum_n x_n, \qquad
    S = \frac{1}{N - 1} \sum_n (x_n - \bar{x}) (x_n - \bar{x})^{\top}$$

    `x`: (N, ...), flattened to N rows of D values; uint8 is read as x/255. Returns (D,) and (D, D), float64.
    Raises `ValueError` for fewer than two examples, and for numbers that are not finite or whose squares are not.
    """
    x = checked_rows(x, least=2)
    # Sums about the first rows' mean lose no digits where the data lie far from 0.
    origin = rows_unchecked(x[:ROWS_AT_ONCE]).mean(0)
    total, products = torch.zeros_like(origin), origin.new_zeros(len(origin), len(origin))
    for piece in x.split(ROWS_AT_ONCE):
        rows = rows_unchecked(piece) - origin
        total += rows.sum(0)
        products.addmm_(rows.T, rows)
    shift = total / len(x)
    covariance = (products - len(x) * torch.outer(shift, shift)) / (len(x) - 1)
    covariance = (covariance + covariance.T) / 2
    checks.check_range("The covariance of x", covariance)
    return origin + shift, covariance


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
    threshold = number("beta", beta, 0) * number("noise_variance", noise_variance, above=0)
    return checks.array("eigenvalues", eigenvalues) > threshold


def rows_of(x: Tensor) -> Tensor:
    """Each example of x (N, ...) as one row of float64; uint8 to [0, 1]. Raises `ValueError` for NaN or infinity."""
    return rows_unchecked(checked_rows(x))


def checked_rows(x: Tensor, least: int = 0) -> Tensor:
    """x (N, ...) in its own type, its shape and its numbers checked once; without gradient."""
    x = checks.as_tensor("x", x).detach()
    checks.check_shape("x", x, ("N", "D") if x.ndim < 2 else ("N", ...), least=least)
    if x.is_floating_point():
        checks.check_range("x", x)
    return x


def rows_unchecked(x: Tensor) -> Tensor:
    """`rows_of` a checked tensor."""
    rows = x.flatten(1).double()
    return rows / 255 if x.dtype == torch.uint8 else rows
