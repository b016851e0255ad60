"""Strips of images, played in step side by side, forward and back, in the browser without the server."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from vaedemo.app.components.common.files import script, source, with_header
from vaedemo.figures import pixels

MOST_FRAMES = 500  # of one pane; all frames of all panes are sent in one message


mount = st.components.v2.component(
    "vaedemo_flipbook",
    html=source("flipbook/flipbook.html"),
    css=source(
        "common/base.css", "common/slider.css", "common/buttons.css", "flipbook/flipbook.css", "common/paper.css"
    ),
    js=script("common/canvas.js", "common/life.js", "flipbook/flipbook.js"),
)


def flipbook(strips: dict[str, np.ndarray], *, key: str, **how) -> None:
    """Play strips of images in step, one pane each; other arguments as for `pack`.

    It starts by itself, unless the reader's system asks for reduced motion. It can be paused, slowed down and scrubbed.
    With the same `key` it is updated in place.
    """
    mount(key=key, data=pack(strips, **how))


def pack(
    strips: dict[str, np.ndarray],
    *,
    label: str,
    places: Sequence[str] | None = None,
    columns: int = 2,
    side: int = 150,
    milliseconds: int = 60,
    rest: int = 500,
    there_and_back: bool = True,
) -> bytes:
    """Pack the strips: length of the header, JSON header, pixels.

    Args:
        strips: a caption for each pane, and its images, (n, H, W) or (n, C, H, W), of one shape in all panes.
        label: what is played, for screen readers.
        places: words for each image, such as "t = 0.5"; None numbers them.
        columns: panes side by side; `side`: the largest width of one, in CSS pixels.
        milliseconds: duration of an image; `rest`: duration of the first and the last.
        there_and_back: play backward at the end instead of jumping to the start.

    Raises:
        ValueError: no strip, strips of different shapes, more than 500 images in one, an empty label, or a number of
            places other than the number of images.
    """
    pictures = [pixels.as_bytes(strip) for strip in strips.values()]
    shapes = {strip.shape for strip in pictures}
    if len(shapes) != 1:
        raise ValueError(f"A flipbook plays strips of one shape, got {sorted(shapes) or 'none'}.")
    frames, channels, height, width = shapes.pop()
    if not 1 <= frames <= MOST_FRAMES:
        raise ValueError(f"A flipbook plays 1 to {MOST_FRAMES} images a strip, got {frames}.")
    if not label:
        raise ValueError("label must say what the flipbook plays; it is read out in place of the images.")
    places = [f"{index + 1} of {frames}" for index in range(frames)] if places is None else [*map(str, places)]
    if len(places) != frames:
        raise ValueError(f"places must be one an image, {frames}, got {len(places)}.")
    header = {
        "panes": list(strips),
        "frames": frames,
        "channels": channels,
        "height": height,
        "width": width,
        "places": places,
        "label": label,
        "columns": min(columns, len(pictures)),
        "side": side,
        "milliseconds": milliseconds,
        "rest": rest,
        "back": there_and_back,
    }
    return with_header(header, np.stack(pictures).tobytes())
