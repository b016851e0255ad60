"""`ImageSet`, the type of all data sets, and the error for a set that is not available."""

import operator
from dataclasses import dataclass

import torch
from torch import Tensor

from vaedemo.probability import checks

BINARIZATION_SEED = 20190714  # seed of the fixed Bernoulli draw of pixels="dynamic" outside training
PIXELS = ("grey", "binary", "dynamic")


class DataUnavailable(RuntimeError):
    """A data set is not available; the message names the folder and an alternative."""


def one_line(error: BaseException) -> str:
    """An error's text on one line and shortened, for a clause of a message to a user."""
    return " ".join(str(error).split())[:400].rstrip(".")


@dataclass(frozen=True, eq=False)
class ImageSet:
    """Images or 2-D points with their classes; shared between callers, so do not write to it.

    `x`: images as uint8, shape (N, C, H, W); points as float32, shape (N, 2), unscaled. At least one of them.
    `y`: classes as int64 from 0, shape (N,). `name`: the data set. `factors`: generating factors (N, K) if known.
    NumPy arrays become tensors. It is a map-style data set: `image_set[i]` is (x[i], y[i]), so a `DataLoader` accepts
    it. Raises `ValueError` for other shapes or types, for points that are not finite and for negative classes.
    """

    x: Tensor
    y: Tensor
    name: str
    factors: Tensor | None = None

    def __post_init__(self):
        x, y = checks.as_tensor("x", self.x), checks.as_tensor("y", self.y)
        images = x.dtype == torch.uint8 and x.ndim == 4 and x[0:1].numel() > 0
        points = x.dtype == torch.float32 and x.ndim == 2 and x.shape[1] == 2 and len(x) > 0
        if not (images or points):
            found = f"{x.dtype} of shape {tuple(x.shape)}"
            kinds = "uint8 images (N, C, H, W) or float32 points (N, 2)"
            raise ValueError(f"An ImageSet holds {kinds}, at least 1 of them, got {found}.")
        if points:
            checks.check_range("x", x)
        whole = y.dtype in checks.WHOLE and y.dtype != torch.bool
        if not whole or y.shape != (len(x),):
            found = f"{y.dtype} of shape {tuple(y.shape)}"
            raise ValueError(f"The classes of {len(x):,} examples are int64 of shape (N,), got {found}.")
        if y.min() < 0:
            raise ValueError(f"The classes are whole numbers from 0 up, got {int(y.min())}.")
        factors = self.factors if self.factors is None else checks.as_tensor("factors", self.factors)
        if factors is not None and (factors.ndim != 2 or len(factors) != len(x)):
            raise ValueError(f"The factors of {len(x):,} examples have shape (N, K), got {tuple(factors.shape)}.")
        if not isinstance(self.name, str):
            raise ValueError(f"The name of a data set is a word, got {self.name!r:.60}.")
        for field, value in (("x", x), ("y", y.long()), ("factors", factors)):
            object.__setattr__(self, field, value)

    def __len__(self) -> int:
        return len(self.x)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        """One example and its class: x (C, H, W) as bytes, or (2,), and y ().

        Raises `TypeError` for an index that is no integer, `IndexError` for one outside −N to N − 1.
        """
        try:
            place = operator.index(index)
        except TypeError:
            raise TypeError(
                f"One example is taken by a whole number, got {index!r:.60}; for several use image_set.x[...]."
            ) from None
        if not -len(self) <= place < len(self):
            raise IndexError(f"There are {len(self):,} examples, there is none of index {place}.")
        return self.x[place], self.y[place]

    @property
    def is_points(self) -> bool:
        """Whether x are 2-D points rather than images."""
        return self.x.ndim == 2

    def as_data(self, pixels: str = "grey") -> Tensor:
        r"""The float32 data that a model reads, same shape as x; images are in [0, 1].

        grey: $x / 255$. binary: 1 where $x \ge 128$, else 0. dynamic: one draw of
        $\operatorname{Bernoulli}(x / 255)$, a fixed function of the example's index, so every call returns the same
        (training draws new values at each step). Points are returned unchanged.

        Raises `ValueError` for another `pixels`.
        Source of dynamic binarization: R. Salakhutdinov and I. Murray 2008, On the quantitative analysis of DBNs.
        """
        if pixels not in PIXELS:
            raise ValueError(f"pixels accepts one of {', '.join(PIXELS)}, got {pixels!r:.60}.")
        if self.is_points:
            return self.x
        if pixels == "binary":
            return (self.x >= 128).float()
        if pixels == "grey":
            return self.x.float() / 255
        generator = torch.Generator().manual_seed(BINARIZATION_SEED)
        # torch fills a tensor in order, so the first n examples get the same draw in a set of any size.
        return (torch.rand(self.x.shape, generator=generator) < self.x.float() / 255).float()
