"""Exhibit: two Gaussians to slide, and their KL divergence term by term, in both directions."""

from string import Template

import numpy as np
import streamlit as st
import torch
from torch import Tensor

from vaedemo.app import frame
from vaedemo.app.components.signed_steps import rounded, signed_steps
from vaedemo.app.links import Parameter
from vaedemo.figures import normals, palette, style
from vaedemo.probability import divergences
from vaedemo.rules import one_of, real

LOW, HIGH = -4.0, 4.0  # of the means
NARROW, WIDE = 0.2, 3.0  # of the standard deviations
STEEPEST = 0.95
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


def draw(view: frame.View) -> str:
    """The exhibit; returns the code of this view."""
    left, right = st.columns([1.6, 2.2], gap="large")
    with left:
        top, under = st.columns(2, vertical_alignment="bottom"), st.columns(2)
    with top[0]:
        st.segmented_control(
            "Axes", ["1", "2"], format_func="{}-D".format, key=view.key("axes"), required=True, width="stretch"
        )
    with top[1]:
        st.button(
            "Swap q and p", icon=":material/swap_horiz:", on_click=swap, args=(view,), width="stretch", key="kl.swap"
        )
    dimension = int(view["axes"])
    for name, column in zip("qp", under, strict=True):
        with column:
            sliders(view, name, dimension)
    (mean_q, cov_q), (mean_p, cov_p) = (normal(view, name, dimension) for name in "qp")
    forward = divergences.kl_terms(mean_q, cov_q, mean_p, cov_p)
    reverse = divergences.kl_terms(mean_p, cov_p, mean_q, cov_q)
    with right:
        picture = picture_1d if dimension == 1 else picture_2d
        st.plotly_chart(
            picture(mean_q, cov_q, mean_p, cov_p),
            config=style.CONFIG,
            key=view.key("picture"),
            alt="The normals q and p",
        )
    directions = {"KL(q‖p)": forward, "KL(p‖q)": reverse}
    signed_steps(
        {
            title: {label: getattr(terms, term).item() for term, label in TERMS.items()}
            for title, terms in directions.items()
        },
        sum_name="sum = KL",
        unit="nats",
    )
    frame.numbers(
        {label: f"{getattr(forward, term).item():+z.3f} nats" for term, label in TERMS.items()}
        | {"KL(q‖p)": f"{forward.total.item():z.3f} nats", "KL(p‖q)": f"{reverse.total.item():z.3f} nats"}
    )
    return SCRIPT.substitute(mean_q=mean_q.tolist(), cov_q=cov_q.tolist(), mean_p=mean_p.tolist(), cov_p=cov_p.tolist())


def sliders(view: frame.View, name: str, dimension: int) -> None:
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


def normal(view: frame.View, name: str, dimension: int) -> tuple[Tensor, Tensor]:
    """Mean (d,) and covariance (d, d) of q or p as the sliders have them, float64."""
    first, second, sd1, sd2, correlation = (view[f"{name}_{part}"] for part in FIELDS)
    if dimension == 1:
        return torch.tensor([first]).double(), torch.tensor([[round(sd1**2, 6)]]).double()
    shared = round(correlation * sd1 * sd2, 6)
    covariance = [[round(sd1**2, 6), shared], [shared, round(sd2**2, 6)]]
    return torch.tensor([first, second]).double(), torch.tensor(covariance).double()


def picture_1d(mean_q, cov_q, mean_p, cov_p):
    grid = np.linspace(-8, 8, 241)
    shown = {
        "p": (normals.density(grid, mean_p.item(), cov_p.item() ** 0.5), palette.PRIOR, "solid"),
        "q": (normals.density(grid, mean_q.item(), cov_q.item() ** 0.5), palette.POSTERIOR, "solid"),
    }
    top = rounded(1.05 * max(values.max() for values, _, _ in shown.values()))
    return normals.curves(grid, shown, top=top, height=360, view="pair in one dimension")


def picture_2d(mean_q, cov_q, mean_p, cov_p):
    shown = {
        "p, 1 and 2 sd": (mean_p.numpy(), cov_p.numpy(), palette.PRIOR, "solid"),
        "q, 1 and 2 sd": (mean_q.numpy(), cov_q.numpy(), palette.POSTERIOR, "solid"),
    }
    return normals.plane(shown, extent=((-8, 8), (-4.5, 4.5)), height=430, view="pair in two dimensions")


def swap(view: frame.View) -> None:
    for part in FIELDS:
        keys = view.key(f"q_{part}"), view.key(f"p_{part}")
        st.session_state[keys[0]], st.session_state[keys[1]] = st.session_state[keys[1]], st.session_state[keys[0]]
