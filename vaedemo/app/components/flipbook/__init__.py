"""Strips of images that play side by side in the browser, in step, there and back: no server is asked."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from vaedemo.app.components.common.files import script, source, with_header
from vaedemo.figures import pixels

MOST_FRAMES = 500  # of one pane; all panes and frames travel at once


mount = st.components.v2.component(
    "vaedemo_flipbook",
    html=source("flipbook/flipbook.html"),
    css=source("common/base.css", "common/slider.css", "common/buttons.css", "flipbook/flipbook.css"),
    js=script("common/canvas.js", "common/life.js", "flipbook/flipbook.js"),
)


def flipbook(strips: dict[str, np.ndarray], *, key: str, **how) -> None:
    """Play strips of images in step, one pane each; further arguments as for `pack`.

    It plays from the first look on, unless the reader's system asks for reduced motion; it can be paused, slowed down
    and scrubbed. It is redrawn in place while `key` stays the same.
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
    """The bytes sent to the browser: length, JSON header, pixels.

    Args:
        strips: a caption for each pane, and its images, (n, H, W) or (n, C, H, W), alike in all panes.
        label: what is played, for those who cannot see it.
        places: words for each image, such as "t = 0.5"; None counts them.
        columns: panes side by side; `side`: the largest width of one, in CSS pixels.
        milliseconds: how long an image stands; `rest`: how long the first and the last do.
        there_and_back: whether it runs back again instead of jumping to its start.

    Raises:
        ValueError: no strip, strips of unlike shapes, more than 500 images in one, an empty label, or places that are
            not one an image.
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
