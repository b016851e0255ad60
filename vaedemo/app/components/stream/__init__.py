"""Points that move along their paths over a sketch, played in the browser without the server."""

import numpy as np
import streamlit as st

from vaedemo.app.components.common.files import script, source
from vaedemo.app.components.sketch import Sketch, as_bytes, wire
from vaedemo.app.components.sketch import pack as pack_sketch
from vaedemo.app.components.sketch.layers import Numbers

MOST_POINTS = 1_000
MOST_PLACES = 200
DIGITS = 3  # decimals of a coordinate


mount = st.components.v2.component(
    "vaedemo_stream",
    html=source("stream/stream.html"),
    css=source(
        "common/base.css",
        "common/legend.css",
        "common/slider.css",
        "common/buttons.css",
        "stream/stream.css",
        "common/paper.css",
    ),
    js=script(
        "common/canvas.js", "common/axes.js", "common/life.js", "sketch/draw.js", "sketch/plot.js", "stream/stream.js"
    ),
)


def stream(paths: np.ndarray, ground: Sketch, *, key: str, **how) -> None:
    """Play points along their paths over a fixed sketch; other arguments as for `pack`.

    At first it shows the first step, at rest; it moves by its button or slider.
    With the same `key` it is updated in place.
    """
    packed = pack(paths, ground, **how)
    mount(key=key, data=[wire(packed | {"paths": [as_bytes(place) for place in packed["paths"]]})])


def pack(
    paths: np.ndarray,
    ground: Sketch,
    *,
    name: str,
    color: str,
    label: str,
    height: int,
    slider: str = "Steps",
    milliseconds: int = 450,
) -> dict:
    """The JSON for the browser.

    Args:
        paths: the positions of the points after each step, (K + 1, N, 2), the start first.
        ground: axes and layers below the points.
        name, color: of the points in the legend.
        label: what is shown, for screen readers; `slider`: the slider's name.
        height: of the plot, in CSS pixels at the page's default font size.
        milliseconds: duration of a step.

    Raises:
        ValueError: paths of another shape, too many, or with a number that is not finite.
    """
    paths = np.asarray(paths, np.float64)
    if paths.ndim != 3 or paths.shape[2] != 2 or not 1 <= len(paths) <= MOST_PLACES:
        raise ValueError(f"paths must have the shape (1 to {MOST_PLACES}, N, 2), got {paths.shape}.")
    if not 1 <= paths.shape[1] <= MOST_POINTS:
        raise ValueError(f"A stream has 1 to {MOST_POINTS:,} points, got {paths.shape[1]:,}.")
    if not np.isfinite(paths).all():
        raise ValueError("Every place of a path must be finite.")
    return pack_sketch(ground, label, height) | {
        "paths": [Numbers(place) for place in np.round(paths, DIGITS).reshape(len(paths), -1)],
        "name": name,
        "color": color,
        "slider": slider,
        "milliseconds": milliseconds,
    }
