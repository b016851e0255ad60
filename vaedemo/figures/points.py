"""Two-dimensional data: observed points, model samples, and the decoded grid of the latent plane."""

from collections.abc import Iterable

import numpy as np
import plotly.graph_objects as go

from vaedemo.figures import palette, style

LARGEST_SCATTER = 2000


def points_plane(
    data=None,
    samples=None,
    *,
    samples_name: str = "model samples",
    lines: Iterable | None = None,
    lines_name: str = "decoded grid of z",
    pairs: tuple | None = None,
    extent: tuple[tuple[float, float], tuple[float, float]] | None = None,
    axis_names: tuple[str, str] = ("x₁", "x₂"),
    height: int = 420,
    view: str = "points",
) -> go.Figure:
    """Data points, model samples and decoded lines in one plane, at equal aspect.

    Args:
        data: observed points, (N, 2).
        samples: points sampled from the model, (S, 2). At most 2,000 of each are drawn, the same ones at every call.
        lines: decoded lines, each (M_i, 2): the images of straight lines in z, which show how the decoder warps them.
        pairs: (x (K, 2), x̂ (K, 2)); each point is joined to its reconstruction.
        extent: ((left, right), (bottom, top)); None: around the data, or around the first given argument.
        view: as for `style.new_figure`.

    Raises:
        ValueError: an array of another shape, or nothing to draw.
    """
    figure = style.new_figure(*axis_names, height=height, view=view, draggable=True)
    pieces = None if lines is None else [style.planar(line, "each line") for line in lines]
    if pieces:
        bent = style.broken_line(pieces)
        figure.add_trace(
            go.Scatter(
                x=bent[:, 0],
                y=bent[:, 1],
                mode="lines",
                name=lines_name,
                line={"color": palette.PRIOR, "width": 1},
                opacity=0.8,
                hoverinfo="skip",
            )
        )
    if data is not None:
        add_cloud(figure, style.planar(data, "data"), "data", palette.DATA, "circle")
    if samples is not None:
        add_cloud(figure, style.planar(samples, "samples"), samples_name, palette.RECONSTRUCTION, "diamond")
    if pairs is not None:
        add_pairs(figure, style.planar(pairs[0], "pairs[0]"), style.planar(pairs[1], "pairs[1]"))
    shown = [part for part in (data, samples, pairs and pairs[0]) if part is not None and len(part)] or pieces
    if extent is None:
        if not shown:
            raise ValueError("Nothing to draw: give data, samples, lines or pairs.")
        extent = window(style.planar(shown[0], "data"))
    return style.equal_aspect(figure, *extent)


def window(points: np.ndarray, margin: float = 0.15) -> tuple[tuple[float, float], tuple[float, float]]:
    """The bounding box of the points (N, 2), with a margin given as a share of its longer side."""
    low, high = points.min(axis=0), points.max(axis=0)
    room = margin * max(float((high - low).max()), 1e-6)
    return tuple((round(float(a) - room, 3), round(float(b) + room, 3)) for a, b in zip(low, high, strict=True))


def add_cloud(figure: go.Figure, points: np.ndarray, name: str, colour: str, marker: str) -> None:
    """A scatter of at most 2,000 of the points; each has its row number as `customdata`."""
    rows = style.every_kth(len(points), LARGEST_SCATTER)
    figure.add_trace(
        go.Scatter(
            x=points[rows, 0],
            y=points[rows, 1],
            customdata=rows,
            mode="markers",
            name=name,
            marker={"color": colour, "symbol": marker, "size": 5, "opacity": 0.8},
            hovertemplate=f"{name} (%{{x:.2f}}, %{{y:.2f}})<extra></extra>",
        )
    )


def add_pairs(figure: go.Figure, points: np.ndarray, reconstructions: np.ndarray) -> None:
    """A thin line from each point to its reconstruction."""
    joined = style.broken_line(np.stack(pair) for pair in zip(points, reconstructions, strict=True))
    figure.add_trace(
        go.Scatter(
            x=joined[:, 0],
            y=joined[:, 1],
            mode="lines",
            name="x to x̂",
            line={"color": palette.NEUTRAL, "width": 1},
            hoverinfo="skip",
        )
    )
