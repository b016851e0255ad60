"""A fixed subset of n examples of a set, balanced over its classes."""

import torch

from vaedemo.datasets import ImageSet
from vaedemo.rules import ConfigError


def balanced(image_set: ImageSet, size: int, seed: int = 0) -> ImageSet:
    """The set itself for size 0 or its own length; else `size` examples, as balanced over the classes as possible.

    Seed 0 takes the first examples of each class, any other seed random ones. With the same seed, smaller subsets are
    contained in larger ones. Raises `ConfigError` for a size above the set's length.
    """
    if size in (0, len(image_set)):
        return image_set
    if size > len(image_set):
        accepts = f"0 for all, or at most the {len(image_set):,} examples of {image_set.name}"
        raise ConfigError("train_size", size, accepts)
    chosen = balanced_order(image_set.y, seed)[:size]
    factors = None if image_set.factors is None else image_set.factors[chosen]
    return ImageSet(image_set.x[chosen], image_set.y[chosen], image_set.name, factors)


def balanced_order(y: torch.Tensor, seed: int = 0) -> torch.Tensor:
    """Indices (N,) that alternate between the classes: one example of each, then the next of each, and so on."""
    rank = torch.zeros_like(y)
    generator = torch.Generator().manual_seed(seed)
    for label in y.unique():
        members = (y == label).nonzero().flatten()
        rank[members] = torch.randperm(len(members), generator=generator) if seed else torch.arange(len(members))
    return torch.argsort(rank * (int(y.max()) + 1) + y)
