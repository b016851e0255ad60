"""The two computation graphs of a latent sample: where the sampling happens, and how gradients flow back."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from vaedemo.app.components.common.files import script, source
from vaedemo.figures.palette import ROLES

FLOWS = ("none", "draw", "kl", "score")
STOPPED = "a draw has no derivative"
BY_SCORE = "× ∇ log q(z|x)"
WORDS = {
    "score": "z is drawn inside the graph",
    "pathwise": "z = μ + σε, with the noise ε as an input",
}
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
    sigma: Sequence[float],
    noise: Sequence[float],
    z: Sequence[float],
    log_likelihood: float,
    kl: float,
    pathwise: Sequence[float],
    score: Sequence[float],
    names: Sequence[str],
    flow: str,
    image=None,
) -> dict[str, Any]:
    """The JSON for the browser.

    `mu`, `sigma`, `noise`, `z`: two numbers each. `log_likelihood`: log p(x|z), nats; `kl` too. `pathwise`, `score`:
    the two components shown of each estimator's gradient; `names`: their names. `flow`: the gradients drawn: "none",
    that of log p(x|z) ("draw"), the KL's too ("kl"), or in the left graph the score function's ("score").
    `image`: (H, W), white above ½; None draws a point.
    Raises `ValueError` for anything but two components, another flow or an image of another shape.
    """
    if flow not in FLOWS:
        raise ValueError(f"flow must be one of {', '.join(FLOWS)}, got {flow!r}.")
    vectors = {"mu": mu, "sigma": sigma, "noise": noise, "z": z, "pathwise": pathwise, "score": score}
    for name, numbers in vectors.items():
        if len(numbers) != 2:
            raise ValueError(f"{name} must have 2 numbers, got {len(numbers)}.")
    values = {"score": score, "pathwise": pathwise}
    shown = {
        kind: [f"{name} = {signed(value)}" for name, value in zip(names, values[kind], strict=True)] for kind in values
    }
    said = words_of(flow, shown)
    return {
        "colours": dict(ROLES),
        "flow": flow,
        "numbers": {
            "mu": f"μ = {pair(mu)}",
            "sigma": f"σ = {pair(sigma)}",
            "noise": pair(noise),
            "z": pair(z),
            "reward": f"{signed(log_likelihood)} nats",
            "divergence": f"{signed(kl)} nats",
            "stopped": "" if flow == "none" else STOPPED,
            "by-score": BY_SCORE if flow == "score" else "",
        },
        "gradients": said,
        "labels": {kind: f"{WORDS[kind]}. {' '.join(lines)}".rstrip() for kind, lines in said.items()},
        "image": None if image is None else white_pixels(np.asarray(image)),
    }


def words_of(flow: str, shown: dict[str, list[str]]) -> dict[str, list[str]]:
    """What stands beside the encoder of each graph: the gradient that reaches it."""
    blocked = ["no gradient", "of log p(x|z)"]
    return {
        "none": {"score": ["", ""], "pathwise": ["", ""]},
        "draw": {"score": blocked, "pathwise": shown["pathwise"]},
        "kl": {"score": ["trained by", "the KL alone"], "pathwise": ["trained by", "both terms"]},
        "score": shown,
    }[flow]


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
