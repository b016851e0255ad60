"""Exhibit: the model that β trains: which axes live, and how far the ELBO lies under log p(x)."""

import streamlit as st

from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.ppca import data as ppca_data
from vaedemo.app.lessons.ppca import views
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import Values


def shown(values: Values) -> views.OfBeta:
    """The model of a view's β."""
    data, _, _ = ppca_data.of(values)
    return views.of_beta(data, values["variance"], values["beta"])


LARGE = 375  # of the pictures where they are alone, CSS pixels


def pictures(view: StepView, height: int = LARGE) -> None:
    """The variances above and below βσ², and log p(x) and the ELBO over β; an open question has no curves."""
    found = shown(view.own)
    left, right = (st.container(), None) if view.is_open else st.columns(2, gap="medium")
    with left:
        st.markdown("**An axis lives while λ > βσ²**")
        label = f"Variances of the data along its axes and the line βσ²: {found.alive} axes stand above it"
        sketch(found.spectrum, key=view.key("spectrum"), label=label, height=height)
    if right is None:
        return
    with right:
        st.markdown("**log p(x) and ELBO of what each β trains**")
        label = "Mean log p(x) and mean ELBO against β: both are best, and equal, at β = 1"
        sketch(found.curves, key=view.key("betas"), label=label, height=height)
