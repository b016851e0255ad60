"""The controls of the page on one training step, by name."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from vaedemo.app.lessons.lens.facts import TRAINED, UNTRAINED
from vaedemo.app.shared import own_digit, twenty
from vaedemo.app.shell import sliders, widgets
from vaedemo.app.shell.seed_field import seed_field
from vaedemo.app.shell.step_view import StepView

PARTS = {"path": "The step", "adam": "Adam", "balance": "Balance on σ", "repeat": "Repeated"}
WHENS = {UNTRAINED: "Untrained", TRAINED: "Trained"}
NOISES = {"same": "The same ε", "new": "A new ε each"}
RATES = sliders.decades(1e-5, 0.1)
BETAS = sliders.decades(0.01, 100)
TIMES = (1, 2, 5, 10, 50)


def explored(values: Mapping[str, Any]) -> tuple[str, ...]:
    """The controls of Explore: those that the shown exhibit follows."""
    if values["part"] == "balance":
        return "part", "when", "beta"
    repeats = ("n", "noise") if values["part"] == "repeat" else ()
    return "part", "when", *repeats, "rate", "beta", "seed", "digit", "own"


def when(view: StepView) -> None:
    st.segmented_control("The network", list(WHENS), format_func=WHENS.get, key=view.key("when"), required=True)


def rate(view: StepView) -> None:
    st.select_slider("Learning rate", RATES, format_func="{:g}".format, key=view.key("rate"))


def times(view: StepView) -> None:
    st.select_slider("Steps on this digit", TIMES, key=view.key("n"))


def noise(view: StepView) -> None:
    st.segmented_control("Each step has", list(NOISES), format_func=NOISES.get, key=view.key("noise"), required=True)


CONTROLS = {
    "part": lambda view: widgets.choose(view, "part", PARTS, "Exhibit"),
    "when": when,
    "n": times,
    "noise": noise,
    "rate": rate,
    "beta": lambda view: sliders.slider(view, "beta", "β", BETAS),
    "seed": lambda view: seed_field(view, "New ε", width=140),
    "digit": lambda view: twenty.choose(view, images=twenty.grey()),
    "own": own_digit.choose,
}
