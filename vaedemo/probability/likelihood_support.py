"""What the likelihoods of values in [0, 1] share: where x may lie, and how they draw."""

import torch
from torch import Tensor

from vaedemo.probability import checks
from vaedemo.probability.check_numbers import one_generator

__all__: list[str] = []  # what `likelihoods` is made of


class OfPixels:
    """What the three likelihoods of values in [0, 1] have in common: `logits` and a bounded support."""

    logits: Tensor

    def log_prob(self, x: Tensor) -> Tensor:
        """log p(x|z) of each value of x, in nats; raises `ValueError` for x outside [0, 1]. Bytes are read as x/255."""
        return self.log_prob_unchecked(self.checked(x))

    def checked(self, x: Tensor) -> Tensor:
        """x in [0, 1], in the type of the logits; raises `ValueError` for others or a shape that does not fit."""
        x = checks.to_like("x", checks.pixels("x", x), self.logits)
        checks.check_broadcast(x=x, likelihood=self.shape)
        return x


class OfLogits(OfPixels):
    """What both likelihoods with one logit a pixel have in common."""

    def __init__(self, logits: Tensor):
        self.logits = checks.floats("logits", logits)

    @property
    def shape(self) -> torch.Size:
        return self.logits.shape


def uniform(like: Tensor, generator: torch.Generator) -> Tensor:
    """Uniform numbers in [0, 1), drawn where the generator lives and moved to where `like` is."""
    one_generator(generator)
    return torch.rand(like.shape, generator=generator, dtype=like.dtype, device=generator.device).to(like.device)


def no_nan(name: str, raw: Tensor) -> Tensor:
    """A decoder's output as it is; raises `ValueError` for NaN, of which comparisons would make a plausible sample."""
    if raw.isnan().any():
        raise ValueError(f"{name} must be numbers, but {int(raw.isnan().sum()):,} of {raw.numel():,} are NaN.")
    return raw
