"""Throw the decoder away: the value of an encoder trained without labels for a classifier with few labels."""

from typing import Any

import streamlit as st

from vaedemo.analysis import quality
from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.pretraining import own as pretraining_own
from vaedemo.app.lessons.pretraining import view as pretraining_view
from vaedemo.app.lessons.pretraining.sketches import curves_sketch
from vaedemo.app.shell import frame, widgets
from vaedemo.app.shell.links import LinkTable, Parameter
from vaedemo.app.shell.sliders import listed
from vaedemo.models.classifier import Classifier
from vaedemo.rules import one_of
from vaedemo.training import label_curve

SOURCES = {"shipped": "Shipped curves", "own": "Train your own"}


def listed_labels(name: str, value: Any) -> int:
    """The rule for a number of labels that the shipped curves contain."""
    return int(listed(label_curve.LABELS)(name, value))


LESSON = frame.Lesson(
    name="pretraining",
    question="Does an encoder that was trained without labels help a classifier that has few?",
    look_for=(
        "**Red against grey**, solid: one net, once started from the encoder, once from nothing. The gap is what "
        "pre-training is worth.",
        "**Blue** is the test of fairness: a linear classifier on raw pixels or on principal components costs nothing "
        "to train. The sentence above the chart says who wins.",
        "**Bands** reach from the worst to the best of five seeds. Each seed has other labels: with few of them, "
        "which ones you were given matters as much as the method.",
    ),
    explained=(label_curve.label_curve, Classifier, quality.linear_probe),
    references=(
        "G. Hinton, R. Salakhutdinov, *Reducing the Dimensionality of Data with Neural Networks*, Science 2006.",
        "D. Erhan et al., *Why Does Unsupervised Pre-training Help Deep Learning?*, JMLR 11, 2010.",
        "A. Coates, A. Ng, H. Lee, *An Analysis of Single-Layer Networks in Unsupervised Feature Learning*, "
        "AISTATS 2011.",
    ),
    table=LinkTable(
        Parameter("source", "shipped", one_of(*SOURCES)),
        Parameter("labels", 100, listed_labels),
        *pretraining_own.PARAMETERS,
    ),
)


def draw(view: frame.View) -> None:
    widgets.choose(view, "source", SOURCES, "Source")
    curves = label_curve.read()
    if view["source"] == "shipped":
        labels = st.select_slider("Labels", label_curve.LABELS, format_func="{:,}".format, key=view.key("labels"))
        measured, own = curves, ()
        view.script = pretraining_view.SHIPPED_SCRIPT.substitute(labels=labels)
    else:
        labels, measured, own, view.script = view["own_labels"], None, (), ""
        found = pretraining_view.find_own(view)
        if found is not None:
            measured, encoder = found
            at = label_curve.summary(measured, labels)
            own = [(method, row.least, row.mean, row.most) for method, row in at.items()]
            view.script = pretraining_view.own_script(view, encoder)
    if measured is not None:
        st.markdown(pretraining_view.verdict(measured, labels))
    left, right = st.columns([2.6, 1], gap="large")
    with left:
        sketch(
            curves_sketch(curves, labels, own),
            key=view.key("curves"),
            label="Test accuracy of five ways to use labels, over the number of labels",
            height=400,
        )
    with right:
        pretraining_view.labelled_images(view, labels)
    if measured is not None:
        pretraining_view.numbers(label_curve.summary(measured, labels))
    lines = "" if view["source"] == "shipped" else " Lines: the shipped curves; discs: what was trained here."
    st.caption(
        "Mean accuracy on 1,000 test digits; bands from the worst to the best seed. The net is 784-256-32-10; each "
        f"training takes about {label_curve.STEPS:,} steps.{lines}"
    )


with frame.lesson_page(LESSON) as view:
    view.prediction = pretraining_view.prediction(label_curve.read())
    frame.exhibit(view, draw)
