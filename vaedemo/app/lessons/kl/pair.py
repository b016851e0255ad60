"""Exhibit: two Gaussians with sliders, and their KL divergence term by term, in both directions."""

import math
from string import Template

import numpy as np
import streamlit as st
import torch
from torch import Tensor

from vaedemo.app.components.signed_steps import rounded, signed_steps
from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.kl import sketches
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import EXPLORE, Values
from vaedemo.figures import palette
from vaedemo.probability import divergences
from vaedemo.rules import one_of, real

LOW, HIGH = -4.0, 4.0  # of the means
NARROW, WIDE = 0.2, 3.0  # of the standard deviations
STEEPEST = 0.95
GRID, REACH = np.linspace(-8, 8, 161), (8.0, 4.5)
DEFAULTS = {"q": (1.0, 0.5, 0.6, 1.0, 0.7), "p": (-0.5, 0.0, 1.5, 1.0, -0.3)}
FIELDS = ("mean1", "mean2", "sd1", "sd2", "correlation")
RULES = (real(LOW, HIGH), real(LOW, HIGH), real(NARROW, WIDE), real(NARROW, WIDE), real(-STEEPEST, STEEPEST))
PARAMETERS = (
    Parameter("axes", "2", one_of("1", "2")),
    *(
        Parameter(f"{name}_{part}", default, rule)
        for name, defaults in DEFAULTS.items()
        for part, default, rule in zip(FIELDS, defaults, RULES, strict=True)
    ),
)
TERMS = {
    "trace": "Trace",
    "mahalanobis": "Mahalanobis",
    "minus_dimension": "−k/2",
    "log_determinant": "Log-determinant",
}
SCRIPT = Template("""\
import torch
from vaedemo.probability.divergences import kl_terms

mean_q, cov_q = torch.tensor($mean_q).double(), torch.tensor($cov_q).double()
mean_p, cov_p = torch.tensor($mean_p).double(), torch.tensor($cov_p).double()
forward, reverse = kl_terms(mean_q, cov_q, mean_p, cov_p), kl_terms(mean_p, cov_p, mean_q, cov_q)
print(f"Trace: {forward.trace.item():+z.3f} nats")
print(f"Mahalanobis: {forward.mahalanobis.item():+z.3f} nats")
print(f"−k/2: {forward.minus_dimension.item():+z.3f} nats")
print(f"Log-determinant: {forward.log_determinant.item():+z.3f} nats")
print(f"KL(q‖p): {forward.total.item():z.3f} nats")
print(f"KL(p‖q): {reverse.total.item():z.3f} nats")
""")


def picture(view: StepView) -> None:
    """The two densities over a line, or two ellipses; in Explore the four terms of both directions too."""
    (mean_q, cov_q), (mean_p, cov_p) = both(view)
    plot(view, mean_q, cov_q, mean_p, cov_p)
    if view["step"] == EXPLORE:
        directions = dict(zip(("KL(q‖p)", "KL(p‖q)"), terms_of(view), strict=True))
        signed_steps(
            {
                title: {label: getattr(terms, term).item() for term, label in TERMS.items()}
                for title, terms in directions.items()
            },
            sum_name="sum = KL",
            unit="nats",
        )


def work(view: StepView) -> tuple[dict[str, str], str]:
    forward, reverse = terms_of(view)
    (mean_q, cov_q), (mean_p, cov_p) = both(view)
    figures = {label: f"{getattr(forward, term).item():+z.3f} nats" for term, label in TERMS.items()}
    figures |= {"KL(q‖p)": f"{forward.total.item():z.3f} nats", "KL(p‖q)": f"{reverse.total.item():z.3f} nats"}
    script = SCRIPT.substitute(
        mean_q=mean_q.tolist(), cov_q=cov_q.tolist(), mean_p=mean_p.tolist(), cov_p=cov_p.tolist()
    )
    return figures, script


def both(values: Values) -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]:
    """Mean and covariance of q, and of p."""
    dimension = int(values["axes"])
    return normal(values, "q", dimension), normal(values, "p", dimension)


