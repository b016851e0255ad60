"""Exhibit: the KL of one axis of a diagonal q from the prior, as a surface over its variance and mean."""

import math
from string import Template

import numpy as np
import streamlit as st
import torch

from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.kl import sketches
from vaedemo.app.shell import sliders
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import StepView
from vaedemo.figures import palette
from vaedemo.probability.divergences import kl_diagonal_per_axis
from vaedemo.probability.kl_descent import kl_descent
from vaedemo.rules import real

VARIANCES = sliders.decades(0.03, 10)
PARAMETERS = (
    Parameter("mean", -2.0, real(-3.0, 3.0)),
    Parameter("variance", 0.1, sliders.listed(VARIANCES)),
)
WINDOW = ((-3.2, 3.2), (math.log10(0.026), math.log10(11.5)))
VALLEY = kl_diagonal_per_axis(
    torch.logspace(*WINDOW[1], 61, dtype=torch.float64).unsqueeze(1),
    torch.linspace(*WINDOW[0], 61, dtype=torch.float64),
).numpy()
TIME = torch.linspace(0, 1, 41, dtype=torch.float64).square() * 12
GRID = np.linspace(-5, 5, 161)
SCRIPT = Template("""\
import torch
from vaedemo.probability.divergences import kl_diagonal_per_axis

variance, mean = torch.tensor($variance).double(), torch.tensor($mean).double()
one, zero = torch.ones_like(variance), torch.zeros_like(mean)
print(f"½(V − log V − 1): {kl_diagonal_per_axis(variance, zero).item():z.4f} nats")
print(f"½E²: {kl_diagonal_per_axis(one, mean).item():z.4f} nats")
print(f"KL of this axis: {kl_diagonal_per_axis(variance, mean).item():z.4f} nats")
""")


def picture(view: StepView) -> None:
    mean, variance = view["mean"], view["variance"]
    path = tuple(values.numpy() for values in kl_descent(variance, mean, TIME))
    valley, densities = st.columns([1.2, 1], gap="medium")
    with valley:
        st.markdown("**½(V − log V − 1 + E²)**, lines at 0.1, 0.5, 1, 2, 3 and 5 nats")
        label = "The KL of one axis over mean and variance, with its minimum at mean 0 and variance 1"
        drawn = sketches.valley(VALLEY, WINDOW, path)
        sketch(drawn, key=view.key("valley"), label=label, height=360, on_moved=lambda x, y: drag(view, x, y))
    with densities:
        st.markdown("**What q looks like**")
        shown = {"prior": (0.0, 1.0, palette.PRIOR, "solid"), "q(zᵢ)": (mean, variance, palette.POSTERIOR, "solid")}
        label = "The densities of q and of the prior"
        sketch(sketches.densities(GRID, shown, top=2.5), key=view.key("densities"), label=label, height=360)


def work(view: StepView) -> tuple[dict[str, str], str]:
    mean, variance = view["mean"], view["variance"]
    v, e = torch.tensor(variance).double(), torch.tensor(mean).double()
    figures = {
        "½(V − log V − 1)": f"{kl_diagonal_per_axis(v, torch.zeros_like(e)).item():z.4f} nats",
        "½E²": f"{kl_diagonal_per_axis(torch.ones_like(v), e).item():z.4f} nats",
        "KL of this axis": f"{kl_diagonal_per_axis(v, e).item():z.4f} nats",
    }
    return figures, SCRIPT.substitute(mean=mean, variance=variance)


def mean_slider(view: StepView) -> None:
    st.slider("E, the mean of q", -3.0, 3.0, step=0.1, key=view.key("mean"))


def variance_slider(view: StepView) -> None:
    sliders.slider(view, "variance", "V, the variance of q", VARIANCES)
    st.caption(
        "Drag the red dot, or slide. The dotted line is gradient descent on the KL alone, in μ and log σ²: from "
        "wherever it starts, it ends in the prior."
    )


def drag(view: StepView, x: float, y: float) -> None:
    """Move the sliders to their values nearest to (E, log₁₀ V), where the dot was dragged."""
    view["mean"] = min(max(round(x, 1), -3.0), 3.0) + 0.0
    view["variance"] = min(VARIANCES, key=lambda variance: abs(math.log10(variance) - y))


CONTROLS = {"mean": mean_slider, "variance": variance_slider}
