"""Compares a data set's content with the catalogue's set of a name."""

import torch

from vaedemo.datasets import catalogue
from vaedemo.datasets.imageset import ImageSet
from vaedemo.datasets.sha256 import check_is_set, content_sha256


def is_named(image_set: ImageSet, name: str, split: str) -> bool:
    """Whether a set has exactly the content of `load(name, split)`; its own `name` does not matter.

    False when the named set is not on disk, because it cannot be compared. Raises `ConfigError` for an unknown name
    or split, `ValueError` for an argument that is no `ImageSet`.
    """
    check_is_set(image_set)
    if not catalogue.at_hand(name, split):
        return False
    own = catalogue.load(name, split)
    pairs = ((image_set.x, own.x), (image_set.y, own.y))
    return image_set is own or all(a.dtype == b.dtype and torch.equal(a, b) for a, b in pairs)


def unnamed_sha256(name: str, train_set: ImageSet, test_set: ImageSet) -> str:
    """The sha256 of two sets; "" when they are the training and test part of the catalogue's set of this name."""
    named = is_named(train_set, name, "train") and is_named(test_set, name, "test")
    return "" if named else content_sha256(train_set, test_set)
