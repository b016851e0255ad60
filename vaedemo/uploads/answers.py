"""The child's answer: what it decoded or one sentence, written by the child and checked by the parent.

Four bytes with the length of a JSON header, the header, then the arrays: of images the two framings and the labels, of
points the points and the labels. The parent believes nothing that it did not check.
"""

import json
import struct
from dataclasses import dataclass, field

import numpy as np

from vaedemo.uploads.limits import (
    FEWEST_POINTS,
    LARGEST_ANSWER_HEADER,
    MOST_CLASSES,
    MOST_EXAMPLES,
    MOST_NOTES,
    SIDE,
)
from vaedemo.uploads.words import TOO_MUCH, Refused, class_name, is_sentence

LENGTH = struct.Struct(">I")
FRAMINGS = ("whole", "square")


class BadAnswer(Exception):
    """The child's answer is not one that it may give."""


@dataclass(frozen=True, eq=False)
class Decoded:
    """What an upload holds: images or points, their classes, and what was left out.

    `kind`: "images" or "points". `framings` of images: "whole" and "square", each uint8 of shape (N, 28, 28).
    `points`: float32 of shape (N, 2). `labels`: int64 of shape (N,), zeros if there are no classes. `class_names`:
    printable, one for each label, a single one if there are no classes. `notes`: sentences on what was left out.
    """

    kind: str
    labels: np.ndarray
    class_names: tuple[str, ...]
    framings: dict[str, np.ndarray] = field(default_factory=dict)
    points: np.ndarray | None = None
    notes: tuple[str, ...] = ()


def refusal(sentence: str) -> bytes:
    """The answer that refuses an upload with one sentence."""
    return with_header({"refused": sentence if is_sentence(sentence) else TOO_MUCH})


def written(decoded: Decoded) -> bytes:
    """The answer that holds what was decoded."""
    header = {
        "kind": decoded.kind,
        "count": len(decoded.labels),
        "class_names": list(decoded.class_names),
        "notes": list(decoded.notes),
    }
    arrays = [decoded.framings[name] for name in FRAMINGS] if decoded.kind == "images" else [decoded.points]
    types = ["u1", "u1"] if decoded.kind == "images" else ["<f4"]
    parts = [np.ascontiguousarray(array, type_) for array, type_ in zip(arrays, types, strict=True)]
    return with_header(header, *parts, np.ascontiguousarray(decoded.labels, "<i8"))


def with_header(header: dict, *arrays: np.ndarray) -> bytes:
    """An answer of a header and the bytes of arrays."""
    encoded = json.dumps(header).encode("ascii")
    return b"".join([LENGTH.pack(len(encoded)), encoded, *(array.reshape(-1).view("u1") for array in arrays)])


def read(answer: bytes) -> Decoded:
    """What an answer holds, checked. Raises `Refused` with the child's sentence, and `BadAnswer`."""
    header, offset = header_of(answer)
    if set(header) == {"refused"} and is_sentence(header["refused"]) and offset == len(answer):
        raise Refused(header["refused"])
    if set(header) != {"kind", "count", "class_names", "notes"}:
        raise BadAnswer("a header with other entries")
    kind, count, names, notes = header["kind"], header["count"], header["class_names"], header["notes"]
    least = {"images": 1, "points": FEWEST_POINTS}.get(kind) if isinstance(kind, str) else None
    if least is None or type(count) is not int or not least <= count <= MOST_EXAMPLES:
        raise BadAnswer("a kind or a count that cannot be")
    check_words(names, notes)
    body = memoryview(answer)[offset:]
    per_example = (2 * SIDE * SIDE if kind == "images" else 8) + 8
    if len(body) != count * per_example:
        raise BadAnswer("arrays of another size than the header's")
    labels = np.frombuffer(body[-8 * count :], "<i8").astype(np.int64)
    if labels.min() < 0 or labels.max() >= len(names):
        raise BadAnswer("labels without a class")
    words = {"labels": labels, "class_names": tuple(names), "notes": tuple(notes)}
    if kind == "points":
        points = np.frombuffer(body[: 8 * count], "<f4").astype(np.float32).reshape(count, 2)
        if not np.isfinite(points).all():
            raise BadAnswer("points that are not finite")
        return Decoded(kind, points=points, **words)
    images = np.frombuffer(body[: -8 * count], np.uint8).reshape(2, count, SIDE, SIDE)
    return Decoded(kind, framings={name: part.copy() for name, part in zip(FRAMINGS, images, strict=True)}, **words)


def header_of(answer: bytes) -> tuple[dict, int]:
    """The header of an answer and where its arrays begin. Raises `BadAnswer`."""
    if len(answer) < LENGTH.size:
        raise BadAnswer("no header")
    (length,) = LENGTH.unpack_from(answer)
    end = LENGTH.size + length
    if length > LARGEST_ANSWER_HEADER or end > len(answer):
        raise BadAnswer("a header of another length")
    try:
        header = json.loads(answer[LENGTH.size : end].decode("ascii"))
    except (ValueError, RecursionError):
        raise BadAnswer("a header that is no JSON") from None
    if not isinstance(header, dict):
        raise BadAnswer("a header that is no table")
    return header, end


def check_words(names: object, notes: object) -> None:
    """Raise `BadAnswer` for class names and notes that may not be shown."""
    if not isinstance(names, list) or not 1 <= len(names) <= MOST_CLASSES:
        raise BadAnswer("a number of classes that cannot be")
    for name in names:
        if not isinstance(name, str) or name != class_name(name):
            raise BadAnswer("a class name that may not be shown")
    if not isinstance(notes, list) or len(notes) > MOST_NOTES or not all(is_sentence(note) for note in notes):
        raise BadAnswer("notes that may not be shown")
