"""The classes' markers as polygons, for drawing without plotly: on a canvas in the browser, in an image file."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from vaedemo.figures import palette

_THICK = 0.36  # half the thickness of a cross's bar, in radii


def _ring(count: int, start: float = 90.0, radius: float = 1.0) -> np.ndarray:
    """The corners of a regular polygon, the first at `start` degrees."""
    turn = np.deg2rad(start + 360 * np.arange(count) / count)
    return radius * np.stack([np.cos(turn), np.sin(turn)], axis=1)


def _star(points: int, inner: float, radius: float) -> np.ndarray:
    """Outer and inner corners in turn."""
    half = 180 / points
    corners = np.stack([_ring(points, radius=radius), _ring(points, 90 + half, radius * inner)], axis=1)
    return corners.reshape(-1, 2)


def _cross(radius: float) -> np.ndarray:
    a, t = radius, _THICK
    quarter = np.array([[t, t], [t, a], [-t, a]])
    turns = [np.array([[c, -s], [s, c]]) for c, s in ((1, 0), (0, 1), (-1, 0), (0, -1))]
    return np.concatenate([quarter @ turn.T for turn in turns])


def _turned(polygon: np.ndarray, degrees: float) -> np.ndarray:
    c, s = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    return polygon @ np.array([[c, s], [-s, c]])


POLYGONS: Mapping[str, np.ndarray] = MappingProxyType(
    {
        "circle": _ring(20),
        "square": _ring(4, 45, 1.22),
        "diamond": _ring(4, 90, 1.3),
        "triangle-up": _ring(3, 90, 1.4),
        "triangle-down": _ring(3, -90, 1.4),
        "pentagon": _ring(5, 90, 1.15),
        "star": _star(5, 0.42, 1.5),
        "cross": _cross(1.25),
        "hexagram": _star(6, 0.577, 1.35),
        "x": _turned(_cross(1.3), 45),
    }
)
"""Corners (n, 2) around the origin, y upwards, scaled to look as large as a circle of radius 1."""


def class_polygon(index: int) -> np.ndarray:
    """The corners of the marker of class `index`, in the palette's order."""
    return POLYGONS[palette.class_marker(index)]
