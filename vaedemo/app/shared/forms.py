"""Shared by the forms of several lessons: titles of data sets, the limit of epochs, a coordinate of z."""

from typing import Any

from vaedemo import settings
from vaedemo.app.shell import own_sets
from vaedemo.rules import real

DATA_TITLES = {
    "digits": "Digits: 5,000 that come along",
    "mnist": "MNIST: 70,000 digits",
    "mnist-55k": "MNIST less those 5,000",
    "fashion": "Fashion-MNIST: 70,000 clothes",
    "shapes": "Shapes: 17,000, generated",
    "ring": "Points: ring",
    "moons": "Points: two moons",
    "spiral": "Points: spiral",
    "gaussians": "Points: grid of Gaussians",
    "crowds": "Points: clusters",
    "fringes": "Points: stripes",
}
FARTHEST = 100.0


def data_title(name: str) -> str:
    """The title of a data set in a menu that offers own data too."""
    return DATA_TITLES.get(name) or own_sets.title(name)


def most_epochs(here: int | None = None) -> int:
    """The largest number of epochs that a form offers: the server's limit, but at most `here`."""
    allowed = settings.current().max_epochs
    return allowed if here is None else min(here, allowed)


def coordinate(name: str, value: Any) -> float:
    """The rule for a coordinate of z, rounded to three decimals as the components send it."""
    return round(real(-FARTHEST, FARTHEST)(name, value), 3) + 0.0
