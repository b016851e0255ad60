"""The 1,000 Fashion-MNIST test images that ship with the app, to show when the set is not on disk."""

import zipfile
import zlib
from pathlib import Path

import numpy as np
import torch

from vaedemo.datasets.imageset import DataUnavailable, ImageSet

PER_CLASS = 100
# The errors that NumPy raises for incomplete, changed or foreign files.
DAMAGED = (OSError, EOFError, KeyError, ValueError, TypeError, RuntimeError, zipfile.BadZipFile, zlib.error)

FASHION_NOTICE = """\
The images in this file are a sample of Fashion-MNIST (https://github.com/zalandoresearch/fashion-mnist).

The MIT License (MIT) Copyright © 2017 Zalando SE, https://tech.zalando.com

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated \
documentation files (the “Software”), to deal in the Software without restriction, including without limitation the \
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to \
permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the \
Software.

THE SOFTWARE IS PROVIDED “AS IS”, WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE \
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR \
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR \
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


def fashion_file(checkpoints: Path) -> Path:
    """The path of the sample among the shipped files."""
    return Path(checkpoints) / "samples" / "fashion.npz"


def write_fashion(test_set: ImageSet, checkpoints: Path) -> Path:
    """Write the sample: the first 100 images of each class of the real test set, in its order, and the notice.

    Raises `ValueError` when a class has fewer than 100 images.
    """
    rows = []
    for label in range(10):
        of_class = torch.nonzero(test_set.y == label).flatten()[:PER_CLASS]
        if len(of_class) < PER_CLASS:
            raise ValueError(f"The sample takes {PER_CLASS} images of each class, class {label} has {len(of_class)}.")
        rows.append(of_class)
    chosen = torch.cat(rows).sort().values
    path = fashion_file(checkpoints)
    path.parent.mkdir(parents=True, exist_ok=True)
    x, y = test_set.x[chosen].numpy(), test_set.y[chosen].numpy().astype(np.uint8)
    np.savez_compressed(path, x=x, y=y, notice=np.array(FASHION_NOTICE))
    return path


def read_fashion(checkpoints: Path) -> ImageSet:
    """The shipped sample: x uint8 (1000, 1, 28, 28), 100 of each class.

    Raises `DataUnavailable` when the file is missing or damaged.
    """
    path = fashion_file(checkpoints)
    try:
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as stored:
            x, y = stored["x"], stored["y"]
    except DAMAGED as error:
        raise DataUnavailable(missing(path, f"cannot be read ({type(error).__name__})")) from error
    if x.shape != (10 * PER_CLASS, 1, 28, 28) or x.dtype != np.uint8 or not counts_are_right(y):
        raise DataUnavailable(missing(path, "is not the expected sample of 1,000 images"))
    return ImageSet(torch.from_numpy(x), torch.from_numpy(y.astype(np.int64)), "fashion")


def counts_are_right(y: np.ndarray) -> bool:
    return y.dtype == np.uint8 and y.ndim == 1 and np.bincount(y).tolist() == [PER_CLASS] * 10


def missing(path: Path, problem: str) -> str:
    return f'The shipped sample of Fashion-MNIST, {path}, {problem}: restore it, or use dataset="digits".'
