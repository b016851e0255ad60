"""Exhibit: σ² and β are one knob, shown on the loss and the gradient of a trained model."""

from functools import lru_cache
from string import Template

import streamlit as st
import torch

from vaedemo.analysis.one_knob import terms_and_gradient
from vaedemo.app import catalogue
from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.losses import sketches
from vaedemo.app.shell import frame, sliders
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import StepView
from vaedemo.probability.losses import one_knob
from vaedemo.rules import whole

RUN, POINTS = "ring-2d", 500
VARIANCES, BETAS = sliders.decades(0.001, 10), sliders.decades(0.01, 100)
PARAMETERS = (
    Parameter("knob_variance", 0.1, sliders.listed(VARIANCES)),
    Parameter("knob_beta", 1.0, sliders.listed(BETAS)),
    Parameter("noise", 0, whole(0, 99_999)),
)
SCRIPT = Template("""\
import torch
import vaedemo as vd
from vaedemo.analysis.one_knob import terms_and_gradient
from vaedemo.probability.losses import one_knob

variance, beta = $knob_variance, $knob_beta
model = vd.load("$run").model
x = vd.datasets.load("ring", split="test").x[:$points]
squared_error, kl, loss, gradient = terms_and_gradient(
    model, x, variance, beta, torch.Generator().manual_seed($noise)
)
_, _, twin_loss, twin = terms_and_gradient(model, x, 1.0, beta * variance, torch.Generator().manual_seed($noise))
left, right = (side.mean().item() for side in one_knob(squared_error, kl, 2, variance, beta))
print(f"L(σ², β): {left:.4f} nats")
print(f"L(1, βσ²): {twin_loss.item():.4f} nats")
print(f"L(1, βσ²)/σ² + constant: {right:.4f} nats")
print(f"Constant: {right - twin_loss.item() / variance:.4f} nats")
print(f"Slope of the gradients: {(gradient @ twin / (twin @ twin)).item():.6g}")
print(f"1/σ²: {1 / variance:.6g}")
""")


def picture(view: StepView) -> None:
    *_, gradient = own_terms(view)
    *_, twin = twin_terms(view)
    st.latex(r"L(\sigma^2, \beta) = \frac{1}{\sigma^2}\, L(1, \beta \sigma^2) + \text{constant}")
    sketch(
        sketches.gradient_sketch(twin.numpy(), gradient.numpy(), 1 / view["knob_variance"]),
        key=view.key("gradients"),
        label="Gradients of 300 weights under (σ², β) against those under (1, βσ²): a straight line",
        height=360,
    )
    st.caption(f"Computed with the ring's VAE, {POINTS} test points, one z each; {len(gradient):,} weights.")


def own_terms(view: StepView):
    return terms(catalogue.run(RUN).digest, view["knob_variance"], view["knob_beta"], view["noise"])


def twin_terms(view: StepView):
    """The terms under (1, βσ²)."""
    return terms(catalogue.run(RUN).digest, 1.0, view["knob_beta"] * view["knob_variance"], view["noise"])


def work(view: StepView) -> tuple[dict[str, str], str]:
    variance, beta, noise = view["knob_variance"], view["knob_beta"], view["noise"]
    squared_error, kl, _, gradient = own_terms(view)
    _, _, twin_loss, twin = twin_terms(view)
    ours, theirs = (side.mean().item() for side in one_knob(squared_error, kl, 2, variance, beta))
    constant = theirs - twin_loss.item() / variance
    figures = {
        "L(σ², β)": f"{ours:.4f} nats",
        "L(1, βσ²)": f"{twin_loss.item():.4f} nats",
        "L(1, βσ²)/σ² + constant": f"{theirs:.4f} nats",
        "Constant": f"{constant:.4f} nats",
        "Slope of the gradients": f"{(gradient @ twin / (twin @ twin)).item():.6g}",
        "1/σ²": f"{1 / variance:.6g}",
    }
    return figures, SCRIPT.substitute(knob_variance=variance, knob_beta=beta, noise=noise, run=RUN, points=POINTS)


def lab_links(view: StepView) -> None:
    """Links to the lab for a VAE with each of the two settings."""
    variance, beta = view["knob_variance"], view["knob_beta"]
    st.markdown("Train the two in the lab, and compare what they learn:")
    for label, settings in (("(σ², β)", (variance, beta)), ("(1, βσ²)", (1.0, beta * variance))):
        lab_link(view, label, *settings)


@lru_cache(maxsize=16)
def terms(digest: str, variance: float, beta: float, noise: int):
    """`terms_and_gradient` of the run at its test points."""
    x = catalogue.images("ring")[0].x[:POINTS]
    return terms_and_gradient(catalogue.run(RUN).model, x, variance, beta, torch.Generator().manual_seed(noise))


def lab_link(view: StepView, label: str, variance: float, beta: float) -> None:
    """A link to the lab for a ring VAE with this σ² and β."""
    query = {
        "dataset": "ring",
        "hidden": "64,64",
        "epochs": "60",
        "noise_variance": f"{variance:g}",
        "beta": f"{beta:g}",
    }
    query |= {"present": "1"} if view["present"] else {}
    frame.link_to("lab", query, label=f"{label}: σ² = {variance:g}, β = {beta:g}")


CONTROLS = {
    "knob_variance": lambda view: sliders.slider(view, "knob_variance", "σ²", VARIANCES),
    "knob_beta": lambda view: sliders.slider(view, "knob_beta", "β", BETAS),
    "noise": lambda view: st.number_input("Seed of the sampled z", 0, 99_999, key=view.key("noise")),
    "lab": lab_links,
}
