"""The sha256 of a data set's content."""

import hashlib

from vaedemo.datasets.imageset import ImageSet


def check_is_set(image_set: ImageSet) -> None:
    """Raise `ValueError` for a thing that is no `ImageSet`."""
    if not isinstance(image_set, ImageSet):
        raise ValueError(f"A data set must be an ImageSet, got {type(image_set).__name__}.")


def content_sha256(*sets: ImageSet) -> str:
    """The sha256 of the examples and classes of these sets, in their order: 64 hexadecimal digits.

    Raises `ValueError` for an argument that is no `ImageSet`.
    """
    found = hashlib.sha256()
    for image_set in sets:
        check_is_set(image_set)
        for values in (image_set.x, image_set.y):
            found.update(f"{values.dtype} {tuple(values.shape)}\n".encode())
            found.update(values.contiguous().numpy())
    return found.hexdigest()
