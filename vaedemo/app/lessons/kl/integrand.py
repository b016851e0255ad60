"""Exhibit: KL(q‖p) as an area: q and p = N(0, 1) over z, and under them q log(q/p), whose positive and negative areas
add up to it."""

from string import Template

import numpy as np
import streamlit as st
import torch

from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.kl import sketches
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import StepView
from vaedemo.probability.divergences import kl_diagonal_per_axis, kl_normal
from vaedemo.rules import one_of, real

FURTHEST, NARROW, WIDE = 3.0, 0.2, 3.0
GRID = np.linspace(-6, 6, 241)
WHOLE = np.linspace(-40, 40, 80_001)  # outside of it q and p are below 1e-36
COMPARED = {"width": [(0.0, 0.5), (0.0, 2.0)]}  # by step: (mean, sd) of the q that it compares
DIRECTIONS = {"qp": "KL(q‖p)", "pq": "KL(p‖q)"}
PARAMETERS = (
    Parameter("e", 1.5, real(-FURTHEST, FURTHEST)),
    Parameter("sigma", 0.5, real(NARROW, WIDE)),
    Parameter("direction", "qp", one_of(*DIRECTIONS)),
)
SCRIPT = Template("""\
import torch
from vaedemo.probability.divergences import kl_diagonal_per_axis, kl_normal

mean, variance = torch.tensor([$e]).double(), torch.tensor([$variance]).double()
zero, one = torch.zeros(1).double(), torch.ones(1).double()
print(f"E²/2: {kl_diagonal_per_axis(one, mean).item():z.4f} nats")
print(f"½(V − log V − 1): {kl_diagonal_per_axis(variance, zero).item():z.4f} nats")
print(f"KL(q‖p): {kl_diagonal_per_axis(variance, mean).item():z.4f} nats")
print(f"KL(p‖q): {kl_normal(zero, one.diag(), mean, variance.diag()).item():z.4f} nats")
""")


def divergence(e: float, variance: float, direction: str = "qp") -> float:
    """KL between q = N(e, variance) and p = N(0, 1) in nats, in this direction, in closed form."""
    mean, spread = (torch.tensor([each], dtype=torch.float64) for each in (e, variance))
    if direction == "qp":
        return kl_diagonal_per_axis(spread, mean).item()
    return kl_normal(torch.zeros_like(mean), torch.eye(1, dtype=torch.float64), mean, spread.diag()).item()


def areas(e: float, sigma: float, direction: str = "qp") -> tuple[float, float]:
    """The positive and the negative area under the integrand, in nats; their sum is the KL."""
    values = sketches.integrand(WHOLE, e, sigma**2, direction)
    step = WHOLE[1] - WHOLE[0]
    return float(values[values > 0].sum() * step), float(values[values < 0].sum() * step)


def picture(view: StepView) -> None:
    e, sigma, direction = view["e"], view["sigma"], view["direction"]
    ghosts = [(before["e"], before["sigma"])] if (before := view.before) else []
    ghosts = COMPARED.get(view["step"], ghosts)
    drawn = sketches.normals(GRID, e, sigma, [ghost for ghost in ghosts if ghost != (e, sigma)])
    sketch(drawn, key=view.key("normals"), label=f"p = N(0, 1) and q = N({e:g}, {sigma:g}²) over z", height=215)
    found = None if view.held else areas(e, sigma, direction)
    label = "The integrand of the KL over z" + (
        "" if found is None else f": a positive area of {found[0]:.3f} and a negative one of {-found[1]:.3f} nats"
    )
    sketch(sketches.area_picture(GRID, e, sigma, direction, found), key=view.key("areas"), label=label, height=225)


def work(view: StepView) -> tuple[dict[str, str], str]:
    e, variance = view["e"], round(view["sigma"] ** 2, 6)
    figures = {
        "E²/2": divergence(e, 1.0),
        "½(V − log V − 1)": divergence(0.0, variance),
        "KL(q‖p)": divergence(e, variance),
        "KL(p‖q)": divergence(e, variance, "pq"),
    }
    shown = {label: f"{value:z.4f} nats" for label, value in figures.items()}
    return shown, SCRIPT.substitute(e=e, variance=variance)


def mean_slider(view: StepView) -> None:
    st.slider("E, the mean of q", -FURTHEST, FURTHEST, step=0.1, key=view.key("e"))


def width_slider(view: StepView) -> None:
    st.slider("σ of q (V = σ²)", NARROW, WIDE, step=0.05, key=view.key("sigma"))


def choose_direction(view: StepView) -> None:
    st.segmented_control(
        "Direction", list(DIRECTIONS), format_func=DIRECTIONS.get, key=view.key("direction"), required=True
    )


CONTROLS = {"e": mean_slider, "sigma": width_slider, "direction": choose_direction}
