"""A folder of PNG and JPEG files as a data set; its subfolders are the classes."""

import os
from pathlib import Path
from typing import Any

import numpy as np

from vaedemo import image_file
from vaedemo.datasets.arrays import LARGEST_SET, LARGEST_SIDE, LONGEST_NAME, MOST_CLASSES, from_arrays
from vaedemo.datasets.imageset import DataUnavailable, ImageSet
from vaedemo.rules import shorten

SUFFIXES = image_file.SUFFIXES
MOST_FILES = 200_000
LARGEST_FILE = 5_000_000  # bytes; 256 by 256 pixels in colour are 200,000 without any compression


def read(folder: str | os.PathLike[str]) -> tuple[ImageSet, tuple[str, ...]]:
    """The images of a folder, in the order of their names, and the names of their classes.

    Either the images lie in the folder itself, all of one class, or in its subfolders, one for each class. Files with
    other endings and hidden ones are passed over. All images have one size, at most 256 pixels a side. They are grey,
    (N, 1, H, W), if red, green and blue are equal in every pixel of every image, else (N, 3, H, W).

    Raises `DataUnavailable` for a folder without images, a file that is no whole PNG or JPEG of 8 bits a channel, one
    with transparent pixels, different sizes, too many or too large files, names that cannot be printed, and pixels of 0
    and 1 alone.
    """
    path = Path(folder)
    try:
        if not str(folder) or not path.is_dir():  # the path of an empty text is the current folder
            raise DataUnavailable(f"{shown(folder)} is not a folder.")
        classes = listed(path)
    except OSError as error:
        raise DataUnavailable(f"{shown(path)} cannot be read: {error.strerror}.") from error
    files = [(file, label) for label, inside in enumerate(classes.values()) for file in inside]
    if not files:
        raise DataUnavailable(f"{shown(path)} holds no file that ends in {', '.join(SUFFIXES)}, nor do its subfolders.")
    if len(files) > MOST_FILES or len(classes) > MOST_CLASSES:
        found = f"{len(files):,} in {len(classes):,} classes"
        raise DataUnavailable(
            f"A folder may hold up to {MOST_FILES:,} images in {MOST_CLASSES:,} classes, got {found}."
        )
    images = decoded([file for file, _ in files])
    if images.max() == 1:  # a mask written as 0 and 1, which is black to the eye
        raise DataUnavailable(f"The images in {shown(path)} are black but for pixels of 1 in 255: write 255 for white.")
    name = path.resolve().name[:LONGEST_NAME] or "own images"
    return from_arrays(images, [label for _, label in files], name=name), tuple(classes)


def listed(folder: Path) -> dict[str, list[Path]]:
    """The image files by class, both in alphabetical order. Raises `DataUnavailable`, `OSError`."""
    own = image_files(folder)
    inside = {sub.name: image_files(sub) for sub in entries(folder) if sub.is_dir()}
    classes = {name: files for name, files in inside.items() if files}
    if own and classes:
        both = f"{shown(own[0])} and the folder {shorten(next(iter(classes)))}"
        raise DataUnavailable(
            f"Images lie either in the folder itself or in subfolders, one for each class, got {both}."
        )
    return {folder.name: own} if own else classes


def image_files(folder: Path) -> list[Path]:
    return [entry for entry in entries(folder) if entry.suffix.lower() in SUFFIXES and entry.is_file()]


def entries(folder: Path) -> list[Path]:
    """What is in a folder and not hidden, in alphabetical order. Raises `DataUnavailable` for unprintable names."""
    found = sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
    for entry in [folder.absolute(), *found]:
        if not entry.name.isprintable():
            raise DataUnavailable(f"{shown(entry)} has a name with characters that cannot be printed: rename it.")
    return found


def decoded(files: list[Path]) -> np.ndarray:
    """The pixels of all files, uint8 (N, 1, H, W) or (N, 3, H, W). Raises `DataUnavailable`."""
    images: list[np.ndarray] = []
    for file in files:
        image = one_image(file)
        if images and image.shape != images[0].shape:
            (height, width, _), (first_height, first_width, _) = image.shape, images[0].shape
            sizes = f"{shown(files[0])} has {first_width} by {first_height}, {shown(file)} {width} by {height}"
            raise DataUnavailable(f"All images must have one size in pixels: {sizes}.")
        images.append(image)
        if len(files) * image.size > LARGEST_SET:
            raise DataUnavailable(
                f"The images may have up to {LARGEST_SET:,} values in all: fewer or smaller ones fit."
            )
    together = np.stack(images).transpose(0, 3, 1, 2)
    grey = (together[:, :1] == together).all()
    return together[:, :1] if grey else together


def one_image(file: Path) -> np.ndarray:
    """The pixels of a file, uint8 (H, W, 3). Its size is looked at before it is read or decoded."""
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise DataUnavailable(f"{shown(file)} has more than {LARGEST_FILE:,} bytes.")
        return image_file.read(file.read_bytes(), image_file.SizeLimit(side=LARGEST_SIDE), image_file.colours)
    except image_file.Unreadable as error:
        raise DataUnavailable(f"{shown(file)} {error}.") from error
    except OSError as error:
        raise DataUnavailable(f"{shown(file)} cannot be read as an image: {image_file.reason(error)}.") from error


def shown(path: Any) -> str:
    """A path in a sentence, on one line and shortened."""
    return shorten(str(path)[-150:], 170)
