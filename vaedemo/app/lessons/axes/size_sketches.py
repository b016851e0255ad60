"""The pictures of correlated rectangles: the plane of width and height, and rectangles in rows."""

from collections.abc import Sequence

import numpy as np

from vaedemo.app.components.sketch import Axis, Sketch, layers
from vaedemo.figures import palette

CELL = 26.0  # pixels: the room of a rectangle
LOW, HIGH = 0.0, 28.0  # of width and height


def plane(points: np.ndarray, weights: np.ndarray | None, mean: float) -> Sketch:
    """Width and height of each rectangle, and, if there are `weights`, the path of each latent axis from −2 to 2."""
    drawn = [layers.dots(*points.T, 3.5, color=palette.DATA, alpha=0.55)]
    for axis, direction in enumerate(() if weights is None else weights.T):
        ends = mean + np.outer([-2, 2], direction)
        drawn.append(layers.line(*ends.T, color=palette.RECONSTRUCTION, width=4))
        drawn.append(layers.dots(*ends[1:].T, 6, color=palette.RECONSTRUCTION, rim=True))
        place = {"align": "left", "shift": 10} if axis == 0 else {"align": "left", "shift": 8, "baseline": "top"}
        drawn.append(layers.words(*ends[1], f"z{'₁₂'[axis]}", color="text", bold=True, **place))
    return Sketch(Axis("width, pixels", LOW, HIGH), Axis("height, pixels", LOW, HIGH), drawn, equal=True)


def some(points: np.ndarray, columns: int) -> Sketch:
    """Rectangles of the data set."""
    return grid(points, columns, palette.DATA, Axis("rectangles of the data set", 0, columns * CELL, (), bare=True), 0)


def rows(decoded: Sequence[np.ndarray], limit: float) -> Sketch:
    """A row of rectangles for each latent axis, with its name above it."""
    columns = len(decoded[0])
    ticks = [
        ((place + 0.5) * CELL, f"{value:g}".replace("-", "−"))
        for place, value in ((0, -limit), (columns // 2, 0), (columns - 1, limit))
    ]
    across = Axis("this axis alone; the other is 0", 0, columns * CELL, ticks, bare=True)
    drawn = grid(np.concatenate(decoded), columns, palette.RECONSTRUCTION, across, 12)
    for axis, name in enumerate(("z₁", "z₂")):
        top = (len(decoded) - axis) * (CELL + 12)
        drawn.layers.append(layers.words(0, top - 6, name, color="text", bold=True))
    return drawn


def grid(sizes: np.ndarray, columns: int, colour: str, across: Axis, room: float) -> Sketch:
    """Rectangles in rows, with `room` above each row."""
    count = len(sizes) // columns
    drawn = []
    for place, (width, height) in enumerate(sizes):
        row, column = divmod(place, columns)
        x, y = (column + 0.5) * CELL, (count - row) * (CELL + room) - room - 0.5 * CELL
        sides = [x - width / 2, x + width / 2], [y - height / 2, y + height / 2]
        drawn.append(layers.bar(*sides, color=colour))
    return Sketch(across, Axis("", 0, count * (CELL + room), (), bare=True), drawn, equal=True)
