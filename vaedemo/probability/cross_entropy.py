r"""Between which two numbers the cross-entropy loss of a data set lies, before any model is trained on it."""

import torch
from torch import Tensor

from vaedemo.probability import checks

__all__ = ["binary_entropy", "mean_image_cross_entropy", "self_entropy"]

ROWS_AT_ONCE = 4096


def binary_entropy(x: Tensor) -> Tensor:
    r"""What cross-entropy costs when the prediction is the pixel itself: 0 on black and white, log 2 on middle grey.

    $$H(x) = -x \log x - (1 - x) \log (1 - x), \qquad H(0) = H(1) = 0$$

    `x`: in [0, 1], any shape; uint8 is read as x/255. Returns that shape, in nats. Raises `ValueError` for others.
    """
    return entropy_unchecked(checks.pixels("x", x))


def entropy_unchecked(x: Tensor) -> Tensor:
    """`binary_entropy` of numbers that are known to lie in [0, 1]."""
    return -torch.xlogy(x, x) - torch.xlogy(1 - x, 1 - x)


def self_entropy(x: Tensor) -> float:
    r"""The floor of the cross-entropy loss: no decoder does better, for the best prediction is the image itself.

    $$\frac{1}{N} \sum_{n=1}^{N} \sum_{i=1}^{D} H(x_{ni}) \;\le\;
    \frac{1}{N} \sum_n \sum_i \bigl[ -x_{ni} \log \hat{x}_{ni} - (1 - x_{ni}) \log (1 - \hat{x}_{ni}) \bigr]$$

    `x`: (N, ...), uint8 read as x/255, or float in [0, 1]. Returns nats per image; 0 for binarized images.
    Raises `ValueError` for values outside [0, 1] or no example.
    """
    x = check(x)
    if x.dtype == torch.uint8:
        # 256 grey levels, so 256 logarithms instead of millions.
        counts = torch.bincount(x.flatten(), minlength=256).double()
        return (counts @ entropy_unchecked(torch.arange(256, dtype=torch.float64) / 255)).item() / len(x)
    return sum(entropy_unchecked(piece.double()).sum().item() for piece in x.split(ROWS_AT_ONCE)) / len(x)


def mean_image_cross_entropy(x: Tensor) -> float:
    r"""The ceiling: the cross-entropy loss of a decoder that ignores z and always answers with the mean image.

    $$\sum_{i=1}^{D} H(\bar{x}_i), \qquad \bar{x}_i = \frac{1}{N} \sum_n x_{ni}$$

    The loss is linear in x, so its mean over the data is the entropy of the mean image. `x` as for `self_entropy`.
    Returns nats per image. Raises `ValueError` for values outside [0, 1] or no example.
    """
    x = check(x)
    if x.dtype == torch.uint8:
        mean = x.sum(0, dtype=torch.int64).double() / (255 * len(x))
    else:
        mean = x.sum(0, dtype=torch.float64) / len(x)
    return entropy_unchecked(mean).sum().item()


def check(x: Tensor) -> Tensor:
    """x (N, ...), at least one image: bytes as they are, anything else as floats in [0, 1]."""
    x = checks.as_tensor("x", x).detach()
    checks.check_shape("x", x, ("N", "D") if x.ndim < 2 else ("N", ...), least=1)
    return x if x.dtype == torch.uint8 else checks.pixels("x", x)
