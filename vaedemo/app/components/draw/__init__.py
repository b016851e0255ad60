"""A field in which a digit is drawn, by mouse, finger, pen or keys, or taken from a picture file. The page gets it as
text after each stroke.

The browser makes a digit of the strokes as MNIST's were made: the longer side fills a box of 20 pixels, the centre of
mass lies at pixel (14, 14) of 28 × 28. It has 8 grey levels before anything is computed from it, so that it fits into a
link (`vaedemo.datasets.drawing`).

Source: Y. LeCun, C. Cortes, C. Burges, *The MNIST database of handwritten digits*, on size and centre.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

from vaedemo.app.components.common.files import script, source
from vaedemo.datasets import drawing
from vaedemo.rules import ConfigError

mount = st.components.v2.component(
    "vaedemo_draw",
    html=source("draw/draw.html"),
    css=source("common/base.css", "common/buttons.css", "draw/draw.css", "common/paper.css"),
    js=script("common/canvas.js", "common/life.js", "draw/digit.js", "draw/photo.js", "draw/pen.js", "draw/draw.js"),
)


def draw(text: str, *, key: str, on_drawn: Callable[[str], None]) -> None:
    """Draw the field with a drawing in it, or "" for an empty field.

    `on_drawn(text)` is called before the page reruns: once for each finished stroke, undo or clear, with the whole
    drawing; "" when nothing is left of it. Strokes that are made while the page reruns are kept and told afterwards.

    Raises `ConfigError` for a text that is no drawing.
    """

    def receive() -> None:
        drawn = read_drawn(st.session_state[key].get("drawn"))
        if drawn is not None:
            on_drawn(drawn)

    mount(key=key, data=pack(text), on_drawn_change=receive)


def pack(text: str) -> list[dict[str, Any]]:
    """The JSON for the browser."""
    return [{"text": drawing.text_or_empty("drawing", text)}]


def read_drawn(message: Any) -> str | None:
    """Validate the browser's message, [number of the message, text]: the text; None if malformed."""
    match message:
        case [int(), str(text)]:
            try:
                return drawing.text_or_empty("drawing", text)
            except ConfigError:
                return None
    return None
