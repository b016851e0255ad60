"""Small data and small runs for the tests of training: points mostly, for they train in milliseconds."""

import pytest

from vaedemo import datasets
from vaedemo.config import RunConfig
from vaedemo.datasets import ImageSet
from vaedemo.training import loop


def part(image_set: ImageSet, count: int) -> ImageSet:
    return ImageSet(image_set.x[:count], image_set.y[:count], image_set.name)


@pytest.fixture(scope="session")
def ring():
    """The ring's training and test points, whole."""
    return datasets.load("ring", "train"), datasets.load("ring", "test")


@pytest.fixture(scope="session")
def few_digits():
    """600 training and 100 test digits."""
    return part(datasets.load("digits", "train"), 600), part(datasets.load("digits", "test"), 100)


@pytest.fixture(scope="session")
def small_run(ring):
    """A finished run on points, with history and film; not stored, and not to be written to."""
    config = RunConfig(dataset="ring", hidden=(6,), epochs=3, batch_size=50, train_size=200)
    return loop.fit(config, *ring)


@pytest.fixture(scope="session")
def small_image_run():
    """The same on digits."""
    parts = [datasets.load("digits", split) for split in ("train", "test")]
    return loop.fit(RunConfig(hidden=(6,), epochs=2, train_size=200), *parts)
