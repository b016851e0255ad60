"""Checks that several analyses share, in addition to `probability.checks`: data of any model, classes, lengths."""

import numpy
import torch
from torch import Tensor, nn

from vaedemo.models.check_data import bytes_or_floats
from vaedemo.probability import checks


def data_for(model, x, name: str = "x", least: int = 0) -> Tensor:
    """x as from `checks.data_for`; for a model that is no module, such as a plain function, any finite (N, ...)."""
    if isinstance(model, nn.Module):
        return checks.data_for(model, x, name, least)
    return bytes_or_floats(name, x, "N", ..., least=least)


def exact_numbers(name: str, value, *shape, sizes: dict[str, int] | None = None, least: int = 0) -> Tensor:
    """`checks.array` for numbers that may be Python floats, such as angles: those keep float64."""
    if not hasattr(value, "dtype") and isinstance(value, list | tuple | range | int | float):
        value = numpy.asarray(value)
    return checks.array(name, value, *shape, sizes=sizes, least=least)


def whole_numbers(name: str, value, *shape, sizes: dict[str, int] | None = None, least: int = 0) -> Tensor:
    """Integers such as classes, int64, of the shape given as in `checks.array`.

    Raises `ValueError` for another shape, for negative numbers and for floats or bools, whose meaning is ambiguous.
    """
    tensor = checks.as_tensor(name, value)
    checks.check_shape(name, tensor, shape, sizes, least)
    if tensor.dtype not in checks.WHOLE or tensor.dtype == torch.bool:
        if tensor.numel():
            raise ValueError(f"{name} must hold whole numbers, got {checks.kind_of(tensor)}.")
    elif tensor.numel() and tensor.min() < 0:
        raise ValueError(f"{name} must hold whole numbers from 0 up, got {int(tensor.min())}.")
    return tensor.long()


def length_of(vectors: Tensor, dim: int = -1, keepdim: bool = False) -> Tensor:
    r"""$\lVert v \rVert$ along one axis, without overflow or underflow of the squares."""
    largest = vectors.detach().abs().amax(dim, keepdim=True)
    unit = torch.where(largest > 0, largest, 1)
    length = (vectors / unit).norm(dim=dim, keepdim=True) * unit
    return length if keepdim else length.squeeze(dim)
