"""The pictures of points: p(y = 1|x) over the plane, a difference of two, data and samples, each with its words."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from vaedemo.app.components.sketch import Axis, Sketch, layers
from vaedemo.figures import palette

HALF = 2.3  # half the side of the window
NODES = 61
CLASSES = (palette.class_colour(0), palette.class_colour(1))
FULL_DIFFERENCE = 0.25  # difference of two probabilities with the full colour
HEIGHTS = (0.1, 0.5, 0.9)  # contour lines of p(y = 1|x)
ENDS = (-HALF, HALF)
TOP = 2.95  # of pictures that have a row of words above the plane
BOLD = {"color": "text", "bold": True}


def axes() -> tuple[Axis, Axis]:
    ticks = [(tick, f"{tick}".replace("-", "−")) for tick in (-2, -1, 0, 1, 2)]
    return Axis("x₁", *ENDS, ticks, bare=True), Axis("x₂", *ENDS, ticks, bare=True)


def plain(drawn: Sequence[dict[str, Any]], *above: dict[str, Any]) -> Sketch:
    """Layers on the plane without ticks; `above`: a row of words."""
    return Sketch(
        Axis("", *ENDS, ticks=()), Axis("", -HALF, TOP if above else HALF, ticks=(), bare=True), [*drawn, *above]
    )


def title(text: str, **look) -> dict[str, Any]:
    """Words above the plane, on the left unless aligned elsewhere."""
    at = HALF if look.get("align") == "right" else -HALF
    return layers.words(at, TOP, text, **(BOLD | {"baseline": "top"} | look))


def nodes() -> np.ndarray:
    """The positions of the field's nodes, (NODES², 2) float32: the lowest row first, x₁ varying fastest."""
    line = np.linspace(-HALF, HALF, NODES, dtype=np.float32)
    x2, x1 = np.meshgrid(line, line, indexing="ij")
    return np.stack([x1.ravel(), x2.ravel()], axis=1)


def of_class(x: np.ndarray, y: np.ndarray, radius: float) -> list[dict[str, Any]]:
    """Points (n, 2) in the colours of their classes (n,)."""
    return [layers.dots(*x[y == label].T, radius, color=colour) for label, colour in enumerate(CLASSES)]


def shading(field: np.ndarray, strength: float, levels: Sequence[float] = ()) -> list[dict[str, Any]]:
    """p(y = 1|x) at the nodes as two colours, with contour lines at `levels`."""
    shares = field.reshape(NODES, NODES)
    return [
        layers.heat(ENDS, ENDS, 1 - shares, CLASSES[0], strength=strength),
        layers.heat(ENDS, ENDS, shares, CLASSES[1], levels=levels, strength=strength),
    ]


def class_titles() -> list[dict[str, Any]]:
    """The names of the classes in their colours, above the plane on the right."""
    return [title(f"y = {label}", align="right", color=CLASSES[label], shift=-60 * label) for label in (0, 1)]


def data_sketch(x: np.ndarray, y: np.ndarray, name: str) -> Sketch:
    """A data set: points with their classes, which are named."""
    return plain(of_class(x, y, 2.3), title(name), *class_titles())


def field_layers(field: np.ndarray, strength: float) -> list[dict[str, Any]]:
    """p(y = 1|x) with contour lines, and their numbers where they meet the right side."""
    shares = field.reshape(NODES, NODES)
    line = np.linspace(*ENDS, NODES)
    numbers = [
        layers.words(HALF, float(np.interp(level, shares[:, -1], line)), f"{level:g}", align="right", **BOLD)
        for level in HEIGHTS
    ]
    lines = layers.heat(ENDS, ENDS, shares, "text", levels=HEIGHTS, strength=0.0)
    return [*shading(field, strength), lines, *numbers]


def field_sketch(field: np.ndarray, name: str) -> Sketch:
    """p(y = 1|x) alone."""
    return plain(field_layers(field, 0.55), title(name))


def sample_dots(x: np.ndarray) -> dict[str, Any]:
    """Points (n, 2) sampled from a model."""
    return layers.dots(*x.T, 1.4, color=palette.RECONSTRUCTION, alpha=0.55)


def samples_sketch(x: np.ndarray, *above: dict[str, Any]) -> Sketch:
    return plain([sample_dots(x)], *above)


def covered(*above: dict[str, Any]) -> Sketch:
    """Where a picture comes after the question."""
    cloth = layers.band(ENDS, (-HALF, -HALF), (HALF, HALF), color=palette.NEUTRAL, alpha=0.14)
    return plain([cloth, layers.words(0, 0, "?", align="center", **BOLD)], *above)


def posterior_layers(
    field: np.ndarray, curve: np.ndarray, x: np.ndarray | None = None, y: np.ndarray | None = None
) -> list[dict[str, Any]]:
    """p(y = 1|x) at the nodes, the exact boundary (M, 2); and data (n, 2) with classes (n,)."""
    drawn = [*shading(field, 0.35, (0.5,)), layers.line(*curve.T, color="text", width=1.5, dash="dashed")]
    return drawn if x is None else [*drawn, *of_class(x, y, 2.3)]


def posterior_sketch(below: Sequence[dict[str, Any]], place: tuple[float, float]) -> Sketch:
    """The chosen place, draggable, on the layers `below`."""
    chosen = layers.dots([place[0]], [place[1]], 6, color="text", rim=True, moves=True)
    return Sketch(*axes(), [*below, chosen], equal=True, handle=place)


def difference_layers(difference: np.ndarray) -> list[dict[str, Any]]:
    """|p_a − p_b| at the nodes."""
    return [layers.heat(ENDS, ENDS, difference.reshape(NODES, NODES) / FULL_DIFFERENCE, palette.NEUTRAL, strength=0.9)]


def difference_sketch(below: Sequence[dict[str, Any]], place: tuple[float, float]) -> Sketch:
    """The chosen place on the layers `below`."""
    chosen = layers.dots([place[0]], [place[1]], 6, color="text", rim=True)
    return Sketch(*axes(), [*below, chosen], equal=True)
