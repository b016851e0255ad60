"""The charts of the page: how far Adam moves each weight, the balance on log σ², and the loss over repeated steps."""

import math

import numpy as np

from vaedemo.app.components.sketch import Axis, Sketch, layers
from vaedemo.app.lessons.lens.facts import Balance, Shown
from vaedemo.app.shared.symbols import SUPERSCRIPTS
from vaedemo.figures import palette
from vaedemo.training.one_step import Repeated

COLOURS = {"encoder": palette.POSTERIOR, "decoder": palette.RECONSTRUCTION}
TOP = 2.0  # of the steps' axis, in units of the rate
LEAST, MOST = 1e-9, 1e3  # |g| on the axis
AXES = (-0.14, 0.14)  # where a digit's two latent axes stand beside its place
LEFT = {"align": "left", "bold": True}


def power(exponent: int) -> str:
    return "10" + str(exponent).translate(SUPERSCRIPTS)


def steps_by_gradient(shown: Shown) -> Sketch:
    """|Δw| in units of the rate over |g|, a dot for each of some weights, beside plain gradient descent."""
    plain = np.geomspace(LEAST, MOST, 400)
    drawn = [
        layers.line(plain, np.minimum(plain, 2 * TOP), color=palette.NEUTRAL, width=2, dash="dashed"),
        layers.words(1.2, 1.75, "gradient descent: |g|", color="text", align="right", shift=-8),
    ]
    for name, colour in COLOURS.items():
        size = np.clip(shown.gradient[name], LEAST, MOST)
        drawn.append(layers.dots(size, shown.moved[name], 3, color=colour, alpha=0.55))
    drawn += [
        layers.words(1e2, 1.12, "encoder", color=palette.POSTERIOR, align="center", bold=True),
        layers.words(2e-6, 1.12, "decoder", color=palette.RECONSTRUCTION, align="center", bold=True),
        layers.words(2e-6, 0.88, "Adam’s first step", color="text", align="center"),
    ]
    ticks = [(10.0**exponent, power(exponent)) for exponent in range(-8, 4, 2)]
    return Sketch(
        Axis("|g|, the gradient of one weight", LEAST, MOST, ticks, log=True),
        Axis("|Δw| / rate", 0, TOP, [(0, "0"), (1, "1"), (2, "2")]),
        drawn,
    )


def balance_chart(found: Balance, labels: list[int], chosen: int | None) -> Sketch:
    """The gradients on log σ² of twenty digits, both axes, and the mean of each term. `labels`: the digits' classes."""
    places = np.arange(len(labels))[:, None] + np.array(AXES)
    parts = (
        ("l_recon", found.reconstruction, palette.RECONSTRUCTION, "bottom"),
        ("β · l_KL", found.kl, palette.KL, "top"),
    )
    room = 1.12 * max(abs(values).max() for _, values, _, _ in parts)
    drawn = [layers.level(0, color="text", width=1)]
    for name, values, colour, side in parts:
        drawn.append(layers.level(values.mean(), color=colour, width=2.5))
        radius = np.where(np.arange(len(labels)) == chosen, 6.5, 4).repeat(2)
        drawn.append(layers.dots(places.ravel(), values.ravel(), radius, color=colour, rim=True))
        words = f"{name}: {values.mean():+.2f} on average".replace("-", "−")
        at = max(values.max(), values.mean()) if side == "bottom" else min(values.min(), values.mean())
        drawn.append(layers.words(0, at, words, color=colour, baseline=side, **LEFT))
    ticks = [(float(place), str(label)) for place, label in enumerate(labels) if place % 2 == 0]
    return Sketch(
        Axis("the twenty digits, two of each class", -0.6, len(labels) - 0.4, ticks, bare=True),
        Axis("gradient on log σ²", -room, room),
        drawn,
    )


def repeated_chart(found: Repeated) -> Sketch:
    """The loss of the digit and the mean loss of the others, over the steps on the digit."""
    steps = np.arange(len(found.own))
    top = 1.1 * max(*found.own, *found.others)
    drawn, heights = [], {}
    for name, values, dash in (("others, mean", found.others, "dashed"), ("this digit", found.own, "solid")):
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
        Axis("steps on this digit", 0, 1.32 * float(steps[-1]), ticks),
        Axis("the loss, nats", 0, float(top)),
        drawn,
    )
