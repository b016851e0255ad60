"""Exhibit: the Gaussian p(x|z) of one pixel, and beside it minus its logarithm, which is the loss."""

import math
from string import Template

import streamlit as st
import torch

from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.losses import pixel_controls, pixel_sketches
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import Values
from vaedemo.probability.losses import pixel_loss

PARAMETERS = ()
CONTROLS = pixel_controls.some("x", "prediction", "variance")
SCRIPT = Template("""\
import math
import torch
from vaedemo.probability.losses import pixel_loss

x, prediction = $x, torch.tensor([$prediction], dtype=torch.float64)
loss = pixel_loss("gaussian", x, prediction, noise_variance=$variance).item()
constant = pixel_loss("gaussian", prediction.item(), prediction, noise_variance=$variance).item()
print(f"½(x − x̂)²: {0.5 * (x - prediction.item()) ** 2:.4f}")
print(f"(x − x̂)²/2σ²: {loss - constant:z.3f} nats")
print(f"C: {constant:z.3f} nats")
print(f"−log p(x|z): {loss:z.3f} nats")
print(f"p(x|z): {math.exp(-loss):.3f}")
""")


def loss_of(x: float, prediction: float, variance: float) -> float:
    """−log p(x|z) of one pixel in nats."""
    point = torch.tensor([prediction], dtype=torch.float64)
    return pixel_loss("gaussian", x, point, noise_variance=variance).item()


def terms(values: Values) -> tuple[float, float]:
    """The loss in two terms, in nats: (x − x̂)²/2σ², and C, which is the loss at x = x̂."""
    constant = loss_of(values["prediction"], values["prediction"], values["variance"])
    return loss_of(values["x"], values["prediction"], values["variance"]) - constant, constant


def picture(view: StepView) -> None:
    x, prediction, variance = view["x"], view["prediction"], view["variance"]
    mistake, constant = terms(view)
    loss = mistake if view.held else mistake + constant
    left, right = st.columns(2, gap="small")
    drawn = {"before": view.before, "held": view.held}
    with left:
        label = f"The density p(x|z) around x̂ = {prediction:g}, with the pixel x = {x:g}"
        if view.held:
            label = f"A pixel x = {x:g} and its prediction x̂ = {prediction:g}"
        sketch(
            pixel_sketches.noise(x, prediction, variance, **drawn),
            key=view.key("density.noise"),
            label=label,
            height=430,
        )
    with right:
        label = f"The loss over x; {loss:.2f} nats at x = {x:g}".replace("-", "−")
        sketch(
            pixel_sketches.minus_log(x, prediction, variance, **drawn),
            key=view.key("density.log"),
            label=label,
            height=430,
        )


def work(view: StepView) -> tuple[dict[str, str], str]:
    x, prediction, variance = view["x"], view["prediction"], view["variance"]
    mistake, constant = terms(view)
    loss = loss_of(x, prediction, variance)
    figures = {
        "½(x − x̂)²": f"{0.5 * (x - prediction) ** 2:.4f}",
        "(x − x̂)²/2σ²": f"{mistake:z.3f} nats",
        "C": f"{constant:z.3f} nats",
        "−log p(x|z)": f"{loss:z.3f} nats",
        "p(x|z)": f"{math.exp(-loss):.3f}",
    }
    return figures, SCRIPT.substitute(x=x, prediction=prediction, variance=variance)
