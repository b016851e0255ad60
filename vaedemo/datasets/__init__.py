"""Data sets by name, as `ImageSet`s: handwritten digits, clothes and generated 2-D points."""

from vaedemo.datasets.catalogue import at_hand, class_names, data_shape, first_view, load, sizes
from vaedemo.datasets.imageset import DataUnavailable, ImageSet

__all__ = ["DataUnavailable", "ImageSet", "at_hand", "class_names", "data_shape", "first_view", "load", "sizes"]
