"""Classes: the words that name them become numbers from 0, in the order of the words."""

from collections.abc import Sequence

import numpy as np

from vaedemo.uploads.limits import MOST_CLASSES
from vaedemo.uploads.words import Refused, class_name

ONE_CLASS = "images"  # the name of the only class where no folder gives one


def coded(words: Sequence[str]) -> tuple[np.ndarray, tuple[str, ...]]:
    """The class of each example, int64 from 0, and the names of the classes. Raises `Refused` for too many.

    Names are sorted as numbers if all are whole numbers. Words that are the same once they are fit to print are one
    class.
    """
    shown = {word: class_name(word) for word in set(words)}
    found = set(shown.values())
    if len(found) > MOST_CLASSES:
        raise Refused(f"A data set may have up to {MOST_CLASSES:,} classes, got {len(found):,}.")
    numbers = all(name.isascii() and name.isdigit() and len(name) < 10 for name in found)
    names = sorted(found, key=(lambda name: (int(name), name)) if numbers else None)
    number = {name: place for place, name in enumerate(names)}
    return np.array([number[shown[word]] for word in words], np.int64), tuple(names)


def none(count: int, name: str) -> tuple[np.ndarray, tuple[str, ...]]:
    """Zeros and a single name, for examples without classes."""
    return np.zeros(count, np.int64), (name,)


def folder_of(name: str) -> str:
    """The class that a file's name gives: the folder that it lies in, the last before its own name."""
    folders = name.replace("\\", "/").split("/")[:-1]
    return folders[-1] if folders and folders[-1].strip() else ONE_CLASS
