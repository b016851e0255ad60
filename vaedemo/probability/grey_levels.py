r"""A grey pixel as the lecture's categorical reads it: one of a few levels, written as a one-hot vector."""

import torch
from torch import Tensor

from vaedemo.probability import checks
from vaedemo.probability.check_numbers import count

__all__ = ["one_hot"]

MOST_LEVELS = 256  # of a grey pixel


def one_hot(x: Tensor, levels: int) -> Tensor:
    r"""The one-hot vector of each pixel over the grey levels: with it, the lecture's sum has its index c.

    $$-\log p(x \mid z) = -\sum_{c=0}^{L-1} x_c \log p_c(z), \qquad
    x_c = \begin{cases} 1 & \text{if } \tfrac{c}{L-1} \text{ is the level nearest } x \\ 0 & \text{else} \end{cases}$$

    `x`: in [0, 1], (N,); halfway between two levels it goes to the brighter one, as in `likelihoods.Categorical`.
    Returns (N, levels), of x's type. An image's loss is this, summed over its pixels too.
    Raises `ValueError` for fewer than two levels.
    """
    x, levels = checks.pixels("x", x, "N"), count("levels", levels, 2, MOST_LEVELS)
    return torch.nn.functional.one_hot(nearest_level(x, levels).long(), levels).to(x.dtype)


def nearest_level(x: Tensor, levels: int) -> Tensor:
    """The number 0 … levels − 1 of the level nearest each x in [0, 1], of x's type; halfway it is the brighter one."""
    return torch.floor(x * (levels - 1) + 0.5).clamp(0, levels - 1)
