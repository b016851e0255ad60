"""The layers of a sketch: arrays in, JSON out. Coordinates are in units of the data; sizes are CSS pixels.

All layers also accept the keywords `color` (a colour of the palette, or "text" for the page's text colour), `name` (an
entry in the legend), `alpha` (opacity) and `moves` (it follows the sketch's handle). Lines also accept `width` and
`dash` ("solid", "dashed" or "dotted").
"""

import base64
import math
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np

DIGITS = 5  # decimals of a coordinate: far more precise than a pixel


def line(x, y, **look) -> dict[str, Any]:
    """A line through points, interrupted at NaN. `fill`: opacity of the enclosed area."""
    return {"kind": "line", "x": numbers(x), "y": numbers(y), **look}


def band(x, low, high, **look) -> dict[str, Any]:
    """The area between two curves."""
    return {"kind": "band", "x": numbers(x), "low": numbers(low), "high": numbers(high), **look}


def dots(x, y, radius, **look) -> dict[str, Any]:
    """Discs; `radius`: one number for all, or one per disc. `rim`: whether a thin ring separates each from the
    background."""
    radius = numbers(np.broadcast_to(np.asarray(radius, np.float64), np.shape(np.atleast_1d(x))))
    return {"kind": "dots", "x": numbers(x), "y": numbers(y), "r": radius, **look}


def spread(x, low, high, **look) -> dict[str, Any]:
    """Vertical error bars."""
    return {"kind": "spread", "x": numbers(x), "low": numbers(low), "high": numbers(high), **look}


def bar(x: Sequence[float], y: Sequence[float], **look) -> dict[str, Any]:
    """A rectangle from x[0] to x[1] and from y[0] to y[1], clipped to the plot."""
    return {"kind": "bar", "x": numbers(x), "y": numbers(y), **look}


def level(at: float, **look) -> dict[str, Any]:
    """A horizontal line across the plot."""
    return {"kind": "level", "at": float(at), **look}


def upright(at: float, **look) -> dict[str, Any]:
    """A vertical line from the bottom to the top."""
    return {"kind": "upright", "at": float(at), **look}


def words(x: float, y: float, text: str, **look) -> dict[str, Any]:
    """Text at a point, kept inside the plot.

    `align`: left, center or right; `baseline`: a canvas's text baseline; `bold`; `shift`: pixels to the right.
    """
    return {"kind": "words", "x": float(x), "y": float(y), "text": text, **look}


def heat(x: Sequence[float], y: Sequence[float], shares, color: str, levels=(), strength: float = 0.85, **look):
    """A field in one colour, from transparent at 0 to the opacity `strength` at 1, with contour lines at `levels`.

    `shares`: (rows, columns) from 0 to 1 at the nodes of a regular grid from x[0] to x[1] and, with the lowest row
    first, from y[0] to y[1].
    """
    shares = np.clip(np.asarray(shares, np.float64), 0, 1)
    return {
        "kind": "heat",
        "x": numbers(x),
        "y": numbers(y),
        "shape": list(shares.shape),
        "values": base64.b64encode(np.round(255 * shares).astype(np.uint8).tobytes()).decode(),
        "levels": [round(255 * float(share)) for share in levels],
        "color": color,
        "strength": strength,
        **look,
    }


class Numbers(Sequence):
    """Numbers for JSON, with null for NaN; `sent` is their encoding as bytes, computed once.

    A layer that is reused between reruns therefore costs almost nothing. It takes 13 bytes a number; a list of floats
    takes 32.
    """

    def __init__(self, array: np.ndarray):
        self._array = np.where(np.isfinite(array), array, np.nan)

    def __len__(self) -> int:
        return len(self._array)

    def __getitem__(self, index):
        if isinstance(index, slice):
            return Numbers(self._array[index])
        value = float(self._array[index])
        return None if math.isnan(value) else value

    def __iter__(self) -> Iterator[float | None]:
        return iter([None if math.isnan(value) else value for value in self._array.tolist()])

    def __eq__(self, other) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None

    def __repr__(self) -> str:
        return f"Numbers({list(self)})"

    @cached_property
    def sent(self) -> dict[str, str]:
        """The bytes of float32, with NaN for null. Faster to write than decimals, and the rounding is far below a
        pixel."""
        return {"f4": base64.b64encode(self._array.astype("<f4").tobytes()).decode("ascii")}


def numbers(values) -> Numbers:
    """Values for JSON: NaN and infinities become null."""
    return Numbers(np.round(np.atleast_1d(np.asarray(values, np.float64)), DIGITS))
