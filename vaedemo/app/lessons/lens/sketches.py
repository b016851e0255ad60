"""The charts of the page: how far Adam moves each weight, the balance on log σ², and the loss over repeated steps."""

import math

import numpy as np

from vaedemo.app.components.sketch import Axis, Sketch, layers
from vaedemo.app.lessons.lens.facts import Balance, Shown
from vaedemo.app.shared.symbols import SUPERSCRIPTS
from vaedemo.figures import palette
from vaedemo.training.one_step import EPSILON
from vaedemo.training.repeated_step import Repeated

COLOURS = {"encoder": palette.POSTERIOR, "decoder": palette.RECONSTRUCTION}
TOP = 2.0  # of the steps' axis, in units of the rate
LEAST, MOST = -10, 3  # the powers of ten on the axis of |g|
AXES = (-0.14, 0.14)  # where a digit's two latent axes stand beside its place
LEFT = {"align": "left", "bold": True}


def power(exponent: int) -> str:
    return "10" + str(exponent).translate(SUPERSCRIPTS)


def steps_by_gradient(shown: Shown) -> Sketch:
    """|Δw| in units of the rate over log₁₀ |g|, a dot for each of some weights, beside plain gradient descent."""
    exponents = np.linspace(LEAST, MOST, 400)
    size = 10**exponents
    drawn = [
        layers.line(exponents, np.minimum(size, 2 * TOP), color=palette.NEUTRAL, width=2, dash="dashed"),
        layers.words(math.log10(1.7), 1.7, "gradient descent: |g|", color="text", align="right", shift=-10),
        layers.line(exponents, size / (size + EPSILON), color=palette.NEUTRAL, width=2),
    ]
    for name, radius, share in (("decoder", 4.5, 0.3), ("encoder", 2.5, 1.0)):
        places = np.log10(shown.gradient[name])
        drawn.append(layers.dots(places, shown.moved[name], radius, color=COLOURS[name], alpha=0.6))
        at = float(np.quantile(places, share))
        drawn.append(layers.words(at, 1.1, name, color=COLOURS[name], align="center", bold=True))
    drawn.append(layers.words(math.log10(EPSILON), 0.5, "Adam’s first step", color="text", shift=12, **LEFT))
    ticks = [(float(exponent), power(exponent)) for exponent in range(-8, 3, 2)]
    return Sketch(
        Axis("|g|, the gradient of one weight", LEAST, MOST, ticks),
        Axis("|Δw| / rate", 0, TOP, [(0, "0"), (1, "1"), (2, "2")]),
        drawn,
    )


def balance_chart(found: Balance, labels: list[int]) -> Sketch:
    """The gradients on log σ² of twenty digits, both axes, and the mean of each term. `labels`: the digits' classes."""
    places = np.arange(len(labels))[:, None] + np.array(AXES)
    parts = (
        ("l_recon", found.reconstruction, palette.RECONSTRUCTION, "bottom"),
        ("β · l_KL", found.kl, palette.KL, "top"),
    )
    room = 1.25 * max(abs(values).max() for _, values, _, _ in parts)
    drawn = [layers.level(0, color="text", width=1)]
    for name, values, colour, side in parts:
        drawn.append(layers.level(values.mean(), color=colour, width=2.5))
        drawn.append(layers.dots(places.ravel(), values.ravel(), 4.5, color=colour, rim=True))
        words = f"{name}: {values.mean():+.2f} on average".replace("-", "−")
        at = values.max() + 0.04 * room if side == "bottom" else values.min() - 0.05 * room
        drawn.append(layers.words(0, at, words, color=colour, baseline=side, **LEFT))
    ticks = [(float(place), str(label)) for place, label in enumerate(labels) if place % 2 == 0]
    return Sketch(
        Axis("twenty digits, two of each class, a dot for each axis", -0.6, len(labels) - 0.4, ticks, bare=True),
        Axis("gradient on log σ²", -room, room),
        drawn,
    )


def repeated_chart(found: Repeated) -> Sketch:
    """The loss of the digit and the mean loss of the others, over the steps on the digit."""
    steps = np.arange(len(found.own))
    top = 1.1 * max(*found.own, *found.others)
    drawn, heights = [], {}
    for name, values, dash in (("others", found.others, "dashed"), ("this digit", found.own, "solid")):
        drawn.append(layers.line(steps, values, color=palette.ELBO, width=3, dash=dash))
        if len(steps) <= 11:
            drawn.append(layers.dots(steps, values, 4, color=palette.ELBO))
        heights[name] = float(values[-1])
    lowest = -math.inf
    for name in sorted(heights, key=heights.get):
        lowest = max(heights[name], lowest + 0.08 * top)
        drawn.append(
            layers.words(steps[-1], lowest, f" {name}", color=palette.ELBO, baseline="middle", shift=8, **LEFT)
        )
    every = max(1, (len(steps) - 1) // 5)
    ticks = [(float(step), str(step)) for step in range(0, len(steps), every)]
    return Sketch(
        Axis("steps on this digit", 0, 1.35 * float(steps[-1]), ticks),
        Axis("the loss, nats; of the others the mean", 0, float(top)),
        drawn,
    )
