"""Own data that this process holds, under names that contain the sha256 of their content."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from vaedemo.dataset_names import own_name, readable
from vaedemo.datasets.imageset import DataUnavailable, ImageSet
from vaedemo.datasets.sha256 import content_sha256
from vaedemo.datasets.split import split_indices
from vaedemo.rules import ConfigError

FEWEST = 4  # examples: two to train on, two to test on
MOST_SETS, MOST_BYTES = 16, 2**31  # held at once; the least recently used are dropped

_held: OrderedDict[str, "OwnData"] = OrderedDict()
_held_lock = threading.Lock()


@dataclass(frozen=True)
class OwnData:
    """Own data: the training part, the test part, and the names of their classes."""

    train: ImageSet
    test: ImageSet
    class_names: tuple[str, ...]

    def part(self, split: str) -> ImageSet:
        return self.train if split == "train" else self.test

    @property
    def sizes(self) -> tuple[int, int]:
        return len(self.train), len(self.test)

    @property
    def data_shape(self) -> tuple[int, ...]:
        return tuple(self.train.x.shape[1:])

    @property
    def bytes_held(self) -> int:
        return sum(part.x.nbytes + part.y.nbytes for part in (self.train, self.test))


def register(image_set: ImageSet, class_names: Sequence[str] | None = None) -> str:
    """Make own data loadable by a name in this process; returns the name, for `RunConfig(dataset=…)`.

    The name contains the sha256 of the images and classes, so one changed pixel gives another. A fixed random fifth of
    each class, at least 2 examples in all, is the test part. `class_names`: in the order of the classes; None: those of
    the same data before, else numbers.
    The data are copied. Up to 16 sets (2 GiB) are held; the least recently used are dropped first.

    Raises `ConfigError` for fewer than 4 examples, `ValueError` for an argument that is no `ImageSet` and a wrong
    number of names.
    """
    if not isinstance(image_set, ImageSet):
        raise ValueError(f"register accepts an ImageSet, as from_arrays makes it, got {type(image_set).__name__}.")
    if len(image_set) < FEWEST:
        raise ConfigError("images", len(image_set), f"at least {FEWEST} examples to train and test on")
    classes = int(image_set.y.max()) + 1
    name = own_name(content_sha256(image_set), image_set.is_points)
    if class_names is None:
        class_names = _held[name].class_names if name in _held else range(classes)
    names = tuple(map(str, class_names))
    if len(names) < classes:
        raise ValueError(f"class_names must name all {classes} classes, got {len(names)} names.")
    parts = (_rows(image_set, rows) for rows in split_indices(image_set.y.numpy(), least=2))
    data = OwnData(*parts, names)
    with _held_lock:
        _held[name] = data
        _held.move_to_end(name)
        while len(_held) > 1 and (len(_held) > MOST_SETS or sum(d.bytes_held for d in _held.values()) > MOST_BYTES):
            _held.popitem(last=False)
    return name


def is_registered(name: str) -> bool:
    """Whether this process holds the data of this name."""
    return name in _held


def find(name: str) -> OwnData:
    """The data of this name. Raises `DataUnavailable` when this process does not hold them."""
    with _held_lock:
        if name not in _held:
            raise DataUnavailable(
                f"The {readable(name)} are not in this process: pass their arrays to vaedemo.fit, or to "
                "vaedemo.datasets.from_arrays and its result to vaedemo.datasets.register."
            )
        _held.move_to_end(name)
        return _held[name]


def _rows(image_set: ImageSet, rows) -> ImageSet:
    factors = None if image_set.factors is None else image_set.factors[rows]
    return ImageSet(image_set.x[rows], image_set.y[rows], image_set.name, factors)
