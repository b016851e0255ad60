"""The controls of the page on the reparameterization trick, by name."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.components.press_button import press_button
from vaedemo.app.lessons.reparameterization.code import DRAWS, PAIRS, SIZES
from vaedemo.app.lessons.reparameterization.draws import CHOICES, RING, offered, offered_images
from vaedemo.app.lessons.reparameterization.exhibits import FLOWS, PARTS
from vaedemo.app.shell import widgets
from vaedemo.app.shell.step_view import StepView

RUNS = {"mnist-2d": "MNIST digits, binarized", RING: "Ring of points"}
SCORES = {"plain": "Plain", "baseline": "With baseline"}
AXES = {"shared": "Shared axes", "own": "Own axes"}


def explored(values: Mapping[str, Any]) -> tuple[str, ...]:
    """The controls of Explore: those that the shown exhibit follows."""
    part = values["part"]
    return (
        "part",
        *(["next", "flow"] if part in ("both", "graphs") else []),
        *(["k", "axes"] if part in ("both", "clouds") else []),
        *(["pair", "score"] if part != "variance" else []),
        "run",
        "angle" if values["run"] == RING else "digit",
        "seed",
    )


def next_draw(view: StepView) -> None:
    def move(presses: int) -> None:
        view["draw"] = (view["draw"] + presses) % DRAWS

    press_button(
        "Next draw", icon=":material/casino:", on_press=move, kind="primary", width="stretch", key=view.key("next")
    )


def draws_averaged(view: StepView) -> None:
    st.select_slider("K, draws averaged in each dot", SIZES, key=view.key("k"))


def run(view: StepView) -> None:
    st.selectbox("Model", list(RUNS), format_func=RUNS.get, key=view.key("run"))


def angle(view: StepView) -> None:
    st.slider("Angle of x on the ring, degrees", 0, 355, step=5, key=view.key("angle"))


def digit(view: StepView) -> None:
    """A digit by its number, or one of twenty by a click."""

    def choose(index: int) -> None:
        view["image"] = offered()[index]

    st.number_input("Digit", 0, 4999, key=view.key("image"))
    image_grid(
        offered_images(),
        CHOICES // 2,
        key=view.key("choice"),
        label="Digits to choose from",
        selected=offered().index(view["image"]) if view["image"] in offered() else None,
        scale_hint=1,
        on_click=choose,
    )


def seed(view: StepView) -> None:
    st.number_input("Seed", 0, 99_999, key=view.key("seed"), help=f"Of the {DRAWS:,} draws of ε.")


def pair(view: StepView) -> None:
    key = view.key("pair")
    st.selectbox("Components shown", list(PAIRS), format_func=lambda name: " and ".join(PAIRS[name][1]), key=key)


def titled(name: str, titles: Mapping[str, str], label: str):
    """A control for one of a few options with a label in sight."""

    def draw(view: StepView) -> None:
        st.segmented_control(label, list(titles), format_func=titles.get, key=view.key(name), required=True, wrap=True)

    return draw


CONTROLS = {
    "part": lambda view: widgets.choose(view, "part", PARTS, "Exhibit"),
    "next": next_draw,
    "flow": titled("flow", FLOWS, "Gradient of"),
    "k": draws_averaged,
    "axes": lambda view: widgets.choose(view, "axes", AXES, "Axes"),
    "pair": pair,
    "score": titled("score", SCORES, "Score function"),
    "run": run,
    "angle": angle,
    "digit": digit,
    "seed": seed,
}
