"""Attribute arithmetic: add the difference between two classes' mean codes to a code."""

from collections.abc import Mapping
from typing import Any

import streamlit as st
import torch
from torch import Tensor

from vaedemo import datasets
from vaedemo.analysis import attributes
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.lessons.interpolation.facts import Codes
from vaedemo.app.shell import widgets
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import StepView
from vaedemo.datasets.arrays import LAST_CLASS
from vaedemo.rules import whole
from vaedemo.training.run import Run

FIRST_STOP = -1
STRENGTHS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5)
LENGTH = "Length of c + a − b"
PARAMETERS = (
    Parameter("plus", 9, whole(0, LAST_CLASS)),
    Parameter("minus", 7, whole(0, LAST_CLASS)),
    Parameter("base", 3, whole(FIRST_STOP, LAST_CLASS)),
)


def fit(view: StepView, run: Run) -> None:
    """Replace classes that the run's data do not have by the last one they have."""
    last = len(datasets.class_names(run.config.dataset)) - 1
    for name in ("plus", "minus", "base"):
        if view[name] > last:
            view[name] = last


def base_code(view: Mapping[str, Any], codes: Codes, first: Tensor) -> Tensor:
    """The code c to which the difference is added, (d,)."""
    return first if view["base"] == FIRST_STOP else codes.of_class[view["base"]]


def path_of(values: Mapping[str, Any], codes: Codes, first: Tensor) -> Tensor:
    """c + s (a − b) for all `STRENGTHS`, (S, d)."""
    plus, minus = codes.of_class[values["plus"]], codes.of_class[values["minus"]]
    return attributes.shifted(base_code(values, codes, first), plus, minus, STRENGTHS)


def picture(view: StepView, run: Run, codes: Codes, first: Tensor) -> None:
    """The equation in pictures, and the difference with smaller and larger factors; the first alone while a question
    is open."""
    plus, minus = codes.of_class[view["plus"]], codes.of_class[view["minus"]]
    path = path_of(view, codes, first)
    shown = [base_code(view, codes, first), plus, minus, *([] if view.is_open else [path[STRENGTHS.index(1.0)]])]
    image_grid(
        run.model.decode(torch.stack(shown)).mean.numpy(),
        4,
        key=view.key("terms"),
        label="Decoded: c, the mean of class a, the mean of class b, and c + a − b",
        captions=["c", "a", "b", "c + a − b"][: len(shown)],
        scale_hint=5,
        clickable=False,
    )
    if view.is_open:
        return
    st.markdown("Added more and less strongly, $c + s\\,(a - b)$, with $s$ under each:")
    image_grid(
        run.model.decode(path).mean.numpy(),
        len(STRENGTHS),
        key=view.key("strengths"),
        label="c + s (a − b) decoded for s from 0 to 1½",
        captions=[f"{strength:g}" for strength in STRENGTHS],
        scale_hint=5,
        clickable=False,
    )
    if view["plus"] == view["minus"]:
        st.caption("a and b are one class, so nothing is added: choose two.")


def choices(view: StepView) -> None:
    """The three classes."""
    run = widgets.run_of(view)
    fit(view, run)
    names = datasets.class_names(run.config.dataset)
    classes = range(len(names))
    st.selectbox(
        "c, the code it is added to",
        [FIRST_STOP, *classes],
        format_func=lambda label: "Stop 1 of the path" if label == FIRST_STOP else f"mean of {names[label]}",
        key=view.key("base"),
    )
    st.selectbox("plus class a", classes, format_func=names.__getitem__, key=view.key("plus"))
    st.selectbox("minus class b", classes, format_func=names.__getitem__, key=view.key("minus"))
