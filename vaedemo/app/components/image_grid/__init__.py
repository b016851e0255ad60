"""A grid of small images on one canvas, drawn without smoothing; it reports which image was clicked."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from vaedemo.app.components.common.files import Sources, source, with_header
from vaedemo.figures import pixels

MOST_IMAGES = 2500  # a canvas of this many 28 × 28 images is still drawn within a frame or two

SOURCES = Sources(
    source("image_grid/image_grid.html"),
    ("image_grid/image_grid.css", "common/paper.css"),
    ("common/canvas.js", "common/life.js", "image_grid/image_grid.js"),
)
mount = st.components.v2.component("vaedemo_image_grid", **SOURCES.for_streamlit())


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
) -> int | None:
    """Draw images in a grid; return the index of the one clicked in this run, else None.

    The images are drawn with whole device pixels, without smoothing or stretching, and never wider than their column.
    Arrow keys, Home and End move through the grid, Enter and Space choose.

    Args:
        images: (n, H, W) or (n, C, H, W), C = 1 or 3; uint8, or floats, which are clipped to [0, 1] for display.
        columns: images per row.
        key: unique on the page; with the same key the grid is updated in place.
        label: what the grid shows, for screen readers.
        captions: a few words under each image, n of them.
        selected: index of the image with a ring, or None. The page owns it, so that a link can restore it.
        scale_hint: the largest magnification, in CSS pixels per image pixel.
        clickable: False makes it a plain picture without hover, focus or index.
        on_click: called with the index before the page reruns, so that widgets above the grid can use it.

    Raises:
        ValueError: images of another shape, none or more than 2,500 of them, an empty label, `columns` below 1, or
            captions that are not one per image.
    """
    payload, count = pack(images, columns, label, captions, selected, scale_hint, clickable)

    def handle_click():
        index = valid_index(st.session_state[key].get("clicked"), count)
        if on_click is not None and index is not None:
            on_click(index)

    result = mount(key=key, data=payload, on_clicked_change=handle_click)
    return valid_index(result.get("clicked"), count) if clickable else None


def pack(images, columns, label, captions, selected, scale, clickable) -> tuple[bytes, int]:
    """Pack the images (length of the header, JSON header, pixels); return the bytes and the number of images."""
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
    }
    return with_header(header, pictures.tobytes()), count


def valid_index(value: Any, count: int) -> int | None:
    """Validate the browser's message: a whole number from 0 to count − 1; None if malformed."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value < count else None
