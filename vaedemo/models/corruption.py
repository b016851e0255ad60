"""Noise added to the input of a denoising autoencoder (Vincent et al. 2010, section 3)."""

import torch
from torch import Tensor

from vaedemo.probability import check_numbers, checks

KINDS = ("none", "gaussian", "masking", "salt_pepper")


def corrupt(x: Tensor, kind: str, level: float, generator: torch.Generator) -> Tensor:
    r"""A corrupted copy of x, same shape.

    gaussian: $\tilde x = x + \text{level}\cdot\varepsilon,\ \varepsilon\sim\mathcal N(0, I)$, clipped to [0, 1] for
    images (four axes), not clipped for points. masking: each value is set to 0 with probability `level`.
    salt_pepper: with probability `level`, each value is set to 0 or 1, with equal probability.

    `x`: images (N, C, H, W), bytes or floats in [0, 1], or finite points (N, 2). Returns float32, or float64 for
    float64. Raises `ValueError` for other data, another kind or a negative level, and for a probability above 1.
    """
    x = checks.as_tensor("x", x)
    x = checks.pixels("x", x, "N", "C", "H", "W") if x.ndim == 4 else checks.array("x", x, "N", 2)
    check_numbers.choice("kind", kind, KINDS)
    level = check_numbers.number("level", level, 0, 1 if kind in ("masking", "salt_pepper") else torch.inf)
    return corrupt_unchecked(x, kind, level, check_numbers.one_generator(generator))


def corrupt_unchecked(x: Tensor, kind: str, level: float, generator: torch.Generator) -> Tensor:
    """`corrupt` of floats without checks, for the training loop."""
    if kind == "none" or level == 0:
        return x
    if kind == "gaussian":
        noise = torch.randn(x.shape, generator=generator, device=x.device, dtype=x.dtype)
        noisy = x + level * noise
        return noisy.clamp(0, 1) if x.ndim == 4 else noisy
    draw = torch.rand(x.shape, generator=generator, device=x.device, dtype=x.dtype)
    if kind == "masking":
        return torch.where(draw < level, torch.zeros_like(x), x)
    # One uniform draw decides whether a value changes and, by its half of the interval, to 0 or 1.
    return torch.where(draw < level, (draw < level / 2).to(x.dtype), x)
