"""The names of data sets: those that come with the package, and names of own data, which hold the data's sha256."""

import re
from typing import Any

from vaedemo.rules import ConfigError, accepting

IMAGE_DATASETS = ("digits", "mnist", "mnist-55k", "fashion", "shapes")
POINT_DATASETS = ("ring", "moons", "spiral", "gaussians", "crowds", "fringes")
DATASETS = IMAGE_DATASETS + POINT_DATASETS
OWN_IMAGES, OWN_POINTS = "upload:", "upload-points:"  # each followed by the 64 hexadecimal digits of a sha256


def own_name(sha256: str, on_points: bool) -> str:
    """The name of own images or own points with this content."""
    return (OWN_POINTS if on_points else OWN_IMAGES) + sha256


def is_own(name: Any) -> bool:
    """Whether a name is one of own data."""
    return isinstance(name, str) and re.fullmatch(r"upload(-points)?:[0-9a-f]{64}", name) is not None


def holds_points(name: str) -> bool:
    """Whether the data of this name are 2-D points rather than images."""
    return name in POINT_DATASETS or name.startswith(OWN_POINTS)


def readable(name: str) -> str:
    """A name for titles and sentences: that of own data is shortened, "own images 1a2b3c4d"."""
    kind, _, sha256 = name.partition(":")
    return f"own {'points' if holds_points(name) else 'images'} {sha256[:8]}" if sha256 else kind


@accepting("one of " + ", ".join(DATASETS) + ", or the name that vaedemo.datasets.register gives to own data")
def dataset_name(name: str, value: Any) -> str:
    """The rule for `dataset`: a name in `DATASETS`, or the name of own data."""
    if not isinstance(value, str) or not (value in DATASETS or is_own(value)):
        raise ConfigError(name, value, dataset_name.accepts)
    return value
