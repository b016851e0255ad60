r"""The cross-entropy loss of an image against any prediction of its pixels, 0 and 1 included."""

import torch
from torch import Tensor

from vaedemo.probability import checks

__all__ = ["cross_entropy"]


def cross_entropy(x: Tensor, prediction: Tensor) -> Tensor:
    r"""The cross-entropy loss of each image; least, `cross_entropy.self_entropy`, where the prediction is x itself.

    $$-\sum_{i=1}^{D} \bigl[ x_i \log \hat{x}_i + (1 - x_i) \log (1 - \hat{x}_i) \bigr], \qquad 0 \log 0 = 0$$

    `x`, `prediction`: in [0, 1], (N, ...), of one shape up to a first axis of 1. Returns (N,), in nats per image;
    infinite where a prediction of 0 or 1 is contradicted. On black and white x it is −log p(x|z).
    Raises `ValueError` for values outside [0, 1] or pixels that do not match.
    """
    x, prediction = checks.pixels("x", x), checks.pixels("prediction", prediction)
    if x.ndim < 2 or x.shape[1:] != prediction.shape[1:] or len({len(x), len(prediction)} - {1}) > 1:
        shapes = f"{tuple(x.shape)}, {tuple(prediction.shape)}"
        raise ValueError(f"x and prediction must be images (N, ...) of one shape, got {shapes}.")
    return -(torch.xlogy(x, prediction) + torch.xlogy(1 - x, 1 - prediction)).flatten(1).sum(1)
