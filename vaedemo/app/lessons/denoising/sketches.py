"""The pictures of the denoising page: arrows on the plane, paths of iterates, errors against noise levels."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from vaedemo.app.components.sketch import Axis, Sketch, layers
from vaedemo.figures import palette

EXTENT = 1.9
SHORTENED = 0.3  # scale of the grid's arrows, which would overlap at full length
HEAD = 0.05  # length of an arrow's head in units of the plane; at most half the arrow
DATA_POINTS = 400
ERRORS = (0.005, 0.5)  # ends of the logarithmic axis of errors
MODEL_COLOURS = {
    "gaussian": palette.RECONSTRUCTION,
    "masking": palette.KL,
    "salt_pepper": palette.ELBO,
    "none": palette.NEUTRAL,
}


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
    drawn = [layers.dots(*data[:DATA_POINTS].T, 1.6, color=palette.NEUTRAL, alpha=0.4, name="x, clean")]
    fields = [("σ²∇log p, exact", exact, palette.DATA, 4.0)]
    if learned is not None:
        fields.append(("r(x̃) − x̃, learned", learned, palette.RECONSTRUCTION, 1.75))
    for name, field, colour, width in fields:
        for there, look in ((~known, {"alpha": 0.25}), (known, {"name": name})):
            drawn.append(arrows(grid[there], SHORTENED * field[there], color=colour, width=width, **look))
    return drawn


def plane(
    fields: Sequence[dict[str, Any]], place: np.ndarray, exact_arrow: np.ndarray, learned_arrow: np.ndarray | None
) -> Sketch:
    """The `field_layers`, and the chosen point x̃ (2,) with its exact and its learned arrow, both at full length."""
    drawn = [*fields, arrows(place[None], exact_arrow[None], 0.12, color=palette.DATA, width=5, moves=True)]
    if learned_arrow is not None:
        drawn.append(
            arrows(place[None], learned_arrow[None], 0.12, color=palette.RECONSTRUCTION, width=2.5, moves=True)
        )
    drawn.append(layers.dots([place[0]], [place[1]], 7, color="text", rim=True, moves=True, name="x̃, drag it"))
    return Sketch(
        Axis("x₁", -EXTENT, EXTENT),
        Axis("x₂", -EXTENT, EXTENT),
        drawn,
        equal=True,
        handle=(float(place[0]), float(place[1])),
    )


def data_layer(data: np.ndarray) -> dict[str, Any]:
    """The clean data (N, 2), below the moving points."""
    return layers.dots(*data[:DATA_POINTS].T, 1.6, color=palette.DATA, alpha=0.45, name="x, clean")


def ground(data: dict[str, Any], path: np.ndarray | None) -> Sketch:
    """The `data_layer` below the moving points, and the path (K + 1, 2) of the chosen x̃."""
    drawn = [data]
    if path is not None:
        drawn.append(layers.line(*path.T, color="text", width=2, name="path of your x̃"))
        drawn.append(layers.dots(*path.T, 2.5, color="text"))
    return Sketch(Axis("x₁", -EXTENT, EXTENT), Axis("x₂", -EXTENT, EXTENT), drawn, equal=True)


def errors(
    levels: Sequence[float], curves: Mapping[str, Sequence[float]], noisy: Sequence[float], level: float, title: str
) -> Sketch:
    """Test errors per pixel against the level of the test corruption, one curve per model.

    A key of `curves` is (name, kind of corruption in training); `noisy` is the error of the corrupted input itself.
    """
    low, high = np.log10(ERRORS)

    def heights(values: Sequence[float]) -> np.ndarray:
        return np.log10(np.maximum(values, ERRORS[0] / 10))

    drawn = [
        layers.upright(level, color=palette.NEUTRAL, width=1.5, dash="dotted"),
        layers.line(levels, heights(noisy), color=palette.DATA, dash="dashed", width=2, name="x̃ itself"),
    ]
    for (name, kind), values in curves.items():
        drawn.append(layers.line(levels, heights(values), color=MODEL_COLOURS[kind], width=2.5, name=name))
    readout = []
    for index, at in enumerate(levels):
        lines = [f"{title} {at:g}: x̃ {noisy[index]:.4f}"]
        lines += [f"{name} {values[index]:.4f}" for (name, _), values in curves.items()]
        readout.append((at, "\n".join(lines)))
    ticks = [(np.log10(error), f"{error:g}") for error in (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)]
    return Sketch(
        Axis(title, min(levels), max(levels)),
        Axis("squared error per pixel, test", low, high, ticks),
        drawn,
        readout=readout,
    )
