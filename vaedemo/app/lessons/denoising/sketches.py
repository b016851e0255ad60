"""The pictures of the denoising page on the plane: arrows, what could have become x̃, paths of iterates."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from vaedemo.app.components.sketch import Axis, Sketch, layers
from vaedemo.figures import palette, style

EXTENT, NEAR = 1.9, 1.4
SHORTENED = 0.3  # scale of the grid's arrows, which would overlap at full length
HEAD = 0.05  # length of an arrow's head in units of the plane; at most half the arrow
DATA_POINTS = 400
LEFT, TOP, LINE = -9.0, 0.93, 0.125  # where the words of a plane stand: at its left edge, in shares of its extent


def arrows(start: np.ndarray, arrow: np.ndarray, head: float = HEAD, **look) -> dict:
    """Arrows from `start` by `arrow`, (N, 2) each, as one interrupted line: a shaft and a head of two strokes."""
    end = start + arrow
    length = np.linalg.norm(arrow, axis=1, keepdims=True)
    along = arrow / np.maximum(length, 1e-12) * np.minimum(head, length / 2)
    across = along[:, ::-1] * [-0.6, 0.6]
    gap = np.full_like(start, np.nan)
    x, y = np.stack([start, end, gap, end - along + across, end, end - along - across, gap], axis=1).reshape(-1, 2).T
    return layers.line(x, y, **look)


def field_layers(
    data: np.ndarray, grid: np.ndarray, exact: np.ndarray, learned: np.ndarray | None, known: np.ndarray
) -> list[dict[str, Any]]:
    """The layers that do not depend on x̃: the clean data, the exact arrows and, if there is a model, the learned ones,
    (N, 2) each, on a grid; faint where not `known`."""
    drawn = [{**data_layer(data), "name": "clean data x"}]
    fields = [("σ²∇log p_σ, exact", exact, "text", 4.0)]
    if learned is not None:
        fields.append(("r(x̃) − x̃, learned", learned, palette.RECONSTRUCTION, 1.75))
    for name, field, colour, width in fields:
        for there, look in ((~known, {"alpha": 0.2}), (known, {"name": name})):
            drawn.append(arrows(grid[there], SHORTENED * field[there], color=colour, width=width, **look))
    return drawn


def named_inside(drawn: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same layers, with their names in the picture instead of a legend: for a plane that is wider than high."""
    lines = [(layer["name"], layer["color"]) for layer in drawn if "name" in layer]
    return [{name: value for name, value in layer.items() if name != "name"} for layer in drawn] + names(lines)


def names(lines: Sequence[tuple[str, str]], extent: float = EXTENT) -> list[dict[str, Any]]:
    """Words in the upper left corner, each in the colour of what it names."""
    return [
        layers.words(LEFT, extent * (TOP - number * LINE), text, color=colour, bold=True)
        for number, (text, colour) in enumerate(lines)
    ]


def square(
    drawn: Sequence[dict[str, Any]], handle: tuple[float, float] | None = None, extent: float = EXTENT
) -> Sketch:
    """A plane on which one unit has the same length on both axes, from −extent to extent."""
    return Sketch(Axis("x₁", -extent, extent), Axis("x₂", -extent, extent), list(drawn), equal=True, handle=handle)


def point(place: np.ndarray, text: str, colour: str, **look) -> list[dict[str, Any]]:
    """A dot (2,) and its name below it."""
    x, y = (float(number) for number in place)
    return [
        layers.dots([x], [y], 7, color=colour, rim=True, **look),
        layers.words(x, y - 0.07, text, color=colour, align="center", baseline="top", bold=True, **look),
    ]


def plane(
    fields: Sequence[dict[str, Any]], place: np.ndarray, exact_arrow: np.ndarray, learned_arrow: np.ndarray | None
) -> Sketch:
    """The `field_layers`, and the chosen point x̃ (2,) with its exact and its learned arrow, both at full length. The
    layers are named in a legend; `named_inside` takes them into the picture."""
    drawn = [*fields, arrows(place[None], exact_arrow[None], 0.12, color="text", width=5, moves=True)]
    if learned_arrow is not None:
        drawn.append(
            arrows(place[None], learned_arrow[None], 0.12, color=palette.RECONSTRUCTION, width=2.5, moves=True)
        )
    drawn += point(place, "x̃, drag it", "text", moves=True)
    return square(drawn, handle=(float(place[0]), float(place[1])))


