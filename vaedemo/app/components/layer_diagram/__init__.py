"""A network drawn as its layers: each a picture with one square per number, and the weights between them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from vaedemo.app.components.common.files import script, source, with_header
from vaedemo.figures import palette

MOST_LAYERS = 16
LARGEST_SIDE = 512  # squares; in a larger layer single squares would not be visible

mount = st.components.v2.component(
    "vaedemo_layer_diagram",
    html=source("layer_diagram/layer_diagram.html"),
    css=source("common/base.css", "layer_diagram/layer_diagram.css", "common/paper.css"),
    js=script("common/canvas.js", "common/life.js", "layer_diagram/layer_diagram.js"),
)


@dataclass(frozen=True)
class Box:
    """One layer: its `title`, a few short `lines` of text, and its `picture`, uint8 (H, W, 4).

    `parameters`: the number of weights from the layer before, as words; empty for the first.
    """

    title: str
    lines: Sequence[str]
    parameters: str
    picture: np.ndarray


def layer_diagram(boxes: Sequence[Box], *, key: str, label: str) -> None:
    """Draw the layers from left to right, on a narrow screen from top to bottom. With the same `key` they are updated
    in place.

    `label` says what is shown, for screen readers.

    Raises:
        ValueError: no layer or more than 16, a picture of another shape or type or over 512 squares wide or high, or an
            empty label.
    """
    mount(key=key, data=pack(boxes, label))


def pack(boxes: Sequence[Box], label: str) -> bytes:
    """Pack the layers: length of the header, JSON header, the bytes of the pictures."""
    if not 1 <= len(boxes) <= MOST_LAYERS:
        raise ValueError(f"A diagram has 1 to {MOST_LAYERS} layers, got {len(boxes)}.")
    if not label:
        raise ValueError("label must say what the diagram shows; it is read out in its place.")
    for box in boxes:
        sound = box.picture.dtype == np.uint8 and box.picture.ndim == 3 and box.picture.shape[2] == 4
        if not sound or not all(1 <= side <= LARGEST_SIDE for side in box.picture.shape[:2]):
            raise ValueError(
                f"The picture of {box.title!r} must be uint8 (H, W, 4) with sides of 1 to {LARGEST_SIDE}, "
                f"got {box.picture.dtype} {box.picture.shape}."
            )
    layers = [
        {
            "title": box.title,
            "lines": [str(line) for line in box.lines],
            "parameters": box.parameters,
            "height": box.picture.shape[0],
            "width": box.picture.shape[1],
        }
        for box in boxes
    ]
    header = {"label": label, "layers": layers, "neutral": palette.NEUTRAL}
    return with_header(header, *(box.picture.tobytes() for box in boxes))
