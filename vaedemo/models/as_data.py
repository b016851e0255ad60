"""What every model does to its input first."""

import torch
from torch import Tensor


def as_data(x: Tensor, data_shape: tuple[int, ...]) -> Tensor:
    """Check the shape of data (N, *data_shape), scale bytes to [0, 1]; raises ValueError naming both shapes."""
    if x.ndim != len(data_shape) + 1 or tuple(x.shape[1:]) != data_shape:
        raise ValueError(f"x must have shape (N, {', '.join(map(str, data_shape))}), got {tuple(x.shape)}.")
    return x.float() / 255 if x.dtype == torch.uint8 else x
