"""Mini-batches of the training loop: each RNG group's selected examples, as its models read them."""

from collections.abc import Sequence

import torch
from torch import Tensor

from vaedemo.models.ensemble import stack_rng_groups


class Batches:
    """Mini-batches of a training set on the device: `x` as bytes or points (N, …), `y` (N,).

    `pixels`: grey, binary or dynamic, as in a config. `dtype`: the type of the models' inputs. `noises`: one generator
    per RNG group; only dynamic binarization draws from it.
    """

    def __init__(self, x: Tensor, y: Tensor, pixels: str, dtype: torch.dtype, noises: Sequence[torch.Generator]):
        self.x, self.y, self.pixels, self.dtype, self.noises = x, y, pixels, dtype, noises

    def __call__(self, chosen: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
        """x (L, B, …) and y (L, B) of the examples with the indices `chosen`, (B,) for each of L RNG groups."""
        pairs = zip(chosen, self.noises, strict=True)
        x = stack_rng_groups([self._read(self.x.index_select(0, own), noise) for own, noise in pairs])
        return x, stack_rng_groups([self.y.index_select(0, own) for own in chosen])

    def _read(self, x: Tensor, noise: torch.Generator) -> Tensor:
        """A copy of a batch as the model reads it: bytes scaled to [0, 1] and binarized as the config says."""
        if x.dtype != torch.uint8:
            return x.to(self.dtype)
        if self.pixels == "binary":
            return (x >= 128).to(self.dtype)
        grey = x.to(self.dtype).div_(255)  # in place: an allocation costs more than the division
        return torch.bernoulli(grey, generator=noise) if self.pixels == "dynamic" else grey