def terms_of(values: Values) -> tuple[divergences.KlTerms, divergences.KlTerms]:
    """The terms of KL(q‖p), and those of KL(p‖q)."""
    q, p = both(values)
    return divergences.kl_terms(*q, *p), divergences.kl_terms(*p, *q)


def axes_chooser(view: StepView) -> None:
    st.segmented_control("Axes", ["1", "2"], format_func="{}-D".format, key=view.key("axes"), required=True)


def swap_button(view: StepView) -> None:
    st.button("Swap q and p", icon=":material/swap_horiz:", on_click=swap, args=(view,), key="kl.swap")


def sliders(view: StepView, name: str) -> None:
    dimension = int(view["axes"])
    colour = {"q": "red", "p": "violet"}[name]
    st.markdown(f":{colour}[**{name}(z)**]")
    for axis in range(1, dimension + 1):
        index = "₁₂"[axis - 1] if dimension == 2 else ""
        st.slider(f"μ{index} of {name}", LOW, HIGH, step=0.1, key=view.key(f"{name}_mean{axis}"))
    for axis in range(1, dimension + 1):
        index = "₁₂"[axis - 1] if dimension == 2 else ""
        st.slider(f"σ{index} of {name}", NARROW, WIDE, step=0.05, key=view.key(f"{name}_sd{axis}"))
    if dimension == 2:
        key = view.key(f"{name}_correlation")
        st.slider(f"Correlation of {name}", -STEEPEST, STEEPEST, step=0.05, key=key)


def normal(view: Values, name: str, dimension: int) -> tuple[Tensor, Tensor]:
    """Mean (d,) and covariance (d, d) of q or p from the sliders, float64."""
    first, second, sd1, sd2, correlation = (view[f"{name}_{part}"] for part in FIELDS)
    if dimension == 1:
        return torch.tensor([first]).double(), torch.tensor([[round(sd1**2, 6)]]).double()
    shared = round(correlation * sd1 * sd2, 6)
    covariance = [[round(sd1**2, 6), shared], [shared, round(sd2**2, 6)]]
    return torch.tensor([first, second]).double(), torch.tensor(covariance).double()


def plot(view: StepView, mean_q: Tensor, cov_q: Tensor, mean_p: Tensor, cov_p: Tensor) -> None:
    """The two densities over a line, or two ellipses, of which q's is draggable."""
    if len(mean_q) == 1:
        shown = {
            "p": (mean_p.item(), cov_p.item(), palette.PRIOR, "solid"),
            "q": (mean_q.item(), cov_q.item(), palette.POSTERIOR, "solid"),
        }
        peak = max((2 * math.pi * cov.item()) ** -0.5 for cov in (cov_q, cov_p))
        drawn = sketches.densities(GRID, shown, top=rounded(1.05 * peak))
        sketch(drawn, key=view.key("line"), label="The densities of q and p", height=360)
    else:
        drawn = sketches.pair_plane(*(tensor.numpy() for tensor in (mean_q, cov_q, mean_p, cov_p)), REACH)
        label = "The normals q and p as ellipses at one and two standard deviations; q can be dragged"
        sketch(drawn, key=view.key("plane"), label=label, height=400, on_moved=lambda x, y: drag(view, x, y))


def drag(view: StepView, x: float, y: float) -> None:
    for name, value in (("q_mean1", x), ("q_mean2", y)):
        view[name] = min(max(round(value, 1), LOW), HIGH) + 0.0


def swap(view: StepView) -> None:
    for part in FIELDS:
        keys = view.key(f"q_{part}"), view.key(f"p_{part}")
        st.session_state[keys[0]], st.session_state[keys[1]] = st.session_state[keys[1]], st.session_state[keys[0]]


CONTROLS = {
    "axes": axes_chooser,
    "swap": swap_button,
    "q": lambda view: sliders(view, "q"),
    "p": lambda view: sliders(view, "p"),
}
