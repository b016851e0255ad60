"""The layers of a sketch: arrays in, plain JSON out. Coordinates are the data's own; sizes are CSS pixels.

Each takes, as further keywords, `color` (a colour of the palette, or "text" for the page's ink), `name` (an entry in
the legend), `alpha` (opacity) and `moves` (it follows the sketch's handle); lines also `width` and `dash` ("solid",
"dashed" or "dotted").
"""

import base64
import math
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np

DIGITS = 5  # decimals kept of a coordinate: far below a pixel


def line(x, y, **look) -> dict[str, Any]:
    """A line through points; torn where one is NaN. `fill`: opacity of the area it encloses."""
    return {"kind": "line", "x": numbers(x), "y": numbers(y), **look}


def band(x, low, high, **look) -> dict[str, Any]:
    """The area between two curves."""
    return {"kind": "band", "x": numbers(x), "low": numbers(low), "high": numbers(high), **look}


def dots(x, y, radius, **look) -> dict[str, Any]:
    """Discs; `radius` is one number or one a disc. `rim`: whether a thin ring sets each off from what lies below."""
    radius = numbers(np.broadcast_to(np.asarray(radius, np.float64), np.shape(np.atleast_1d(x))))
    return {"kind": "dots", "x": numbers(x), "y": numbers(y), "r": radius, **look}


def spread(x, low, high, **look) -> dict[str, Any]:
    """Upright error bars."""
    return {"kind": "spread", "x": numbers(x), "low": numbers(low), "high": numbers(high), **look}


def bar(x: Sequence[float], y: Sequence[float], **look) -> dict[str, Any]:
    """A rectangle from x[0] to x[1] and from y[0] to y[1]; cut off at the plot's ends."""
    return {"kind": "bar", "x": numbers(x), "y": numbers(y), **look}


def level(at: float, **look) -> dict[str, Any]:
    """A line across the plot at one height."""
    return {"kind": "level", "at": float(at), **look}


def upright(at: float, **look) -> dict[str, Any]:
    """A line from the bottom to the top at one x."""
    return {"kind": "upright", "at": float(at), **look}


def words(x: float, y: float, text: str, **look) -> dict[str, Any]:
    """Text at a point, kept inside the plot.

    `align`: left, center or right; `baseline`: as a canvas has it; `bold`; `shift`: pixels to the right.
    """
    return {"kind": "words", "x": float(x), "y": float(y), "text": text, **look}


def heat(x: Sequence[float], y: Sequence[float], shares, color: str, levels=(), strength: float = 0.85, **look):
    """A field of one colour, from clear at 0 to `strength` of full at 1, with curves along `levels`.

    `shares`: (rows, columns) from 0 to 1 at the nodes of a regular grid from x[0] to x[1] and, row by row upwards,
    from y[0] to y[1].
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
    """Numbers as JSON has them, null for what is none; `sent` is what they travel as, made once.

    A layer that is kept from one change to the next therefore costs next to nothing, and 13 bytes a number, where a
    list of floats takes 32.
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
        """The bytes of float32, where null is NaN: far cheaper to write than decimals, and far below a pixel off."""
        return {"f4": base64.b64encode(self._array.astype("<f4").tobytes()).decode("ascii")}


def numbers(values) -> Numbers:
    """Values as JSON has them: NaN and infinities become null."""
    return Numbers(np.round(np.atleast_1d(np.asarray(values, np.float64)), DIGITS))
