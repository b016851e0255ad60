"""The pictures of the taxonomy page: clouds of points, densities on the plane, and the steps of sampling."""

import numpy as np

from vaedemo.app.components.sketch import Axis, Sketch, layers
from vaedemo.figures import palette

FULL_INK = 0.97  # the quantile of the true density, over non-empty cells, that has the full colour
EMPTY = 0.02  # a cell is empty below this share of the largest density
MOST_SEEN = 0.98  # share of the points inside the window: a coupling may throw a few far out
LINES, STEPS = 13, 61  # of the grid over z


def plane(edge: float, letter: str = "x") -> tuple[Axis, Axis]:
    return Axis(f"{letter}₁", -edge, edge), Axis(f"{letter}₂", -edge, edge)


def cloud(points: np.ndarray, edge: float, color: str, letter: str = "x") -> Sketch:
    """Points (N, 2) in the plane; `letter`: the name of the coordinates."""
    return Sketch(*plane(edge, letter), [layers.dots(*points.T, 1.8, color=color, alpha=0.75)], equal=True)


def density(values: np.ndarray, truth: np.ndarray, edge: float, color: str) -> Sketch:
    """p(x) at the centres of cells, (n, n); all pictures of one data set have the same colour scale."""
    inner = edge * (1 - 1 / len(values))
    full = np.quantile(truth[truth > EMPTY * truth.max()], FULL_INK)
    drawn = layers.heat((-inner, inner), (-inner, inner), values / full, color, strength=1.0)
    return Sketch(*plane(edge), [drawn], equal=True)


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
    return Sketch(
        *plane(edge),
        [
            layers.dots(*samples.T, 1.8, color=palette.RECONSTRUCTION, alpha=0.6, name="samples"),
            layers.upright(first, color=palette.POSTERIOR, width=2, name="x₁"),
        ],
        equal=True,
    )


def conditional(x2: np.ndarray, values: np.ndarray) -> Sketch:
    """p(x₂|x₁) along x₂, (n,) each."""
    return Sketch(
        Axis("x₂", x2[0], x2[-1]),
        Axis("p(x₂|x₁)", 0, max(1.0, 1.08 * values.max())),
        [layers.line(x2, values, color=palette.POSTERIOR, width=2, fill=0.15)],
        readout=[(at, f"x₂ = {at:.2f}: {value:.2f}".replace("-", "−")) for at, value in zip(x2, values, strict=True)],
    )
