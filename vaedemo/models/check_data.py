"""Converts data to floats: without a look at the values in training, with checks for public functions."""

import torch
from torch import Tensor

from vaedemo.probability import checks


def scaled(x: Tensor, data_shape: tuple[int, ...]) -> Tensor:
    """Check the shape of data (N, *data_shape) and scale bytes to [0, 1]; raises ValueError naming both shapes.

    It does not check range and finiteness: `training` does that once for the whole set, and `checks.data_for` in the
    public methods of a model.
    """
    if x.ndim != len(data_shape) + 1 or tuple(x.shape[1:]) != data_shape:
        raise ValueError(f"x must have shape (N, {', '.join(map(str, data_shape))}), got {tuple(x.shape)}.")
    return x.float() / 255 if x.dtype == torch.uint8 else x


def bytes_or_floats(
    name: str, x, *shape, sizes: dict[str, int] | None = None, least: int = 0, kind: torch.dtype = torch.float32
) -> Tensor:
    """Finite data of the shape given, as in `checks.array`; uint8 pixels become x/255 in the type given."""
    tensor = checks.as_tensor(name, x)
    tensor = tensor.to(kind) / 255 if tensor.dtype == torch.uint8 else tensor
    return checks.array(name, tensor, *shape, sizes=sizes, least=least)
