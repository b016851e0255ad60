"""The controls of one pixel, which several exhibits share: its grey, its prediction, σ² and the number of levels."""

import streamlit as st

from vaedemo.app.shell import sliders
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import EXPLORE
from vaedemo.rules import real, whole

VARIANCES = sliders.decades(0.001, 10)
PARAMETERS = (
    Parameter("x", 0.75, real(0.0, 1.0)),
    Parameter("prediction", 0.4, real(0.01, 0.99)),
    Parameter("variance", 1.0, sliders.listed(VARIANCES)),
    Parameter("levels", 4, whole(2, 8)),
)
# What the decoder's number is called in an exhibit, and in a step of it.
PREDICTIONS = {
    ("levels", EXPLORE): "Prediction: p of the true level",
    ("grey", EXPLORE): "Prediction: x̂ and λ",
    ("grey", "continuous"): "Prediction λ",
}


def pixel_slider(view: StepView) -> None:
    st.slider("Pixel x", 0.0, 1.0, step=0.05, key=view.key("x"), help="0 is black, 1 is white.")


def prediction_slider(view: StepView) -> None:
    st.slider(
        PREDICTIONS.get((view["part"], view["step"]), "Prediction x̂"),
        0.01,
        0.99,
        step=0.01,
        key=view.key("prediction"),
        help="What the decoder says: the mean of the Gaussian, the λ of both Bernoullis, or the categorical's "
        "probability of x's own level.",
    )


def variance_slider(view: StepView) -> None:
    sliders.slider(view, "variance", "σ² of the Gaussian", VARIANCES, "1 is the lecture's choice.")


def levels_slider(view: StepView) -> None:
    st.slider("Levels of the categorical", 2, 8, key=view.key("levels"))


CONTROLS = {
    "x": pixel_slider,
    "prediction": prediction_slider,
    "variance": variance_slider,
    "levels": levels_slider,
}


def some(*names: str) -> dict:
    """These controls."""
    return {name: CONTROLS[name] for name in names}
