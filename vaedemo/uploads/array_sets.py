"""Arrays as a data set: images or points, and labels beside them."""

from collections.abc import Iterator

import numpy as np
from PIL import Image

from vaedemo.uploads import arrays, classes
from vaedemo.uploads.answers import Decoded
from vaedemo.uploads.limits import FEWEST_POINTS, LARGEST_SIDE, MOST_CLASSES, MOST_EXAMPLES, SIDE
from vaedemo.uploads.members import Member
from vaedemo.uploads.stacks import Stack
from vaedemo.uploads.words import Refused, shown, value

DATA_NAMES = ("x", "images", "data", "x_train", "train_images")
LABEL_NAMES = ("y", "labels", "label", "target", "targets", "classes", "y_train", "train_labels")
SHAPES = "(N, H, W), (N, H, W, 1 or 3), (N, 1 or 3, H, W), (N, 784) and (N, 2) are accepted"
COLOURS = (1, 3)


def decode(where: str, members: list[Member], notes: list[str]) -> Decoded:
    """The data set of one array, or of several that are named as data and labels. Raises `Refused`.

    `where`: what holds the arrays, as the beginning of a sentence.
    """
    data = [member for member in members if stem(member.name) in DATA_NAMES]
    labels = [member for member in members if stem(member.name) in LABEL_NAMES]
    if len(members) == 1:
        data, labels = members, []
    if len(data) != 1 or len(labels) > 1:
        raise Refused(f"{where} holds several arrays: name one x, images or data and its labels y or labels.")
    if left := len(members) - len(data) - len(labels):
        notes = [*notes, f"{left:,} other {'array was' if left == 1 else 'arrays were'} passed over."]
    array = arrays.read(data[0].name, data[0].read())
    words = label_words(labels[0].name, arrays.read(labels[0].name, labels[0].read())) if labels else None
    return data_set(data[0].name, array, words, notes)


def stem(name: str) -> str:
    """The name of an array: its file's, without folders and ending."""
    return name.replace("\\", "/").split("/")[-1].lower().removesuffix(".npy")


def data_set(name: str, array: np.ndarray, words: list[str] | None, notes: list[str]) -> Decoded:
    """The data set of an array, and of a word for the class of each example if there are any. Raises `Refused`."""
    if array.dtype.kind == "U":
        raise Refused(f"{shown(name)} holds words where numbers should be.")
    if array.ndim == 0:
        raise wrong_shape(name, array)
    if len(array) > MOST_EXAMPLES:
        raise Refused(f"{shown(name)} has {len(array):,} examples: up to {MOST_EXAMPLES:,} are accepted.")
    if words is not None and len(words) != len(array):
        raise Refused(f"{shown(name)} has {len(array):,} examples and {len(words):,} labels.")
    if array.ndim == 2 and array.shape[1] == 2:
        labels, names = classes.coded(words) if words else classes.none(len(array), "points")
        return Decoded("points", labels, names, points=points(name, array), notes=tuple(notes))
    stack = Stack()
    for image in images(name, array):
        stack.add(image)
    labels, names = classes.coded(words) if words else classes.none(stack.count, classes.ONE_CLASS)
    return stack.decoded(labels, names, notes)


def points(name: str, array: np.ndarray) -> np.ndarray:
    """The points of an array, float32 (N, 2). Raises `Refused`."""
    with np.errstate(over="ignore"):  # refused below
        narrow = array.astype(np.float32)
    if not np.isfinite(narrow).all():
        raise Refused(f"{shown(name)} holds values that are not finite or too large for 32 bits.")
    if len(narrow) < FEWEST_POINTS:
        raise Refused(f"{shown(name)} has {len(narrow)} points: {FEWEST_POINTS} are the fewest.")
    return narrow


def images(name: str, array: np.ndarray) -> Iterator[Image.Image]:
    """The images of an array in grey, one after another. Raises `Refused` for another shape or other values."""
    array = with_colours_last(name, array)
    height, width = array.shape[1:3]
    if max(height, width) > LARGEST_SIDE:
        raise Refused(
            f"{shown(name)} has images of {width:,} by {height:,} pixels; up to {LARGEST_SIDE} a side are accepted."
        )
    for example in array:
        pixels = levels(name, example)
        grey = pixels[..., 0] if pixels.shape[-1] == 1 else pixels
        yield Image.fromarray(np.ascontiguousarray(grey)).convert("L")


def with_colours_last(name: str, array: np.ndarray) -> np.ndarray:
    """The array as (N, H, W, 1 or 3). Raises `Refused` for a shape that is none of images, or could be of two kinds."""
    shape = array.shape
    if array.ndim == 2 and shape[1] == SIDE * SIDE:
        return array.reshape(-1, SIDE, SIDE, 1)
    if array.ndim == 3 and shape[2] not in COLOURS:  # one image in colour would look like many of three columns
        return array[..., None]
    if array.ndim == 4 and (shape[1] in COLOURS) != (shape[3] in COLOURS):
        return array if shape[3] in COLOURS else array.transpose(0, 2, 3, 1)
    raise wrong_shape(name, array)


def wrong_shape(name: str, array: np.ndarray) -> Refused:
    """The refusal of an array whose shape is none of images or points."""
    return Refused(f"{shown(name)} has {value(str(array.shape))} as its shape: {SHAPES}.")


def levels(name: str, example: np.ndarray) -> np.ndarray:
    """The values of one example as uint8. Raises `Refused` for values that are no levels of grey."""
    kind, low, high = example.dtype.kind, example.min(), example.max()
    if kind == "b":
        return example.astype(np.uint8) * 255
    if kind in "iu" and low >= 0 and high <= 255:
        return example.astype(np.uint8)
    if kind == "f" and low >= 0 and high <= 1:  # false for what is not a number
        return np.rint(example.astype(np.float64) * 255).astype(np.uint8)
    raise Refused(
        f"{shown(name)} has values from {float(low):.4g} to {float(high):.4g}: "
        "whole numbers from 0 to 255 or decimal numbers from 0 to 1 are accepted."
    )


def label_words(name: str, array: np.ndarray) -> list[str]:
    """A word for the class of each example. Raises `Refused` for labels that are no classes."""
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    whole = array.dtype.kind in "biu" and array.min() >= 0 and array.max() < MOST_CLASSES
    if array.ndim != 1 or not (whole or array.dtype.kind == "U"):
        raise Refused(
            f"{shown(name)} holds no labels: whole numbers from 0 to {MOST_CLASSES - 1} or words, "
            "one for each example, are accepted."
        )
    return [str(int(label)) if whole else str(label) for label in array]
