"""The numbers of a step as text, and the nine stages of its picture."""

import numpy as np

from vaedemo.app.components.training_path import Path, Stage
from vaedemo.app.lessons.lens.facts import Shown
from vaedemo.training.one_step import Layer, OneStep, Pass

NATS = " nats"


def number(value: float, digits: int = 2) -> str:
    """A number with a true minus sign and thousands separators, never −0."""
    return f"{value:z,.{digits}f}".replace("-", "−")


def short(value: float) -> str:
    """A number with about three digits: 473, 12.5, 0.061, 0.00042."""
    size = abs(value)
    if size >= 100 or size == 0:
        return number(value, 0)
    return number(value, 1 if size >= 10 else 2 if size >= 1 else 3 if size >= 0.01 else 5)


def pair(values) -> str:
    """Both axes of a vector, side by side."""
    return " ".join(number(value) for value in values.tolist())


def layer_name(layer: Layer, layers: tuple[Layer, ...]) -> str:
    """ "encoder 1": the network of a layer and its place there."""
    network = layer.name.partition(".")[0]
    return f"{network} {[each.name for each in layers if each.name.startswith(network)].index(layer.name) + 1}"


def path(shown: Shown, x: np.ndarray, seed: int, rate: float) -> Path:
    """A step as its picture shows it; x: the digit, (28, 28), from 0 to 1."""
    step = shown.step
    before, after = step.before, step.after
    images = np.stack([x, before.image[0].numpy(), after.image[0].numpy()])
    lines = {
        "x": ["x, the digit"],
        "encoder": ["784 → 400", "→ 2 + 2"],
        "q": [f"μ {pair(before.mu)}", f"σ {pair(before.sigma)}"],
        "noise": [pair(before.noise)],
        "z": [pair(before.z)],
        "decoder": ["2 → 400", "→ 784"],
        "image": ["x̂, decoded from z"],
        "reconstruction": [number(before.reconstruction, 1) + NATS],
        "kl": [number(before.beta * before.kl, 1) + NATS],
        "sum": ["l_recon + β · l_KL", f"= {number(before.loss, 1)}{NATS}"],
    }
    return Path(lines, (*forward(before, seed), *backward(step), adam(step, rate), again(step)), as_bytes(images))


def as_bytes(images: np.ndarray) -> np.ndarray:
    return np.rint(255 * images.clip(0, 1)).astype(np.uint8)


def forward(before: Pass, seed: int) -> tuple[Stage, ...]:
    """The stages from x to the loss."""
    return (
        Stage("x", "One digit, 784 numbers from 0 to 1. This step sees no other."),
        Stage("μ and σ", "The encoder gives the mean and the log-variance of q(z|x). σ is the root of the variance."),
        Stage("ε and z", f"ε is drawn from N(0, I), with seed {seed}. Then z = μ + σε."),
        Stage("x̂", "The decoder turns z into x̂. Each pixel of x̂ is the probability that it is white."),
        Stage(
            "The loss",
            "l_recon compares x̂ with x. l_KL compares q with the prior.",
            (
                ("", "nats"),
                ("l_recon", number(before.reconstruction, 1)),
                ("β · l_KL", number(before.beta * before.kl, 1)),
                ("the loss", number(before.loss, 1)),
            ),
            {1: "reconstruction", 2: "kl", 3: "elbo"},
        ),
    )


def backward(step: OneStep) -> tuple[Stage, Stage]:
    """The gradients on the parameters of q, then those on the weights."""
    rows = [
        (name, *(short(value) for each in (pull.mu, pull.logvar) for value in each.tolist()))
        for name, pull in (("l_recon", step.pulls["reconstruction"]), ("β · l_KL", step.pulls["kl"]))
    ]
    layers = [
        (layer_name(layer, step.layers), f"{layer.weights:,}", short(layer.reconstruction), short(layer.kl))
        for layer in step.layers
    ]
    colours = {
        place: "posterior" if row[0].startswith("encoder") else "reconstruction" for place, row in enumerate(layers, 1)
    }
    return (
        Stage(
            "Gradients on q",
            "The gradient of l_recon comes back through z. That of l_KL starts at μ and σ.",
            (("gradient on", "μ₁", "μ₂", "log σ₁²", "log σ₂²"), *rows),
            {1: "reconstruction", 2: "kl"},
        ),
        Stage(
            "Gradients on the weights",
            "Both go on into the encoder. The decoder gets that of l_recon alone. The norm over each layer:",
            (("layer", "weights", "of l_recon", "of β · l_KL"), *layers),
            colours,
        ),
    )


def adam(step: OneStep, rate: float) -> Stage:
    """The update, with Adam's two moments."""
    rows = [
        (
            layer_name(layer, step.layers),
            *(short(value) for value in (layer.gradient, layer.first, layer.second, layer.update)),
        )
        for layer in step.layers
    ]
    colours = {
        place: "posterior" if row[0].startswith("encoder") else "reconstruction" for place, row in enumerate(rows, 1)
    }
    return Stage(
        "Adam’s step",
        f"Adam starts with m = v = 0. So m is 0.1 g and v is 0.001 g². Corrected, m / √v is g / |g|: "
        f"each weight with a gradient moves by {rate:g} against its sign.",
        (("norms", "g", "m", "√v", "step"), *rows),
        colours,
    )


def again(step: OneStep) -> Stage:
    """The same digit and the same ε, before and after the step."""
    before, after = step.before, step.after
    rows = (
        ("l_recon", before.reconstruction, after.reconstruction),
        ("β · l_KL", before.beta * before.kl, after.beta * after.kl),
        ("the loss", before.loss, after.loss),
    )
    return Stage(
        "The same digit again",
        "The same x and the same ε, with the new weights:",
        (("nats", "before", "after"), *((name, number(old, 1), number(new, 1)) for name, old, new in rows)),
        {1: "reconstruction", 2: "kl", 3: "elbo"},
        {0: "x", 1: "x̂ before", 2: "x̂ after"},
    )
