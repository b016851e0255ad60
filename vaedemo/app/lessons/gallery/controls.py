"""The controls of the sampling gallery, and which of them Explore shows of a view."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from vaedemo.app.lessons.gallery import fair, sources
from vaedemo.app.shell import seed_field, widgets
from vaedemo.app.shell.step_view import StepView

LARGEST_SIDE = 20
# Links of before have no part; they showed everything, so that is the default.
PARTS = {"all": "All", "samples": "Samples", "copies": "Copies?", "beside": "Autoencoder"}
SHOW = {"mean": "Mean", "sample": "Draw"}


def new(view: StepView) -> None:
    """The seed, and the button for the next one. What is picked is a place: the next image there is shown."""
    seed = "The same seed gives the same z for every model."
    with st.container(horizontal=True, vertical_alignment="bottom"):
        seed_field.seed_field(view, "New samples", width=130, kind="primary", help=seed)


def show(view: StepView) -> None:
    st.segmented_control("Of p(x|z), show the", list(SHOW), format_func=SHOW.get, key=view.key("show"), required=True)


def side(view: StepView) -> None:
    on_points = widgets.run_of(view).config.on_points
    st.slider("Side s, for 10 s² samples" if on_points else "Images per side", 2, LARGEST_SIDE, key=view.key("side"))


def spread(view: StepView) -> None:
    """Temperature and truncation of the prior's z."""
    other = sources.source_of(view, widgets.run_of(view)) != "prior"
    temperature(view, other)
    st.slider(
        "Truncation",
        0.0,
        4.0,
        step=0.1,
        key=view.key("truncation"),
        disabled=other,
        help="Each |z_i| is at most this: the normal is conditioned on it, no draw is thrown away. 0 cuts nothing.",
    )


def temperature(view: StepView, disabled: bool = False) -> None:
    st.slider(
        "Temperature",
        0.0,
        3.0,
        step=0.05,
        key=view.key("temperature"),
        disabled=disabled,
        help="z is drawn from N(0, T² I).",
    )


CONTROLS = {
    "part": lambda view: widgets.choose(view, "part", PARTS, "Exhibit"),
    "model": widgets.choose_run,
    "source": lambda view: sources.controls(view, widgets.run_of(view)),
    "show": show,
    "side": side,
    "temperature": temperature,
    "spread": spread,
    "new": new,
    "others": fair.others,
}
OF_SAMPLES = ("source", "show", "side", "spread", "new")


def explored(values: Mapping[str, Any]) -> tuple[str, ...]:
    """The controls of a view in Explore."""
    beside = ("others",) if values["part"] in ("all", "beside") and fair.vae_of(values["run"]) else ()
    return ("part", "model", *(OF_SAMPLES if values["part"] != "beside" else ()), *beside)
