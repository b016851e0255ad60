"""A plot on one canvas that is redrawn in place within milliseconds, for pictures that follow a slider.

Plotly mounts a chart again whenever its data change, which the reader notices. A sketch has two axes and a list of
layers, from `sketch.layers`, drawn in their order. Parts of it can be draggable.
"""

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from vaedemo.app.components.common.files import Sources, source
from vaedemo.app.components.sketch.layers import Numbers
from vaedemo.figures import palette

LONG = 16  # shortest list of numbers that is sent as bytes
SOURCES = Sources(
    source("sketch/sketch.html"),
    ("common/legend.css", "sketch/sketch.css", "common/paper.css"),
    ("common/canvas.js", "common/axes.js", "common/life.js", "sketch/draw.js", "sketch/plot.js", "sketch/sketch.js"),
)
mount = st.components.v2.component("vaedemo_sketch", **SOURCES.for_streamlit())


@dataclass(frozen=True)
class Axis:
    """An axis: its `title` with the unit (an x axis without ticks may have none), its ends, and its ticks.

    `ticks`: (value, text) pairs, or None for round steps. `log`: a logarithmic axis (x only; give its ticks). `bare`:
    no grid lines.
    """

    title: str
    low: float
    high: float
    ticks: Sequence[tuple[float, str]] | None = None
    log: bool = False
    bare: bool = False


@dataclass(frozen=True)
class Sketch:
    """The content of a sketch.

    `layers`: from `sketch.layers`. `equal`: one unit has the same length on both axes; the axis with more room then
    shows more than its range. `readout`: (x, words) pairs; the words of the nearest x appear beside the pointer.
    `handle`: (x, y) of the draggable point; layers with `moves` follow it. `aim`: a press anywhere moves it there,
    and is told once, at its end.
    """

    x: Axis
    y: Axis
    layers: Sequence[dict[str, Any]]
    equal: bool = False
    readout: Sequence[tuple[float, str]] = ()
    handle: tuple[float, float] | None = None
    aim: bool = False


def sketch(
    drawn: Sketch,
    *,
    key: str,
    label: str,
    height: int,
    on_moved: Callable[[float, float], None] | None = None,
) -> None:
    """Draw a sketch. With the same `key` it is updated in place.

    `label` says what is shown, for screen readers. `height` is in CSS pixels at the page's default font size, without
    the legend. `on_moved(x, y)` is called before the page reruns, while the handle is dragged and at the end. A page
    with a handle needs a widget that does the same from the keyboard.

    Raises:
        ValueError: an axis without a name or extent, a logarithmic axis that reaches 0, or an empty label.
    """
    text = wire(pack(drawn, label, height))

    def receive():
        place = read_place(st.session_state[key].get("moved"))
        if place is not None and on_moved is not None:
            on_moved(*place)

    # A string, because Streamlit serializes data twice, the second time for the element's identity.
    mount(key=key, data=[text], on_moved_change=receive)


def pack(drawn: Sketch, label: str, height: int) -> dict[str, Any]:
    """The JSON for the browser."""
    if not label:
        raise ValueError("label must say what the sketch shows; it is read out in its place.")
    for name, axis in (("x", drawn.x), ("y", drawn.y)):
        if not -math.inf < axis.low < axis.high < math.inf or (axis.log and axis.low <= 0):
            raise ValueError(
                f"The {name} axis must run from a lower to a higher number, got {axis.low} to {axis.high}."
            )
    if not drawn.x.title and drawn.x.ticks != ():
        raise ValueError("The x axis needs a name.")
    return {
        "x": axis_of(drawn.x),
        "y": axis_of(drawn.y),
        "layers": list(drawn.layers),
        "equal": drawn.equal,
        "readout": [[float(x), words] for x, words in drawn.readout],
        "handle": None if drawn.handle is None else [float(number) for number in drawn.handle],
        "aim": drawn.aim,
        "label": label,
        "height": height,
        "neutral": palette.NEUTRAL,
    }


def wire(packed: dict[str, Any]) -> str:
    """`packed` as JSON text; the long lists of numbers in its layers are bytes."""
    layers = [{name: as_bytes(value) for name, value in layer.items()} for layer in packed["layers"]]
    return json.dumps(packed | {"layers": layers}, allow_nan=False, ensure_ascii=False)


def as_bytes(value: Any) -> Any:
    """A long `Numbers` as {"f4": its bytes}, a short one as a list; anything else unchanged."""
    if not isinstance(value, Numbers):
        return value
    return value.sent if len(value) >= LONG else list(value)


def axis_of(axis: Axis) -> dict[str, Any]:
    ticks = None if axis.ticks is None else [[float(value), text] for value, text in axis.ticks]
    ends = [float(axis.low), float(axis.high)]
    return {
        "title": axis.title,
        "range": ends,
        "ticks": ticks,
        "map": "log" if axis.log else "linear",
        "bare": axis.bare,
    }


def read_place(value: Any) -> tuple[float, float] | None:
    """Validate the browser's message: two finite numbers; None if malformed."""
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != 2:
        return None
    sound = all(isinstance(number, int | float) and not isinstance(number, bool) for number in value)
    return (float(value[0]), float(value[1])) if sound and all(map(math.isfinite, value)) else None
