"""Own data that this process holds or finds on the disk, under names that contain the sha256 of their content."""

import dataclasses
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from vaedemo.dataset_names import own_name, readable
from vaedemo.datasets import kept_own, own_bytes
from vaedemo.datasets.imageset import DataUnavailable, ImageSet
from vaedemo.datasets.own_bytes import OwnData
from vaedemo.datasets.sha256 import content_sha256
from vaedemo.rules import ConfigError

FEWEST = 4  # examples: two to train on, two to test on
MOST_SETS, MOST_BYTES = 16, 2**31  # held at once; the least recently used are dropped

_held: OrderedDict[str, OwnData] = OrderedDict()
_lent: dict[str, OwnData] = {}  # those of a training on a worker
_held_lock = threading.Lock()


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
    _hold(name, own_bytes.divided(image_set, class_names))
    return name


def is_registered(name: str) -> bool:
    """Whether this process holds the data of this name, or a file on the disk has them."""
    held = _lent.get(name) or _held.get(name)
    return (held is not None and not held.kept) or kept_own.is_kept(name)


def find(name: str) -> OwnData:
    """The data of this name, from memory or from the disk. Raises `DataUnavailable` when they are in neither.

    Data that a file has are used only while it exists, so those that another process forgot are gone here too.
    """
    with _held_lock:
        held = _lent.get(name) or _held.get(name)
        if held is not None and (not held.kept or kept_own.use(name)):
            if name in _held:
                _held.move_to_end(name)
            return held
        _held.pop(name, None)
    found = kept_own.read(name)
    if found is not None:
        _hold(name, found)
        return found
    if kept_own.folder().is_dir():  # this is, or was, a server that takes data
        raise DataUnavailable(kept_own.gone(name))
    raise DataUnavailable(
        f"The {readable(name)} are not in this process: pass their arrays to vaedemo.fit, or to "
        "vaedemo.datasets.from_arrays and its result to vaedemo.datasets.register."
    )


def keep(name: str) -> bool:
    """Write registered data to the disk too; False, with a warning, where the cache cannot be written.

    Data that are kept already stay as they are, with the names of their classes. Raises `DataUnavailable` for data
    that are not here, `ConfigError` for more bytes than are kept.
    """
    kept = kept_own.read(name)
    if kept is None:
        data = find(name)
        if not kept_own.write(name, own_bytes.to_bytes(data)):
            return False
        kept = dataclasses.replace(data, kept=True)
    _hold(name, kept)
    return True


def forget(name: str) -> None:
    """Delete the data of this name from the disk and from this process."""
    kept_own.remove(name)
    with _held_lock:
        _held.pop(name, None)


def to_bytes(name: str) -> bytes:
    """The data of this name as bytes; `lent` reads them. Raises what `find` raises, `ConfigError` for too many."""
    return own_bytes.to_bytes(find(name))


@contextmanager
def lent(name: str, content: bytes) -> Iterator[None]:
    """Hold the data of `to_bytes` until the end of the `with` block, and never on the disk. Raises `DamagedData`."""
    _lent[name] = own_bytes.from_bytes(name, content)
    try:
        yield
    finally:
        _lent.pop(name, None)


def _hold(name: str, data: OwnData) -> None:
    with _held_lock:
        _held[name] = data
        _held.move_to_end(name)
        while len(_held) > 1 and (len(_held) > MOST_SETS or sum(d.bytes_held for d in _held.values()) > MOST_BYTES):
            _held.popitem(last=False)
