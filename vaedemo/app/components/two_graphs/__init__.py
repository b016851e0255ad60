"""The two computation graphs of a latent sample: where the sampling happens, and how gradients flow back."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from vaedemo.app.components.common.files import script, source
from vaedemo.figures.palette import ROLES

mount = st.components.v2.component(
    "vaedemo_two_graphs",
    html=source("two_graphs/two_graphs.html"),
    css=source("two_graphs/two_graphs.css"),
    js=script("two_graphs/two_graphs.js"),
)


def two_graphs(*, key: str, **draw: Any) -> None:
    """Draw both graphs side by side with the numbers of one sample; arguments as for `pack`."""
    mount(key=key, data=[pack(**draw)])


def pack(
    mu: Sequence[float],
    noise: Sequence[float],
    z: Sequence[float],
    log_likelihood: float,
    pathwise: Sequence[float],
    score: Sequence[float],
    names: Sequence[str],
    image=None,
) -> dict[str, Any]:
    """The JSON for the browser.

    `mu`, `noise`, `z`: two numbers each. `log_likelihood`: log p(x|z), nats. `pathwise`, `score`: the two components
    shown of each estimator's gradient; `names`: their names. `image`: (H, W), white above ½; None draws the letter x.
    Raises `ValueError` for anything but two components or an image of another shape.
    """
    for name, numbers in (("mu", mu), ("noise", noise), ("z", z), ("pathwise", pathwise), ("score", score)):
        if len(numbers) != 2:
            raise ValueError(f"{name} must have 2 numbers, got {len(numbers)}.")
    values = {"score": score, "pathwise": pathwise}
    shown = {
        kind: [f"{name} = {signed(value)}" for name, value in zip(names, values[kind], strict=True)] for kind in values
    }
    return {
        "colours": dict(ROLES),
        "numbers": {
            "mu": f"μ = {pair(mu)}",
            "noise": f"ε = {pair(noise)}",
            "z": f"z = {pair(z)}",
            "reward": f"{signed(log_likelihood)} nats",
        },
        "gradients": shown,
        "labels": {
            "score": "Score function: z is drawn inside the graph, so no gradient flows from the decoder to μ and σ; "
            f"it comes from log q(z|x), times log p(x|z) = {signed(log_likelihood)} nats. {', '.join(shown['score'])}.",
            "pathwise": "Reparameterized: z = μ + σε with the noise ε as an input, so the gradient flows from "
            f"log p(x|z) through the decoder and z to μ, σ and the encoder. {', '.join(shown['pathwise'])}.",
        },
        "image": None if image is None else white_pixels(np.asarray(image)),
    }


def pair(numbers: Sequence[float]) -> str:
    return f"({numbers[0]:z.2f}, {numbers[1]:z.2f})".replace("-", "−")


def signed(number: float) -> str:
    """One decimal, with thousands separators, a true minus sign and never −0."""
    return f"{number:z,.1f}".replace("-", "−")


def white_pixels(image: np.ndarray) -> dict[str, Any]:
    """The size of an image and the positions of its white pixels, row by row."""
    if image.ndim != 2:
        raise ValueError(f"image must have the shape (H, W), got {image.shape}.")
    return {
        "height": image.shape[0],
        "width": image.shape[1],
        "white": np.flatnonzero(image.ravel() > 0.5).tolist(),
    }