def asked(data: np.ndarray, place: np.ndarray | None = None) -> Sketch:
    """The clean data alone, with x̃ (2,) if there is one: no arrow."""
    extent = EXTENT if place is None else NEAR
    drawn = [data_layer(data), *names([("clean data x", palette.DATA)], extent)]
    return square(drawn if place is None else [*drawn, *edge(), *point(place, "x̃", "text")], extent=extent)


def edge() -> list[dict[str, Any]]:
    """The circle of radius 1: no clean point lies inside it."""
    return [layers.line(*style.circle((0, 0), (1, 1)).T, color=palette.NEUTRAL, width=1.5, dash="dashed")]


def mean(data: np.ndarray, weights: np.ndarray, place: np.ndarray, best: np.ndarray, learned: np.ndarray) -> Sketch:
    """The clean points (N, 2) that could have become x̃, the larger the more probable, and where r and the exact mean
    lie, (2,) each. `weights`: (N,), at most 1."""
    data, weights = data[:DATA_POINTS], weights[:DATA_POINTS]
    drawn = [
        layers.dots(*data.T, 1.2 + 5 * np.sqrt(weights), color=palette.DATA, alpha=0.45),
        *edge(),
        arrows(place[None], (learned - place)[None], 0.09, color=palette.RECONSTRUCTION, width=4),
        *names(
            [
                ("x that could have become x̃", palette.DATA),
                ("+ their exact mean", "text"),
                ("r(x̃), learned", palette.RECONSTRUCTION),
            ],
            NEAR,
        ),
        *point(place, "x̃, drag it", "text", moves=True),
        layers.dots(*learned[:, None], 8, color=palette.RECONSTRUCTION, rim=True),
        layers.words(float(best[0]), float(best[1]), "+", color="text", align="center", bold=True),
    ]
    return square(drawn, handle=(float(place[0]), float(place[1])), extent=NEAR)


def ends(data: np.ndarray, paths: np.ndarray) -> Sketch:
    """Where the points of a grid end, and their ways there; `paths`: (K + 1, N, 2)."""
    ways = np.concatenate([paths, np.full_like(paths[:1], np.nan)]).transpose(1, 0, 2).reshape(-1, 2)
    drawn = [
        layers.line(*ways.T, color=palette.NEUTRAL, width=1, alpha=0.45),
        layers.dots(*paths[0].T, 1.5, color=palette.NEUTRAL, alpha=0.7),
        data_layer(data),
        layers.dots(*paths[-1].T, 3.5, color=palette.RECONSTRUCTION),
        *names(
            [
                ("start: a grid", palette.NEUTRAL),
                ("clean data x", palette.DATA),
                (f"after {len(paths) - 1} times r", palette.RECONSTRUCTION),
            ]
        ),
    ]
    return square(drawn)


def start(data: np.ndarray, grid: np.ndarray) -> Sketch:
    """The points of a grid (N, 2) before r is applied."""
    drawn = [data_layer(data), layers.dots(*grid.T, 2, color="text")]
    return square([*drawn, *names([("start: a grid", "text"), ("clean data x", palette.DATA)])])


def data_layer(data: np.ndarray) -> dict[str, Any]:
    """The clean data (N, 2)."""
    return layers.dots(*data[:DATA_POINTS].T, 1.6, color=palette.DATA, alpha=0.45)


def ground(data: dict[str, Any], path: np.ndarray | None) -> Sketch:
    """The `data_layer` below the moving points, and the path (K + 1, 2) of the chosen x̃."""
    drawn = [{**data, "name": "x, clean"}]
    if path is not None:
        drawn.append(layers.line(*path.T, color="text", width=2, name="path of your x̃"))
        drawn.append(layers.dots(*path.T, 2.5, color="text"))
    return square(drawn)
