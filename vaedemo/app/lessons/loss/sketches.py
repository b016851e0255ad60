"""The picture of the loss: both terms and their sum over the way from the encoder's q to the prior."""

import numpy as np

from vaedemo.app.components.sketch import Axis, Sketch, layers
from vaedemo.app.lessons.loss.line import PLACES, Terms
from vaedemo.figures import palette

NAMES = {"reconstruction": "l_recon", "kl": "β · l_KL", "sum": "sum"}
COLOURS = {"reconstruction": palette.RECONSTRUCTION, "kl": palette.KL, "sum": palette.ELBO}


def curves(along: tuple[Terms, ...], beta: float) -> dict[str, np.ndarray]:
    """Both terms of the loss and their sum at each of `PLACES`, in nats."""
    reconstruction = np.array([each.reconstruction for each in along])
    kl = beta * np.array([each.kl for each in along])
    return {"reconstruction": reconstruction, "kl": kl, "sum": reconstruction + kl}


def way(along: tuple[Terms, ...], beta: float, t: float, before: float | None, *, lines: bool) -> Sketch:
    """The curves with a dot at t; `before`: an earlier t, as a ring. Without `lines` the dots alone."""
    found, place = curves(along, beta), PLACES.index(t)
    top = 1.15 * max(values.max() for values in found.values())
    drawn = []
    for name, values in found.items():
        colour = {"color": COLOURS[name]}
        if lines:
            drawn.append(layers.line(PLACES, values, width=3 if name == "sum" else 2, **colour))
        if before is not None:
            drawn.append(layers.dots([before], [values[PLACES.index(before)]], 6, alpha=0.4, **colour))
        drawn.append(layers.dots([t], [values[place]], 6, rim=True, **colour))
    drawn += names(found, 1.0 if lines else t, top)
    ends = [(0.0, "0: the encoder's q"), (0.5, "half-way"), (1.0, "1: the prior")]
    return Sketch(Axis("t, how far q is pulled to N(0, I)", 0, 1.22, ends), Axis("nats", 0, float(top)), drawn)


def names(found: dict[str, np.ndarray], at: float, top: float) -> list[dict]:
    """The name of each curve right of it, not nearer to each other than a line of text."""
    heights = {name: float(values[PLACES.index(at)]) for name, values in found.items()}
    placed, lowest = [], -0.045 * top
    for name in sorted(heights, key=heights.get):
        lowest = max(heights[name], lowest + 0.085 * top)
        look = {"color": COLOURS[name], "bold": True, "align": "left", "baseline": "middle"}
        placed.append(layers.words(at + 0.02, lowest, NAMES[name], **look))
    return placed
