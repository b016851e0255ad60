"""Widgets that several pages share."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from vaedemo.app import catalogue
from vaedemo.app.shell import own_sets
from vaedemo.app.shell.view import View
from vaedemo.training import store
from vaedemo.training.run import Run


def choose(view: View, name: str, titles: Mapping[Any, str], label: str) -> None:
    """One of a few options, side by side, by title. `label` is for screen readers."""
    st.segmented_control(
        label,
        list(titles),
        format_func=titles.get,
        key=view.key(name),
        required=True,
        label_visibility="collapsed",
        wrap=True,  # in a narrow column the last ones would be hidden
    )


def run_of(view: View) -> Run:
    """The run of the link. One that does not exist, or no longer exists, is refused in one sentence; it is then the
    table's default."""
    default = view.lesson.table.parameters["run"].default
    try:
        found = catalogue.latent_run(view["run"])
        own_sets.remember(found.config.dataset)
        return found
    except store.RunNotFound as error:
        if view["run"] == default:
            raise
        st.warning(str(error), icon=":material/link_off:")
        view["run"] = default
        return catalogue.latent_run(default)


def choose_run(view: View, label: str = "Model", on_change: Callable[[], None] | None = None) -> Run:
    """A menu of the shipped runs and the newest stored ones. It always contains the run of the link."""
    listed = catalogue.menu_names(own_sets.names())  # before the run is loaded, because it sets damaged runs aside
    run = run_of(view)
    listed = list(dict.fromkeys([*listed, view["run"]]))
    st.selectbox(label, listed, format_func=catalogue.title, key=view.key("run"), on_change=on_change)
    return run
