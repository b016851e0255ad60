"""Data sets by name, as `ImageSet`s: handwritten digits, clothes and generated 2-D points."""

from vaedemo.datasets.catalogue import at_hand, class_names, first_view, load
from vaedemo.datasets.imageset import DataUnavailable, ImageSet

__all__ = ["DataUnavailable", "ImageSet", "at_hand", "class_names", "first_view", "load"]
