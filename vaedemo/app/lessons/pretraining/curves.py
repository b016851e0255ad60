"""Exhibit: test accuracy of five ways to use labels against their number, shipped, and measured here on nets of one's
own."""

from typing import Any

import streamlit as st

from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.pretraining import own
from vaedemo.app.lessons.pretraining import view as content
from vaedemo.app.lessons.pretraining.sketches import curves_sketch
from vaedemo.app.shell import widgets
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.sliders import listed
from vaedemo.app.shell.step_view import StepView
from vaedemo.rules import one_of
from vaedemo.training import label_curve
from vaedemo.training.label_curve import METHODS

SOURCES = {"shipped": "Shipped curves", "own": "Train your own"}


def listed_labels(name: str, value: Any) -> int:
    """The rule for a number of labels that the shipped curves contain."""
    return int(listed(label_curve.LABELS)(name, value))


PARAMETERS = (
    Parameter("source", "shipped", one_of(*SOURCES)),
    Parameter("labels", 100, listed_labels),
    *own.PARAMETERS,
)


def picture(view: StepView) -> None:
    curves = label_curve.read()
    labels, measured, discs = view["labels"], curves, ()
    if view["source"] == "own":
        labels, found = view["own_labels"], own.find(view)
        measured = None if found is None else content.own_curves(*found, labels)
        at = {} if measured is None else label_curve.summary(measured, labels)
        discs = [(method, row.least, row.mean, row.most) for method, row in at.items()]
    if measured is not None:
        st.markdown(content.verdict(measured, labels))
    sketch(
        curves_sketch(curves, labels, discs),
        key=view.key("curves"),
        label="Test accuracy of five ways to use labels, over the number of labels",
        height=400,
    )
    lines = "" if view["source"] == "shipped" else " Lines: the shipped curves; discs: what was trained here."
    st.caption(
        "Mean accuracy on 1,000 test digits; bands from the worst to the best seed. The net is 784-256-32-10; each "
        f"training takes about {label_curve.STEPS:,} steps.{lines}"
    )
    content.labelled_images(view, labels)


def work(view: StepView) -> tuple[dict[str, str], str]:
    """The mean accuracy of each method; none before nets of one's own are trained."""
    if view["source"] == "shipped":
        measured, labels = label_curve.read(), view["labels"]
        script = content.SHIPPED_SCRIPT.substitute(labels=labels)
    else:
        found, labels = own.finished(view), view["own_labels"]
        script = content.own_script(view.values(), own.encoder_config(view.values()).digest)
        if found is None:
            return {}, script
        measured = content.own_curves(*found, labels)
    at = label_curve.summary(measured, labels)
    return {METHODS[method]: f"{row.mean:.1%}" for method, row in at.items()}, script


def labels_slider(view: StepView) -> None:
    st.select_slider("Labels", label_curve.LABELS, format_func="{:,}".format, key=view.key("labels"))


CONTROLS = {
    "source": lambda view: widgets.choose(view, "source", SOURCES, "Source"),
    "labels": labels_slider,
    "own": own.settings,
}


def shown(values) -> tuple[str, ...]:
    """The controls of a view in Explore."""
    return ("source", "labels" if values["source"] == "shipped" else "own")
