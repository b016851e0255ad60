"""Two training films side by side, moved by one bar: codes above, what the decoder makes of a grid of z below."""

from collections.abc import Callable

import streamlit as st

from vaedemo.app.components.common.files import script, source
from vaedemo.app.components.film import STYLES, above_bar, play
from vaedemo.app.components.film.reel import Packed

DECODED = "What the decoder makes of z from a grid over N(0, I)"
mount = st.components.v2.component(
    "vaedemo_film_pair",
    html=above_bar("film_pair/pair.html"),
    css=source(*STYLES, "film_pair/pair.css", "common/paper.css"),
    js=script(
        "common/canvas.js",
        "common/fetched.js",
        "common/axes.js",
        "common/life.js",
        "film/pictures.js",
        "film/reel.js",
        "film/hands.js",
        "film_pair/pair.js",
    ),
)


def film_pair(
    first: Packed,
    second: Packed,
    names: tuple[str, str],
    start: int,
    *,
    key: str,
    on_settled: Callable[[int], None] | None = None,
    decoded: str = DECODED,
) -> None:
    """Show two films of images, paused at frame `start` of the second, which has at least as many steps as the first.

    At each of its steps the first film shows what it had learned by then; after its own last step, its last frame. The
    second film's largest contour of the prior is drawn in both. `names`: of the two models. `decoded`: what the lower
    images are.
    `on_settled(frame)` is called before the page reruns, when the films rest.

    Raises:
        ValueError: a frame that the second film does not have.
    """
    play([first, second], start, key=key, on_settled=on_settled, mount=mount, names=list(names), decoded=decoded)
