"""`mnist-55k`: MNIST's training set without the 5,000 embedded digits, which are its test set.

So a model trained on it can be tested, without a download, on real digits that it was not trained on.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import torch

from vaedemo.datasets import digits, torchvision_sets
from vaedemo.datasets.imageset import DataUnavailable, ImageSet
from vaedemo.datasets.sources import SOURCES
from vaedemo.rules import one_of


def load(split: str, folder: Path, on_progress: Callable[[int, int], None] | None = None) -> ImageSet:
    """Train: the images of MNIST's training set without the 5,000. Test: the 5,000, in a fixed order.

    The images are compared byte by byte. Raises `DataUnavailable` when MNIST is not available or when not exactly
    5,000 of its training images match, each once; `ConfigError` for another split.
    """
    one_of("train", "test")("split", split)
    held_out = digits.load("all")
    if split == "test":
        return replace(held_out, name="mnist-55k")
    mnist = torchvision_sets.load("mnist", "train", folder, on_progress)
    wanted = {image.tobytes() for image in held_out.x.numpy()}
    images = [image.tobytes() for image in mnist.x.numpy()]
    matches = [image for image in images if image in wanted]
    if len(matches) != len(held_out) or set(matches) != wanted:
        raw = SOURCES["mnist"].raw(folder)
        raise DataUnavailable(
            f"mnist-55k leaves {len(held_out):,} digits out of MNIST's training set, but {len(matches):,} images "
            f'in {raw} match them: put the published files there, or use dataset="digits".'
        )
    kept = torch.tensor([image not in wanted for image in images])
    return ImageSet(mnist.x[kept], mnist.y[kept], "mnist-55k")
