"""Grids of small images side by side, each with a title, as one element of the page instead of four."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import streamlit as st

from vaedemo.app.components.common.files import script, source, with_header
from vaedemo.figures import pixels

MOST_PANELS = 8


class Panel(NamedTuple):
    """A grid: its title, its images as `image_grid` takes them, and its label for screen readers."""

    title: str
    images: Any
    label: str


mount = st.components.v2.component(
    "vaedemo_grid_row",
    html=source("grid_row/grid_row.html"),
    css=source("common/base.css", "grid_row/grid_row.css", "common/paper.css"),
    js=script("common/canvas.js", "common/life.js", "grid_row/grid_row.js"),
)


def grid_row(panels: Sequence[Panel], columns: int, *, key: str, scale_hint: float = 3.0) -> None:
    """Draw grids of one shape side by side, as many as fit. With the same `key` they are updated in place.

    Arguments as for `pack`; `scale_hint` is the largest magnification, in CSS pixels per image pixel.
    """
    mount(key=key, data=pack(panels, columns, scale_hint))


def pack(panels: Sequence[Panel], columns: int, scale: float) -> bytes:
    """Pack the panels: length of the header, JSON header, and the pixels of all panels, (panels, n, C, H, W).

    Args:
        panels: 1 to 8 of them, with images of one shape (n, C, H, W) or (n, H, W), each with a title and a label.
        columns: images per row of a grid.
        scale: the largest magnification.

    Raises:
        ValueError: no panel or more than eight, images of different shapes or none, an empty title or label, or
            `columns` below 1.
    """
    if not 1 <= len(panels) <= MOST_PANELS:
        raise ValueError(f"A row has 1 to {MOST_PANELS} grids, got {len(panels)}.")
    pictures = [pixels.as_bytes(panel.images) for panel in panels]
    shapes = {each.shape for each in pictures}
    if len(shapes) > 1 or 0 in pictures[0].shape:
        raise ValueError(f"The grids of a row must hold images of one shape, got {sorted(shapes)}.")
    if columns < 1:
        raise ValueError(f"columns must be at least 1, got {columns}.")
    if not all(panel.title and panel.label for panel in panels):
        raise ValueError("Every grid needs a title, and a label to be read out in place of its images.")
    shape = dict(zip(("count", "channels", "height", "width"), pictures[0].shape, strict=True))
    header = shape | {
        "columns": min(int(columns), shape["count"]),
        "scale": float(scale),
        "panels": [{"title": panel.title, "label": panel.label} for panel in panels],
    }
    return with_header(header, *(each.tobytes() for each in pictures))
