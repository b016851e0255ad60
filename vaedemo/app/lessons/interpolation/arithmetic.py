"""Attribute arithmetic: add the difference between two classes' mean codes to a code."""

import streamlit as st
import torch
from torch import Tensor

from vaedemo import datasets
from vaedemo.analysis import attributes
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.lessons.interpolation.facts import Codes
from vaedemo.app.shell import frame
from vaedemo.app.shell.links import Parameter
from vaedemo.rules import whole
from vaedemo.training.run import Run

FIRST_STOP = -1
STRENGTHS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5)
LENGTH = "Length of c + a − b"
PARAMETERS = (
    Parameter("plus", 9, whole(0, 9)),
    Parameter("minus", 7, whole(0, 9)),
    Parameter("base", 3, whole(FIRST_STOP, 9)),
)


def base_code(view: frame.View, codes: Codes, first: Tensor) -> Tensor:
    """The code c to which the difference is added, (d,)."""
    return first if view["base"] == FIRST_STOP else codes.of_class[view["base"]]


def section(view: frame.View, run: Run, codes: Codes, first: Tensor) -> None:
    """Draw selectors, the equation in pictures, and the difference with smaller and larger factors."""
    names = datasets.class_names(run.config.dataset)
    st.subheader("Arithmetic with codes", anchor="arithmetic")
    st.markdown("The mean code of class a, less that of class b, is a direction: added to a code c, it is decoded.")
    left, right = st.columns([1, 2.6], gap="large")
    classes = range(len(names))
    with left:
        st.selectbox(
            "c, the code it is added to",
            [FIRST_STOP, *classes],
            format_func=lambda label: "Stop 1 of the path" if label == FIRST_STOP else f"mean of {names[label]}",
            key=view.key("base"),
        )
        one, two = st.columns(2)
        one.selectbox("plus class a", classes, format_func=names.__getitem__, key=view.key("plus"))
        two.selectbox("minus class b", classes, format_func=names.__getitem__, key=view.key("minus"))
    plus, minus = codes.of_class[view["plus"]], codes.of_class[view["minus"]]
    base = base_code(view, codes, first)
    path = attributes.shifted(base, plus, minus, STRENGTHS)
    with left:
        frame.numbers({LENGTH: f"{path[STRENGTHS.index(1.0)].norm().item():.3f}"})
    shown = torch.cat([torch.stack([base, plus, minus]), path[STRENGTHS.index(1.0)][None]])
    with right:
        image_grid(
            run.model.decode(shown).mean.numpy(),
            4,
            key=view.key("terms"),
            label="Decoded: c, the mean of class a, the mean of class b, and c + a − b",
            captions=["c", "+ a", "− b", "= c + a − b"],
            scale_hint=3.5,
            clickable=False,
        )
        st.markdown("Added more and less strongly, $c + s\\,(a - b)$, with $s$ under each:")
        image_grid(
            run.model.decode(path).mean.numpy(),
            len(STRENGTHS),
            key=view.key("strengths"),
            label="c + s (a − b) decoded for s from 0 to 1½",
            captions=[f"{strength:g}" for strength in STRENGTHS],
            scale_hint=3,
            clickable=False,
        )
        if view["plus"] == view["minus"]:
            st.caption("a and b are one class, so nothing is added: choose two.")
