"""A training film: loss curves, latent scatter and decoded sheet in step, played in the browser."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from vaedemo.app.components.common.assets import asset_store
from vaedemo.app.components.common.files import Sources, source
from vaedemo.app.components.film.reel import Packed

SCRIPTS = (
    "common/canvas.js",
    "common/fetched.js",
    "common/axes.js",
    "common/life.js",
    "film/curves.js",
    "film/pictures.js",
    "film/reel.js",
    "film/hands.js",
    "film/film.js",
)

STYLES = ("common/base.css", "common/slider.css", "common/buttons.css", "common/player.css", "film/bar.css")


def above_bar(pictures: str) -> str:
    """The HTML of a film: the pictures of a file, and the bar that moves them."""
    return f'<div class="film" role="group">{source(pictures, "film/bar.html")}</div>'


SOURCES = Sources(above_bar("film/film.html"), (*STYLES, "film/film.css", "common/paper.css"), SCRIPTS)
mount = st.components.v2.component("vaedemo_film", **SOURCES.for_streamlit())


def film_player(
    packed: Packed, start: int, *, key: str, on_settled: Callable[[int], None] | None = None, low: bool = False
) -> None:
    """Show a film, paused at frame `start`; `low`: in one row of panes, for a stage.

    `on_settled(frame)` is called before the page reruns, when the film rests.

    Play, steps and slider run in the browser without the server. Without `on_settled` the browser sends nothing. It
    fetches the film once, by its address.

    Raises:
        ValueError: a frame that the film does not have.
    """
    play([packed], start, key=key, on_settled=on_settled, mount=mount, low=low)


def play(
    films: Sequence[Packed], start: int, *, key: str, on_settled: Callable[[int], None] | None, mount: Callable, **more
) -> None:
    """Show films with one bar; the one with most steps has the frames that count. `more`: what else is sent."""
    frames = films[-1].frames
    if not 0 <= start < frames:
        raise ValueError(f"The film has the frames 0 to {frames - 1}, got {start}.")
    addresses = [asset_store.put(each.film) for each in films]
    message = {"films": addresses, "start": int(start), "report": on_settled is not None} | more

    def receive():
        settled = read_settled(st.session_state[key].get("settled"), frames)
        if settled is not None and on_settled is not None:
            on_settled(settled)

    mount(key=key, data=[message], on_settled_change=receive)


def read_settled(value: Any, frames: int) -> int | None:
    """Validate the browser's message: a frame of the film; None if malformed."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value < frames else None
