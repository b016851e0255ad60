"""The controls of the interpolation page, by name."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from vaedemo.app import catalogue
from vaedemo.app.lessons.interpolation import arithmetic, facts, picker
from vaedemo.app.lessons.interpolation.exhibits import PARTS
from vaedemo.app.shared import own_digit
from vaedemo.app.shell import widgets
from vaedemo.app.shell.step_view import StepView

FEWEST_STEPS, MOST_STEPS = 3, 15


def explored(values: Mapping[str, Any]) -> tuple[str, ...]:
    """The controls of Explore: those that the shown exhibit follows."""
    part = values["part"]
    return (
        "part",
        "run",
        *(["steps"] if part in ("all", "ways") else []),
        "stops",
        "own",
        *(["classes"] if part in ("all", "arithmetic") else []),
    )


def run(view: StepView) -> None:
    def fit() -> None:
        """Draw new stops if the new data set has fewer images."""
        shown, _ = catalogue.images(catalogue.run(view["run"]).config.dataset)
        if max(view["stops"]) >= len(shown):
            view["stops"] = picker.random_stops(shown, len(view["stops"]), view["seed"])

    widgets.run_of(view)
    runs = facts.offered_runs(view["run"])
    st.selectbox("Model", runs, format_func=catalogue.title, key=view.key("run"), on_change=fit)


def steps(view: StepView) -> None:
    st.slider("Images from stop to stop", FEWEST_STEPS, MOST_STEPS, key=view.key("steps"))


def stops(view: StepView) -> None:
    dataset = widgets.run_of(view).config.dataset
    shown = catalogue.images(dataset)[0]
    picker.fit(view, shown)
    picker.draw(view, shown, dataset)


def own(view: StepView) -> None:
    own_digit.choose(view)
    if own_digit.text_of(view):
        st.caption("The path starts at your digit: it is stop 1.")


CONTROLS = {
    "part": lambda view: widgets.choose(view, "part", PARTS, "Exhibit"),
    "run": run,
    "steps": steps,
    "stops": stops,
    "own": own,
    "classes": arithmetic.choices,
}
