"""Exhibit: the cross-entropy of a grey pixel, and the continuous Bernoulli, its density on [0, 1]."""

from string import Template

import streamlit as st
import torch

from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.losses import pixel_controls, pixel_sketches
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import EXPLORE
from vaedemo.probability.likelihoods import CLASSES
from vaedemo.probability.losses import pixel_loss

PARAMETERS = ()
CONTROLS = pixel_controls.some("x", "prediction")
SCRIPT = Template("""\
import torch
from vaedemo.probability.likelihoods import CLASSES
from vaedemo.probability.losses import pixel_loss

x, prediction = $x, torch.tensor([$prediction], dtype=torch.float64)
copy = torch.tensor([min(max(x, 1e-9), 1 - 1e-9)], dtype=torch.float64)
continuous = CLASSES["continuous_bernoulli"](prediction.logit())
print(f"Cross-entropy: {pixel_loss('bernoulli', x, prediction).item():z.3f} nats")
print(f"Entropy of x: {pixel_loss('bernoulli', x, copy).item():z.3f} nats")
print(f"Area under λˣ(1 − λ)¹⁻ˣ: {(-continuous.log_constant).exp().item():.3f}")
print(f"C(λ): {continuous.log_constant.exp().item():.3f}")
print(f"Mean of the continuous Bernoulli: {continuous.mean.item():.3f}")
""")


def cross_entropy(x: float, prediction: float) -> float:
    """The cross-entropy loss of one pixel in nats."""
    return pixel_loss("bernoulli", x, torch.tensor([prediction], dtype=torch.float64)).item()


def entropy(x: float) -> float:
    """The cross-entropy at x̂ = x in nats."""
    return cross_entropy(x, min(max(x, 1e-9), 1 - 1e-9))


def continuous(shape: float) -> tuple[float, float]:
    """C(λ) and the mean of the continuous Bernoulli with λ = `shape`."""
    found = CLASSES["continuous_bernoulli"](torch.tensor([shape], dtype=torch.float64).logit())
    return found.log_constant.exp().item(), found.mean.item()


def picture(view: StepView) -> None:
    """The step "continuous" shows the density alone, the step "grey" the loss alone, Explore both."""
    if view["step"] == EXPLORE:
        left, right = st.columns(2, gap="small")
        with left:
            density(view)
        with right:
            loss(view)
    elif view["step"] == "continuous":
        density(view)
    else:
        loss(view)


def density(view: StepView) -> None:
    shape = view["prediction"]
    constant, mean = continuous(shape)
    drawn = pixel_sketches.continuous_bernoulli(shape, constant, None if view.is_open else mean)
    label = f"The continuous Bernoulli with λ = {shape:g} over x"
    if not view.is_open:
        label += f", its mean {mean:.2f}, and λˣ(1 − λ)¹⁻ˣ, whose area is {1 / constant:.2f}"
    sketch(drawn, key=view.key("grey.density"), label=label, height=430)


def loss(view: StepView) -> None:
    x, prediction = view["x"], view["prediction"]
    before = view.before
    drawn = pixel_sketches.cross_entropy(
        x,
        (prediction, cross_entropy(x, prediction)),
        None if view.is_open else entropy(x),
        None if before is None else (before["prediction"], cross_entropy(x, before["prediction"])),
    )
    label = f"The cross-entropy of x = {x:g} over x̂: {cross_entropy(x, prediction):.2f} nats at x̂ = {prediction:g}"
    sketch(drawn, key=view.key("grey.loss"), label=label, height=430)


def work(view: StepView) -> tuple[dict[str, str], str]:
    x, prediction = view["x"], view["prediction"]
    constant, mean = continuous(prediction)
    figures = {
        "Cross-entropy": f"{cross_entropy(x, prediction):z.3f} nats",
        "Entropy of x": f"{entropy(x):z.3f} nats",
        "Area under λˣ(1 − λ)¹⁻ˣ": f"{1 / constant:.3f}",
        "C(λ)": f"{constant:.3f}",
        "Mean of the continuous Bernoulli": f"{mean:.3f}",
    }
    return figures, SCRIPT.substitute(x=x, prediction=prediction)
