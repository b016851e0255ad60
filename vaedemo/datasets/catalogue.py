"""All data sets by name: loads them, checks whether a download is needed, and gives examples to show before it."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from vaedemo import settings
from vaedemo.dataset_names import POINT_DATASETS, dataset_name, is_own, readable
from vaedemo.datasets import digits, held_out, own, points, samples, shapes, torchvision_sets
from vaedemo.datasets.imageset import ImageSet
from vaedemo.rules import one_of

FASHION_CLASSES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
SIZES = {
    "digits": (4_000, 1_000),
    "mnist": (60_000, 10_000),
    "mnist-55k": (55_000, 5_000),
    "fashion": (60_000, 10_000),
    "shapes": (shapes.SIZES["train"], shapes.SIZES["test"]),
}
KEPT = 6  # sets held in memory; the largest takes 47 MB

_kept: OrderedDict[tuple[str, str, Path], ImageSet] = OrderedDict()
_kept_lock = threading.Lock()


def check_name(name: str):
    dataset_name("dataset", name)


def check_split(split: str):
    one_of("train", "test")("split", split)


def load(name: str, split: str = "train", on_progress: Callable[[int, int], None] | None = None) -> ImageSet:
    """A data set by its name, training or test part; cached in memory and shared, so do not write to it.

    x is uint8 (N, C, H, W), or float32 (N, 2) for points; y is int64 (N,). `mnist` and `fashion`, and the training
    part of `mnist-55k`, are downloaded on first use; `on_progress(done, total)` is called meanwhile, in bytes. Own data
    are those that this process has registered, or that a server keeps on its disk.
    Raises `ConfigError` for an unknown name or split; `DataUnavailable` when the data are not available.
    """
    check_name(name)
    check_split(split)
    if is_own(name):
        return own.find(name).part(split)
    folder = settings.current().data_folder
    key = (name, split, folder)
    with _kept_lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    loaded = read(name, split, folder, on_progress)
    with _kept_lock:
        # If two threads read at once, both return the set that was cached first.
        loaded = _kept.setdefault(key, loaded)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return loaded


def read(name: str, split: str, folder: Path, on_progress: Callable[[int, int], None] | None) -> ImageSet:
    """`load` without the cache."""
    if name in POINT_DATASETS:
        return points.load(name, split)
    if name == "digits":
        return digits.load(split)
    if name == "shapes":
        return shapes.load(split)
    if name == "mnist-55k":
        return held_out.load(split, folder, on_progress)
    return torchvision_sets.load(name, split, folder, on_progress)


def at_hand(name: str, split: str = "train") -> bool:
    """Whether `load` needs no download. Raises `ConfigError` for an unknown name or split."""
    check_name(name)
    check_split(split)
    if is_own(name):
        return own.is_registered(name)
    if name in POINT_DATASETS or name == "shapes":
        return True
    if name == "digits" or (name == "mnist-55k" and split == "test"):
        return digits.embedded_file() is not None
    published = "mnist" if name == "mnist-55k" else name
    there = torchvision_sets.at_hand(published, split, settings.current().data_folder)
    return there and (name != "mnist-55k" or digits.embedded_file() is not None)


def first_view(name: str) -> tuple[ImageSet, str]:
    """Examples to show without a download, and a sentence that describes them.

    They are the test part if it needs no download; else the shipped sample of Fashion-MNIST, or for `mnist` the
    embedded digits, which are from MNIST's training set. Raises `DataUnavailable` when a shipped file is missing.
    """
    if name == "mnist" and not at_hand(name, "test"):
        return load("mnist-55k", "test"), (
            "5,000 digits from MNIST's training set, which come with the app; its test images are not on disk."
        )
    if name == "fashion" and not at_hand(name, "test"):
        shown = samples.read_fashion(settings.current().checkpoints)
        return shown, f"{len(shown):,} of Fashion-MNIST's test images, shipped with the app."
    shown = load(name, "test")
    what = {
        "digits": "handwritten digits held out for testing, of the 5,000 from MNIST that come with the app",
        "mnist": "test images of MNIST",
        "mnist-55k": "digits from MNIST that were left out of the training set of mnist-55k",
        "fashion": "test images of Fashion-MNIST",
        "shapes": "generated test images of shapes",
    }.get(name, f"test examples of {readable(name)}" if is_own(name) else f"generated test points of the set {name}")
    return shown, f"{len(shown):,} {what}."


def sizes(name: str) -> tuple[int, int]:
    """The numbers of training and test examples of a data set, without loading it. Raises `ConfigError`."""
    check_name(name)
    if is_own(name):
        return own.find(name).sizes
    return SIZES[name] if name in SIZES else (points.SIZES["train"], points.SIZES["test"])


def data_shape(name: str) -> tuple[int, ...]:
    """The shape of one example: (1, 28, 28), that of own images, or (2,) for points. Raises `ConfigError`."""
    check_name(name)
    if is_own(name):
        return own.find(name).data_shape
    return (2,) if name in POINT_DATASETS else (1, 28, 28)


def class_names(name: str) -> tuple[str, ...]:
    """The names of the classes of y, in order. Raises `ConfigError` for an unknown name."""
    check_name(name)
    if is_own(name):
        return own.find(name).class_names
    if name in POINT_DATASETS:
        return points.CLASSES[name]
    if name == "shapes":
        return shapes.CLASSES
    return FASHION_CLASSES if name == "fashion" else digits.CLASSES
