"""A training film as data: what a page has of it, checked and packed for the browser."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from vaedemo.app.components.common.assets import Asset, asset
from vaedemo.app.components.common.files import with_header
from vaedemo.figures import markers, palette, pixels

MOST_FRAMES = 100
MOST_POINTS = 2_000
MOST_BYTES = 16_000_000  # of one film; the shipped films have 0.2 to 2.4 million
COLOURS = {"neutral": palette.NEUTRAL, "prior": palette.PRIOR, "data": palette.DATA, "decoded": palette.RECONSTRUCTION}


@dataclass(frozen=True)
class Curve:
    """One term of the loss: name, colour, and its values on training and test data after each epoch, (E,) each."""

    name: str
    colour: str
    train: Sequence[float]
    test: Sequence[float]


@dataclass(frozen=True)
class Codes:
    """The codes of test data. `means` (F, M, 2); `labels` (M,): class indices; `classes`: their names.

    `extents` (F,): half the side of the window in each frame. `radii`: (share, radius) of the prior's contours, empty
    for a model without a prior. `axes`: the names of the two axes. `lines`: draw the contours as vertical lines,
    because there is one latent axis and the second only separates the classes.
    """

    title: str
    means: np.ndarray
    labels: np.ndarray
    classes: Sequence[str]
    extents: Sequence[float]
    radii: Sequence[tuple[float, float]] = ()
    axes: tuple[str, str] = ("z₁", "z₂")
    lines: bool = False


@dataclass(frozen=True)
class Sheet:
    """Images decoded from fixed codes: `images` (F, n, C, H, W), uint8, in rows of `columns`."""

    title: str
    images: np.ndarray
    columns: int


@dataclass(frozen=True)
class Plane:
    """Decoded points (F, n, 2) among the data (D, 2); `mesh`: s if the n = s² points form a grid, else 0.

    `window`: ((left, right), (bottom, top)).
    """

    title: str
    decoded: np.ndarray
    data: np.ndarray
    window: tuple[tuple[float, float], tuple[float, float]]
    mesh: int = 0


@dataclass(frozen=True)
class Reel:
    """A film. `steps` (F,): optimizer steps done at each frame, rising; `epoch_steps` (E,): those done at the end of
    each epoch, where the curves were measured; `first_epoch`: the number of the first of them; `unit`: of the loss;
    `changed`: (step, words) of each change of a setting on the way; `last_step`: at least so far reaches the axis of
    the curves.
    """

    steps: Sequence[int]
    curves: Sequence[Curve]
    epoch_steps: Sequence[int]
    codes: Codes
    decoded: Sheet | Plane
    unit: str = "nats per image"
    first_epoch: int = 1
    changed: Sequence[tuple[int, str]] = ()
    last_step: int = 0


@dataclass(frozen=True)
class Packed:
    """A film packed for the browser, and its number of frames."""

    film: Asset
    frames: int

    @property
    def name(self) -> str:
        """An identifier of the film: a hash of its content."""
        return self.film.name


def pack(reel: Reel) -> Packed:
    """Pack a film: length of the header, JSON header, float32 pairs, pixels.

    Raises:
        ValueError: parts that do not fit each other, more than 100 frames, 2,000 points a frame or 16 MB in all.
    """
    check(reel)
    codes, decoded, frames = reel.codes, reel.decoded, len(reel.steps)
    pairs, body = [np.asarray(codes.means).reshape(-1, 2)], b""
    header: dict[str, Any] = {
        "steps": [int(step) for step in reel.steps],
        "unit": reel.unit,
        "epochs": [int(step) for step in reel.epoch_steps],
        "first": int(reel.first_epoch),
        "curves": [
            {"name": curve.name, "colour": curve.colour, "train": _numbers(curve.train), "test": _numbers(curve.test)}
            for curve in reel.curves
        ],
        "codes": {
            "title": codes.title,
            "labels": np.asarray(codes.labels).astype(int).tolist(),
            "classes": [_class(index, name) for index, name in enumerate(codes.classes)],
            "opacity": palette.CLASS_OPACITY,
            "extents": [float(extent) for extent in codes.extents],
            "radii": [[f"{share:.0%}", float(radius)] for share, radius in codes.radii],
            "axes": list(codes.axes),
            "lines": codes.lines,
        },
        "colours": COLOURS,
    }
    if reel.changed:
        header["changed"] = [[int(step), words] for step, words in reel.changed]
    if reel.last_step:
        header["last"] = int(reel.last_step)
    if isinstance(decoded, Plane):
        pairs += [np.asarray(decoded.decoded).reshape(-1, 2), np.asarray(decoded.data)]
        header["plane"] = {
            "title": decoded.title,
            "count": int(np.shape(decoded.decoded)[1]),
            "data": len(decoded.data),
            "mesh": decoded.mesh,
            "window": [[float(end) for end in ends] for ends in decoded.window],
        }
    else:
        _, count, channels, height, width = decoded.images.shape
        header["sheet"] = {
            "title": decoded.title,
            "count": count,
            "channels": channels,
            "height": height,
            "width": width,
            "columns": min(decoded.columns, count),
        }
        body = np.ascontiguousarray(decoded.images).tobytes()
    floats = np.concatenate(pairs).astype("<f4")
    header["floats"] = int(floats.size)
    body = floats.tobytes() + body
    if len(body) > MOST_BYTES:
        raise ValueError(f"A film has at most {MOST_BYTES:,} bytes, this one has {len(body):,}.")
    return Packed(asset(with_header(header, body), "bin"), frames)


def _numbers(values: Sequence[float]) -> list[float | None]:
    """The values for JSON, which has no NaN: values that were not measured become null."""
    return [round(float(value), 4) if np.isfinite(value) else None for value in values]


def _class(index: int, name: str) -> dict[str, Any]:
    corners = markers.class_polygon(index).round(3).ravel().tolist()
    return {"name": str(name), "colour": palette.class_colour(index), "corners": corners}


def check(reel: Reel) -> None:
    """Raise ValueError if the parts of a film do not fit each other."""
    frames, codes, decoded = len(reel.steps), reel.codes, reel.decoded
    if not 1 <= frames <= MOST_FRAMES or any(b <= a for a, b in zip(reel.steps, reel.steps[1:], strict=False)):
        raise ValueError(f"steps must be 1 to {MOST_FRAMES} rising numbers, got {list(reel.steps)[:5]} … ({frames}).")
    shape = np.shape(codes.means)
    if len(shape) != 3 or shape[0] != frames or shape[2] != 2 or not 1 <= shape[1] <= MOST_POINTS:
        raise ValueError(f"means must have the shape ({frames}, 1 to {MOST_POINTS:,}, 2), got {shape}.")
    if not np.isfinite(np.asarray(codes.means, dtype=np.float64)).all():
        raise ValueError("means hold values that are not finite numbers.")
    labels = np.asarray(codes.labels)
    if labels.shape != shape[1:2] or not 0 <= labels.min() <= labels.max() < len(codes.classes):
        raise ValueError(f"labels must be one a mean, {shape[1]}, from 0 to {len(codes.classes) - 1}.")
    if len(codes.extents) != frames or not min(codes.extents) > 0:
        raise ValueError(f"extents must be one a frame, {frames}, above 0.")
    if any(not len(curve.train) == len(curve.test) == len(reel.epoch_steps) for curve in reel.curves):
        raise ValueError(f"each curve must have one value an epoch, {len(reel.epoch_steps)}.")
    if isinstance(decoded, Plane):
        shape = np.shape(decoded.decoded)
        if len(shape) != 3 or shape[0] != frames or shape[2] != 2 or np.shape(decoded.data)[1:] != (2,):
            raise ValueError(f"decoded must have the shape ({frames}, n, 2) and data (D, 2), got {shape}.")
        if decoded.mesh**2 not in (0, shape[1]):
            raise ValueError(f"a mesh of side s needs s² points, got {decoded.mesh} and {shape[1]}.")
        return
    shape = np.shape(decoded.images)
    if len(shape) != 5 or shape[0] != frames or decoded.columns < 1:
        raise ValueError(f"images must have the shape ({frames}, n, C, H, W), in 1 or more columns, got {shape}.")
    if decoded.images.dtype != np.uint8 or not shape[1]:
        raise ValueError(f"images must be uint8 and at least one a frame, got {decoded.images.dtype}{shape}.")
    pixels.as_bytes(decoded.images[0])
