"""Exhibit: what one axis of a diagonal q pays to the prior, as a valley over its mean and variance."""

from string import Template

import streamlit as st
import torch

from vaedemo.app import frame, steps
from vaedemo.app.links import Parameter
from vaedemo.figures import kl_valley, style
from vaedemo.probability.divergences import kl_diagonal_per_axis
from vaedemo.probability.kl_descent import kl_descent
from vaedemo.rules import real

VARIANCES = steps.decades(0.03, 10)
PARAMETERS = (
    Parameter("mean", -2.0, real(-3.0, 3.0)),
    Parameter("variance", 0.1, steps.listed(VARIANCES)),
)
MEANS = torch.linspace(-3, 3, 41, dtype=torch.float64)
LEVELS = torch.logspace(-1.55, 1.02, 41, dtype=torch.float64)
TIME = torch.linspace(0, 1, 31, dtype=torch.float64).square() * 10
SCRIPT = Template("""\
import torch
from vaedemo.probability.divergences import kl_diagonal_per_axis

variance, mean = torch.tensor($variance).double(), torch.tensor($mean).double()
one, zero = torch.ones_like(variance), torch.zeros_like(mean)
print(f"½(V − log V − 1): {kl_diagonal_per_axis(variance, zero).item():z.4f} nats")
print(f"½E²: {kl_diagonal_per_axis(one, mean).item():z.4f} nats")
print(f"KL of this axis: {kl_diagonal_per_axis(variance, mean).item():z.4f} nats")
""")


def draw(view: frame.View) -> str:
    """The exhibit; returns the code of this view."""
    left, right = st.columns([1, 2.8], gap="large")
    with left:
        mean = st.slider("E, the mean of q", -3.0, 3.0, step=0.1, key=view.key("mean"))
        variance = steps.slider(view, "variance", "V, the variance of q", VARIANCES)
        st.caption("The dotted line is gradient descent on the KL alone, in μ and log σ²: it ends in the prior.")
    v, e = torch.tensor(variance).double(), torch.tensor(mean).double()
    with right:
        figure = kl_valley.valley(
            MEANS.numpy(),
            LEVELS.numpy(),
            kl_diagonal_per_axis(LEVELS.unsqueeze(1), MEANS).numpy(),
            path=tuple(values.numpy() for values in kl_descent(variance, mean, TIME)),
        )
        alt = "The KL of one axis over mean and variance, with its minimum at mean 0 and variance 1"
        st.plotly_chart(figure, config=style.CONFIG, key=view.key("valley"), alt=alt)
    frame.numbers(
        {
            "½(V − log V − 1)": f"{kl_diagonal_per_axis(v, torch.zeros_like(e)).item():z.4f} nats",
            "½E²": f"{kl_diagonal_per_axis(torch.ones_like(v), e).item():z.4f} nats",
            "KL of this axis": f"{kl_diagonal_per_axis(v, e).item():z.4f} nats",
        },
        {"½(V − log V − 1)": "What a variance other than 1 costs.", "½E²": "What a mean other than 0 costs."},
    )
    return SCRIPT.substitute(mean=mean, variance=variance)
