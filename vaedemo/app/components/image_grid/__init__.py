"""A grid of small images, drawn sharp on one canvas in the browser, that says which image was clicked."""

import zlib
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import streamlit as st

from vaedemo.app.components.common.files import script, source, with_header
from vaedemo.figures import pixels

FASTEST = 1  # of zlib's levels: a millisecond for a hundred digits, and half their size
MOST_IMAGES = 2500  # a canvas of this many 28 × 28 images is still drawn within a frame or two


class Upcoming(NamedTuple):
    """What a grid will show after the press of a button: images as `image_grid` takes them, and the button's key."""

    images: Any
    button: str


mount = st.components.v2.component(
    "vaedemo_image_grid",
    html=source("image_grid/image_grid.html"),
    css=source("image_grid/image_grid.css"),
    js=script("common/canvas.js", "image_grid/image_grid.js"),
)


def image_grid(
    images,
    columns: int,
    *,
    key: str,
    label: str,
    captions: Sequence[str] | None = None,
    selected: int | None = None,
    scale_hint: float = 3.0,
    clickable: bool = True,
    on_click: Callable[[int], None] | None = None,
    upcoming: Upcoming | None = None,
) -> int | None:
    """Draw images in a grid; return the index of the one clicked in this run, else None.

    The images stay sharp (whole device pixels, no smoothing), are never stretched and never wider than the column
    they stand in. Arrow keys, Home and End move through the grid, Enter and Space choose.

    A page that knows what a press of one of its buttons will show can send that along as `upcoming`: the browser
    paints it at the press, and the rerun that the press causes, which draws the same images, brings all else.

    Args:
        images: (n, H, W) or (n, C, H, W), C = 1 or 3; uint8, or floats, which are clipped to [0, 1] for display.
        columns: images per row.
        key: unique on the page; while it stays the same, the grid is redrawn in place.
        label: what the grid shows, for those who cannot see it.
        captions: a few words under each image, n of them.
        selected: index of the image to ring, or None. The page owns it: it is what a deep link restores.
        scale_hint: the largest magnification, in CSS pixels per image pixel.
        clickable: False makes it a plain picture: no hover, no focus, no index.
        on_click: called with the index before the page reruns, so that widgets above the grid can follow.
        upcoming: what the grid will show after a press of a button, with nothing selected.

    Raises:
        ValueError: images of another shape, none or more than 2,500 of them, an empty label, `columns` below 1,
            captions that are not one per image, or upcoming images of another shape than those shown.
    """
    payload, count = pack(images, columns, label, captions, selected, scale_hint, clickable, upcoming)

    def handle_click():
        index = valid_index(st.session_state[key].get("clicked"), count)
        if on_click is not None and index is not None:
            on_click(index)

    result = mount(key=key, data=payload, on_clicked_change=handle_click)
    return valid_index(result.get("clicked"), count) if clickable else None


def pack(images, columns, label, captions, selected, scale, clickable, upcoming=None) -> tuple[bytes, int]:
    """The bytes sent to the browser and the number of images.

    Length, JSON header, pixels; then, where there are some, the pixels of the upcoming images, deflated: nobody waits
    for them, so they shall not make those wait that are shown.
    """
    pictures = pixels.as_bytes(images)
    count, channels, height, width = pictures.shape
    if not 1 <= count <= MOST_IMAGES:
        raise ValueError(f"image_grid draws 1 to {MOST_IMAGES:,} images, got {count:,}.")
    if columns < 1:
        raise ValueError(f"columns must be at least 1, got {columns}.")
    if not label:
        raise ValueError("label must say what the grid shows; it is read out in place of the images.")
    if captions is not None and len(captions) != count:
        raise ValueError(f"captions must be one per image, {count}, got {len(captions)}.")
    header = {
        "count": count,
        "channels": channels,
        "height": height,
        "width": width,
        "columns": min(int(columns), count),
        "label": label,
        "captions": None if captions is None else [str(caption) for caption in captions],
        "selected": valid_index(selected, count),
        "scale": float(scale),
        "clickable": bool(clickable),
        "button": None if upcoming is None else upcoming.button,
    }
    later = b"" if upcoming is None else upcoming_pixels(upcoming, pictures.shape)
    return with_header(header, pictures.tobytes(), later), count


def upcoming_pixels(upcoming: Upcoming, shape: tuple[int, ...]) -> bytes:
    pictures = pixels.as_bytes(upcoming.images)
    if pictures.shape != shape:
        raise ValueError(f"upcoming images must be as those shown, {shape}, got {pictures.shape}.")
    return zlib.compress(pictures.tobytes(), FASTEST)


def valid_index(value: Any, count: int) -> int | None:
    """`value` if it is a whole number from 0 to count − 1; None for whatever else a browser might send."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value < count else None
