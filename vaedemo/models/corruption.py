"""Noise added to the input of a denoising autoencoder (Vincent et al. 2010, section 3)."""

import torch
from torch import Tensor


def corrupt(x: Tensor, kind: str, level: float, generator: torch.Generator) -> Tensor:
    r"""A corrupted copy of x, same shape.

    gaussian: $\tilde x = x + \text{level}\cdot\varepsilon,\ \varepsilon\sim\mathcal N(0, I)$, clipped to [0, 1] for
    images (four axes) and left as it is for points. masking: each value is set to 0 with probability `level`.
    salt_pepper: each value is set, with probability `level`, to 0 or 1, a fair coin each time.
    """
    if kind == "none" or level == 0:
        return x
    if kind == "gaussian":
        noise = torch.randn(x.shape, generator=generator, device=x.device, dtype=x.dtype)
        noisy = x + level * noise
        return noisy.clamp(0, 1) if x.ndim == 4 else noisy
    draw = torch.rand(x.shape, generator=generator, device=x.device, dtype=x.dtype)
    if kind == "masking":
        return torch.where(draw < level, torch.zeros_like(x), x)
    # The same uniform draw says whether a value is hit and, by its lower or upper half, which way.
    return torch.where(draw < level, (draw < level / 2).to(x.dtype), x)
