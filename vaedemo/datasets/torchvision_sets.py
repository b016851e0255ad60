"""`mnist` and `fashion` as published, 60,000 training and 10,000 test images, in torchvision's folders."""

from collections.abc import Callable
from pathlib import Path

import torch

from vaedemo.datasets import download, idx, packed
from vaedemo.datasets.imageset import DataUnavailable, ImageSet, one_line
from vaedemo.datasets.sources import DIMENSIONS, SOURCES, Source


def paths(source: Source, split: str, folder: Path) -> tuple[Path, Path]:
    """The paths of the images' file and the classes' file."""
    images, labels = source.split_files(split)
    return source.raw(folder) / images, source.raw(folder) / labels


def on_disk(name: str, split: str, folder: Path) -> bool:
    """Whether both files of the split exist with the lengths that their headers say."""
    return all(idx.is_whole(path, DIMENSIONS[path.name]) for path in paths(SOURCES[name], split, folder))


def at_hand(name: str, split: str, folder: Path) -> bool:
    """Whether no download is needed: both files of the split exist or can be unpacked."""
    files = {path: DIMENSIONS[path.name] for path in paths(SOURCES[name], split, folder)}
    return all(idx.is_whole(path, number) or packed.is_whole(path, number) for path, number in files.items())


def load(name: str, split: str, folder: Path, on_progress: Callable[[int, int], None] | None = None) -> ImageSet:
    """The images of a split; missing files are unpacked or downloaded first.

    `on_progress(done, total)` is called in bytes during a download. Raises `DataUnavailable`, which names the folder,
    the files that belong there and an alternative.
    """
    source = SOURCES[name]
    if not on_disk(name, split, folder):
        download.fetch(source, split, folder, on_progress)
    try:
        return read(source, split, folder)
    except (OSError, idx.IdxError) as error:
        raise DataUnavailable(f"{source.title} cannot be read ({one_line(error)}): {source.advice(folder)}") from error


def read(source: Source, split: str, folder: Path) -> ImageSet:
    """The images of a split from its two files; raises `IdxError` when they are not images and classes."""
    image_path, label_path = paths(source, split, folder)
    images, labels = idx.read(image_path, 3), idx.read(label_path, 1)
    if images.shape[1:] != (28, 28) or not len(images):
        raise idx.IdxError(image_path, f"holds an array of shape {images.shape} where 28 by 28 images were expected")
    if len(labels) != len(images):
        raise idx.IdxError(label_path, f"holds {len(labels):,} classes for {len(images):,} images")
    if labels.max() > 9:
        raise idx.IdxError(label_path, f"holds the class {labels.max()} where 0 to 9 were expected")
    return ImageSet(torch.from_numpy(images).unsqueeze(1), torch.from_numpy(labels.astype("int64")), source.name)
