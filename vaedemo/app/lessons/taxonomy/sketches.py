"""The pictures of the taxonomy page: clouds of points, densities on the plane, and the steps of sampling."""

from typing import Any

import numpy as np

from vaedemo.app.components.sketch import Axis, Sketch, layers
from vaedemo.figures import palette

FULL_INK = 0.97  # the quantile of the true density, over non-empty cells, that has the full colour
EMPTY = 0.02  # a cell is empty below this share of the largest density
MOST_SEEN = 0.98  # share of the points inside the window: a coupling may throw a few far out
LINES, STEPS = 13, 61  # of the grid over z


def plane(edge: float, letter: str = "x", bare: bool = False) -> tuple[Axis, Axis]:
    """The axes; `bare`: without ticks and names."""
    if bare:
        return Axis("", -edge, edge, ticks=(), bare=True), Axis("", -edge, edge, ticks=(), bare=True)
    return Axis(f"{letter}₁", -edge, edge), Axis(f"{letter}₂", -edge, edge)


def cloud(points: np.ndarray, edge: float, color: str, letter: str = "x", bare: bool = False) -> Sketch:
    """Points (N, 2) in the plane; `letter`: the name of the coordinates."""
    return Sketch(*plane(edge, letter, bare), [layers.dots(*points.T, 1.8, color=color, alpha=0.75)], equal=True)


def density(values: np.ndarray, truth: np.ndarray, edge: float, color: str, bare: bool = False) -> Sketch:
    """p(x) at the centres of cells, (n, n); all pictures of one data set have the same colour scale."""
    inner = edge * (1 - 1 / len(values))
    full = np.quantile(truth[truth > EMPTY * truth.max()], FULL_INK)
    drawn = layers.heat((-inner, inner), (-inner, inner), values / full, color, strength=1.0)
    return Sketch(*plane(edge, bare=bare), [drawn], equal=True)


def seam(angle: float) -> list[dict[str, Any]]:
    """An arrow from the hole to the ring at this angle, and its name."""
    direction = np.array([np.cos(angle), np.sin(angle)])
    tail, tip = 0.42 * direction, 0.92 * direction
    across = np.array([-direction[1], direction[0]])
    back = tip - 0.13 * direction
    line = np.stack([tail, tip, back + 0.07 * across, tip, back - 0.07 * across])
    return [
        layers.line(*line.T, color="text", width=2),
        layers.words(*(0.36 * direction), "seam", color="text", bold=True, align="right"),
    ]


def covered(edge: float) -> Sketch:
    """Where a picture comes after the question."""
    ends = (-edge, edge)
    cloth = layers.band(ends, (-edge, -edge), (edge, edge), color=palette.NEUTRAL, alpha=0.14)
    return Sketch(
        *plane(edge, bare=True), [cloth, layers.words(0, 0, "?", color="text", bold=True, align="center")], equal=True
    )


def grid_lines() -> np.ndarray:
    """Vertical and horizontal lines over the plane of z, (2 LINES, STEPS, 2)."""
    places, along = np.linspace(-3, 3, LINES), np.linspace(-3, 3, STEPS)
    upright = np.stack(np.broadcast_arrays(places[:, None], along[None, :]), axis=-1)
    return np.concatenate([upright, upright[..., ::-1]])


def warp(lines: np.ndarray, points: np.ndarray) -> Sketch:
    """The grid over z after some couplings, (L, S, 2), and points (N, 2) after the same; the axes fit the points."""
    edge = 1.15 * float(np.quantile(np.abs(points).max(axis=1), MOST_SEEN))
    torn = np.concatenate([lines, np.full((len(lines), 1, 2), np.nan)], axis=1).reshape(-1, 2)
    return Sketch(
        *plane(edge),
        [
            layers.line(*torn.T, color=palette.PRIOR, width=1, alpha=0.7, name="the grid over z"),
            layers.dots(*points.T, 1.8, color=palette.RECONSTRUCTION, alpha=0.8, name="points"),
        ],
        equal=True,
    )


def cut(samples: np.ndarray, first: float, edge: float) -> Sketch:
    """Samples in the plane, and the line x₁ = `first`."""
    side = "left" if first < edge / 2 else "right"
    return Sketch(
        *plane(edge),
        [
            layers.dots(*samples.T, 1.8, color=palette.RECONSTRUCTION, alpha=0.6),
            layers.upright(first, color="text", width=2),
            layers.words(
                first,
                0,
                f"x₁ = {first:.2f}".replace("-", "−"),
                color="text",
                bold=True,
                align=side,
                shift=8 if side == "left" else -8,
            ),
        ],
        equal=True,
    )


def conditional(x2: np.ndarray, values: np.ndarray) -> Sketch:
    """p(x₂|x₁) along x₂, (n,) each."""
    return Sketch(
        Axis("x₂", x2[0], x2[-1]),
        Axis("p(x₂|x₁)", 0, max(1.0, 1.08 * values.max())),
        [layers.line(x2, values, color=palette.RECONSTRUCTION, width=2, fill=0.2)],
        readout=[(at, f"x₂ = {at:.2f}: {value:.2f}".replace("-", "−")) for at, value in zip(x2, values, strict=True)],
    )
