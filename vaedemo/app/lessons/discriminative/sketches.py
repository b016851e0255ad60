"""The pictures of the page on discriminative models: p(y = 1|x) over the plane, a difference of two, and points."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from vaedemo.app.components.sketch import Axis, Sketch, layers
from vaedemo.figures import palette

HALF = 2.3  # half the side of the window
NODES = 61
CLASS_0, CLASS_1 = palette.class_colour(0), palette.class_colour(1)
FULL_DIFFERENCE = 0.25  # difference of two probabilities with the full colour


def axes() -> tuple[Axis, Axis]:
    ticks = [(tick, f"{tick}".replace("-", "−")) for tick in (-2, -1, 0, 1, 2)]
    return Axis("x₁", -HALF, HALF, ticks, bare=True), Axis("x₂", -HALF, HALF, ticks, bare=True)


def nodes() -> np.ndarray:
    """The positions of the field's nodes, (NODES², 2) float32: the lowest row first, x₁ varying fastest."""
    line = np.linspace(-HALF, HALF, NODES, dtype=np.float32)
    x2, x1 = np.meshgrid(line, line, indexing="ij")
    return np.stack([x1.ravel(), x2.ravel()], axis=1)


def posterior_layers(field: np.ndarray, curve: np.ndarray, x: np.ndarray | None = None, y: np.ndarray | None = None):
    """p(y = 1|x) at the nodes, the exact boundary (M, 2); and data (n, 2) with classes (n,)."""
    shares = field.reshape(NODES, NODES)
    ends = [-HALF, HALF]
    drawn = [
        layers.heat(ends, ends, 1 - shares, CLASS_0, strength=0.35),
        layers.heat(ends, ends, shares, CLASS_1, levels=(0.5,), strength=0.35),
        layers.line(*curve.T, color="text", width=1.5, dash="dashed"),
    ]
    if x is not None:
        for label, colour in ((0, CLASS_0), (1, CLASS_1)):
            drawn.append(layers.dots(*x[y == label].T, 2.3, color=colour))
    return drawn


def posterior_sketch(below: Sequence[dict[str, Any]], place: tuple[float, float]) -> Sketch:
    """The chosen place, draggable, on the layers `below`."""
    chosen = layers.dots([place[0]], [place[1]], 6, color=palette.POSTERIOR, rim=True, moves=True)
    return Sketch(*axes(), [*below, chosen], equal=True, handle=place)


def difference_layers(difference: np.ndarray) -> list[dict[str, Any]]:
    """|p_a − p_b| at the nodes, full colour at 0.25."""
    ends = [-HALF, HALF]
    return [layers.heat(ends, ends, difference.reshape(NODES, NODES) / FULL_DIFFERENCE, palette.NEUTRAL, strength=0.9)]


def difference_sketch(below: Sequence[dict[str, Any]], place: tuple[float, float]) -> Sketch:
    """The chosen place on the layers `below`."""
    chosen = layers.dots([place[0]], [place[1]], 6, color=palette.POSTERIOR, rim=True)
    return Sketch(*axes(), [*below, chosen], equal=True)


def samples_sketch(x: np.ndarray) -> Sketch:
    """Points (n, 2) sampled from a model."""
    return Sketch(*axes(), [layers.dots(*x.T, 1.7, color=palette.RECONSTRUCTION, alpha=0.75)], equal=True)
