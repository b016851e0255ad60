"""The clinic's three parts of the 5,000 digits: 3,000 to train on, 1,000 to test, 1,000 that no program trains on."""

from functools import lru_cache
from typing import NamedTuple

from torch import Tensor

from vaedemo import datasets
from vaedemo.probability.cross_entropy import mean_image_cross_entropy

TRAIN = 3_000


class Part(NamedTuple):
    """`pixels`: grey levels from 0 to 255, float32 (N, 784). `y`: their classes (N,)."""

    pixels: Tensor
    y: Tensor


def parts() -> dict[str, Part]:
    """`train`, `test` and `third`. Raises `DataUnavailable` when the digits are missing."""
    seen, third = (datasets.load("digits", split) for split in ("train", "test"))
    pixels = seen.x.flatten(1).float()
    return {
        "train": Part(pixels[:TRAIN], seen.y[:TRAIN]),
        "test": Part(pixels[TRAIN:], seen.y[TRAIN:]),
        "third": Part(third.x.flatten(1).float(), third.y),
    }


@lru_cache(maxsize=1)
def mean_image_loss() -> float:
    """The reconstruction loss, in nats per image, of a decoder that draws the mean test image whatever z is."""
    return mean_image_cross_entropy(datasets.load("digits", "train").x[TRAIN:])
