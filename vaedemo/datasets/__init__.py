"""Data sets by name, as `ImageSet`s: handwritten digits, clothes, generated 2-D points, and own data."""

from vaedemo.datasets.arrays import from_arrays
from vaedemo.datasets.catalogue import at_hand, class_names, data_shape, first_view, load, sizes
from vaedemo.datasets.imageset import DataUnavailable, ImageSet
from vaedemo.datasets.own import register

__all__ = [
    "DataUnavailable",
    "ImageSet",
    "at_hand",
    "class_names",
    "data_shape",
    "first_view",
    "from_arrays",
    "load",
    "register",
    "sizes",
]
