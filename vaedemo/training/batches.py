"""What one step of a training sees: each lane's chosen examples, as its models read them."""

from collections.abc import Sequence

import torch
from torch import Tensor

from vaedemo.models.ensemble import in_lanes


class Batches:
    """Batches of a training set that lies on its device: `x` as bytes or points (N, …), `y` (N,).

    `pixels`: grey, binary or dynamic, as in a config. `dtype`: in which models read their data. One generator of noise
    a lane, which only dynamic binarization draws from.
    """

    def __init__(self, x: Tensor, y: Tensor, pixels: str, dtype: torch.dtype, noises: Sequence[torch.Generator]):
        self.x, self.y, self.pixels, self.dtype, self.noises = x, y, pixels, dtype, noises

    def __call__(self, chosen: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
        """x (L, B, …) and y (L, B) of the examples that each of L lanes chose, (B,) indices each."""
        pairs = zip(chosen, self.noises, strict=True)
        x = in_lanes([self._read(self.x.index_select(0, own), noise) for own, noise in pairs])
        return x, in_lanes([self.y.index_select(0, own) for own in chosen])

    def _read(self, x: Tensor, noise: torch.Generator) -> Tensor:
        """A batch, its own copy, as the model reads it: bytes to [0, 1], binarized as the config says."""
        if x.dtype != torch.uint8:
            return x.to(self.dtype)
        if self.pixels == "binary":
            return (x >= 128).to(self.dtype)
        grey = x.to(self.dtype).div_(255)  # in place: fresh memory costs more than the division
        return torch.bernoulli(grey, generator=noise) if self.pixels == "dynamic" else grey
