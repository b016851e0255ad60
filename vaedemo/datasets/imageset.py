"""What every data set comes as: `ImageSet`, and the error raised when one cannot be had."""

from dataclasses import dataclass

import torch
from torch import Tensor

BINARIZATION_SEED = 20190714  # of the one fixed Bernoulli draw that pixels="dynamic" has outside training
PIXELS = ("grey", "binary", "dynamic")


class DataUnavailable(RuntimeError):
    """A data set that is not at hand; the message names the folder and what to use instead."""


def one_line(error: BaseException) -> str:
    """What an error says, on one line and not too long: for a clause of a message to a user."""
    return " ".join(str(error).split())[:400].rstrip(".")


@dataclass(frozen=True, eq=False)
class ImageSet:
    """Images or 2-D points with their classes; shared between callers, so never written to.

    `x`: images as uint8, shape (N, C, H, W); points as float32, shape (N, 2), unscaled.
    `y`: classes as int64, shape (N,). `name`: the data set. `factors`: generating factors (N, K) where known.
    Raises `ValueError` when shapes or types are others.
    """

    x: Tensor
    y: Tensor
    name: str
    factors: Tensor | None = None

    def __post_init__(self):
        images = self.x.dtype == torch.uint8 and self.x.ndim == 4
        points = self.x.dtype == torch.float32 and self.x.ndim == 2 and self.x.shape[1] == 2
        if not (images or points):
            found = f"{self.x.dtype} of shape {tuple(self.x.shape)}"
            raise ValueError(f"An ImageSet holds uint8 images (N, C, H, W) or float32 points (N, 2), got {found}.")
        if self.y.dtype != torch.int64 or self.y.shape != (len(self.x),):
            found = f"{self.y.dtype} of shape {tuple(self.y.shape)}"
            raise ValueError(f"The classes of {len(self.x):,} examples are int64 of shape (N,), got {found}.")

    def __len__(self) -> int:
        return len(self.x)

    @property
    def is_points(self) -> bool:
        """Whether x are 2-D points rather than images."""
        return self.x.ndim == 2

    def as_data(self, pixels: str = "grey") -> Tensor:
        r"""The float32 data that a model reads, same shape as x; for images in [0, 1].

        grey: $x / 255$. binary: 1 where $x \ge 128$, else 0. dynamic: one draw of
        $\operatorname{Bernoulli}(x / 255)$ that is a fixed function of the example's index and so the same at
        every call (training draws its own, anew at each step). Points are returned as they are.

        Raises `ValueError` for another word.
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
