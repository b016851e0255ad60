"""Arrays of one's own as an `ImageSet`: checks their shape, type and range, and converts them to bytes or points."""

from typing import Any

import torch
from torch import Tensor

from vaedemo.datasets.imageset import ImageSet
from vaedemo.probability import checks
from vaedemo.rules import ConfigError, accepting

LARGEST_SIDE = 256  # pixels
LARGEST_SET = 2**30  # values
MOST_CLASSES = 1000
LAST_CLASS = MOST_CLASSES - 1
LONGEST_NAME = 60
SHAPES = "(N, H, W), (N, 1, H, W) or (N, 3, H, W) for images, or (N, 2) for points"


def from_arrays(images, labels=None, *, name: str | None = None) -> ImageSet:
    """A data set of one's own images or 2-D points; numpy arrays and torch tensors are accepted.

    `images`: (N, H, W), (N, 1, H, W) or (N, 3, H, W), sides up to 256 pixels: bytes from 0 to 255 as uint8, booleans,
    or floats in [0, 1]. Floats are rounded to the 256 levels of a byte: a data set keeps its images as bytes. Or
    (N, 2): points, finite real numbers, kept as float32. `labels`: classes (N,), whole numbers from 0 to 999; None puts
    all examples into class 0. `name`: for titles and lists; not part of the content.

    Raises `ValueError` for another shape or type, numbers outside the range, NaN, no examples and labels that do not
    fit, `TypeError` for a thing that is no array of numbers, `ConfigError` for another name.
    """
    tensor = _array(images)
    points = tensor.ndim == 2
    x = checks.array("images", tensor, "N", 2, least=1).detach().float().clone() if points else _bytes(tensor)
    y = torch.zeros(len(x), dtype=torch.int64) if labels is None else _classes(labels, len(x))
    return ImageSet(x, y, display_name("name", name) if name is not None else f"own {'points' if points else 'images'}")


@accepting(f"a text of 1 to {LONGEST_NAME} printable characters")
def display_name(name: str, value: Any) -> str:
    """The rule for the name of own data."""
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_NAME or not value.isprintable():
        raise ConfigError(name, value, display_name.accepts)
    return value


def _array(images) -> Tensor:
    """The images or points as a tensor of an accepted shape and size, in their own type, on the CPU."""
    tensor = checks.as_tensor("images", images)
    shape = tuple(tensor.shape)
    fits = (tensor.ndim == 2 and shape[1] == 2) or tensor.ndim == 3 or (tensor.ndim == 4 and shape[1] in (1, 3))
    if not fits:
        last = tensor.ndim == 4 and shape[3] in (1, 3)
        hint = " (the channels come second)" if last else ""
        raise ValueError(f"images must have shape {SHAPES}, got {shape}{hint}.")
    if not tensor.numel():
        raise ValueError(f"images must hold at least 1 example that is not empty, got an array of shape {shape}.")
    if tensor.ndim > 2 and max(shape[-2:]) > LARGEST_SIDE:
        raise ValueError(f"images may have up to {LARGEST_SIDE} pixels a side, got {shape[-2]} by {shape[-1]}.")
    if tensor.numel() > LARGEST_SET:
        raise ValueError(f"images may have up to {LARGEST_SET:,} values in all, got {tensor.numel():,}.")
    return tensor.detach().cpu()


def _bytes(tensor: Tensor) -> Tensor:
    """Images of an accepted shape as uint8 (N, C, H, W), in memory of their own."""
    tensor = tensor.unsqueeze(1) if tensor.ndim == 3 else tensor
    if tensor.dtype == torch.uint8:
        if int(tensor.max()) == 1:  # as bytes, 1 is black to the eye: 0 and 1 were meant as shares of white
            raise ValueError("images must hold bytes from 0 to 255 as uint8; these reach 1: give them as floats.")
        return tensor.contiguous().clone()
    return checks.pixels("images", tensor).mul(255).round().to(torch.uint8)


def _classes(labels, count: int) -> Tensor:
    y = checks.as_tensor("labels", labels).detach().cpu()
    if y.dtype not in checks.WHOLE or y.dtype == torch.bool or y.shape != (count,):
        found = f"{checks.kind_of(y)} of shape {tuple(y.shape)}"
        raise ValueError(f"labels must be whole numbers of shape ({count:,},), one for each example, got {found}.")
    low, high = int(y.min()), int(y.max())
    if low < 0 or high >= MOST_CLASSES:
        raise ValueError(f"labels must be from 0 to {MOST_CLASSES - 1}, got {low} to {high}.")
    return y.long()
