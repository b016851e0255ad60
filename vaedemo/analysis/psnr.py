r"""The error of an image against a target: mean squared error, and PSNR in decibels."""

import math

import torch
from torch import Tensor

from vaedemo.models.check_data import bytes_or_floats
from vaedemo.probability import check_numbers


def mean_squared_error(x: Tensor, target: Tensor) -> Tensor:
    r"""The mean squared error over an image's pixels.

    $$\mathrm{MSE}(x, t) = \frac1D \sum_{i=1}^D (x_i - t_i)^2$$

    `x`, `target`: (N, ...), equal shapes; uint8 is read as x/255. Returns (N,), float64. Raises `ValueError` when the
    shapes differ or a number is not finite.
    """
    x = bytes_or_floats("x", x, "N", "D", ..., kind=torch.float64)
    target = bytes_or_floats("target", target, "N", "D", ..., kind=torch.float64)
    if x.shape != target.shape:
        raise ValueError(f"x and target must have one shape, got {tuple(x.shape)} and {tuple(target.shape)}.")
    return (x.double() - target.double()).square().flatten(1).mean(1)


def psnr(x: Tensor, target: Tensor, peak: float = 1.0) -> Tensor:
    r"""The peak signal-to-noise ratio of each image: higher is closer to the target.

    $$\mathrm{PSNR} = 10 \log_{10} \frac{\text{peak}^2}{\mathrm{MSE}}$$

    `x`, `target`: (N, ...), equal shapes, uint8 read as x/255; first clip them to the displayed range. `peak`: the
    largest possible value of a pixel. Returns (N,) in decibels, float64; infinite for equal images. Ten decibels are a
    factor of ten in the squared error.
    Raises `ValueError` when the shapes differ, a number is not finite or the peak is not positive.
    """
    peak = check_numbers.number("peak", peak, above=0)
    return 20 * math.log10(peak) - 10 * torch.log10(mean_squared_error(x, target))
