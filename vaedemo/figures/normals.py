"""Normal distributions as pictures: densities over a line, ellipses in a plane, and targets that are none."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from vaedemo.figures import palette, panels, style


def density(grid, mean: float, sd: float) -> np.ndarray:
    """The density of N(mean, sd²) at each point of the grid."""
    grid = np.asarray(grid, np.float64)
    return np.exp(-0.5 * ((grid - mean) / sd) ** 2) / (sd * np.sqrt(2 * np.pi))


def ellipse(mean, covariance, sds: float = 1.0, steps: int = 72) -> np.ndarray:
    """The points (steps + 1, 2) at `sds` standard deviations of a planar normal, as a closed line."""
    factor = np.linalg.cholesky(np.asarray(covariance, np.float64))
    return np.asarray(mean, np.float64) + sds * style.circle((0, 0), (1, 1), steps) @ factor.T


def curves(
    grid,
    shown: Mapping[str, tuple[Sequence[float], str, str]],
    *,
    target: tuple[str, Sequence[float]] | None = None,
    top: float,
    height: int = 380,
    view: str = "densities",
) -> go.Figure:
    """Densities over one line.

    Args:
        grid: (M,). `shown`: name → (density (M,), colour, dash).
        target: name and density (M,) of what is approximated, drawn as a grey area behind.
        top: upper end of the vertical axis.
    """
    figure = panels.fix_margins(style.new_figure("z", "density", height=height, view=view))
    traces = []
    if target is not None:
        grey = {"fill": "tozeroy", "fillcolor": palette.translucent(palette.NEUTRAL, 0.25)}
        traces.append(line(grid, target[1], target[0], palette.NEUTRAL, **grey))
    for name, (values, colour, dash) in shown.items():
        fill = {"fill": "tozeroy", "fillcolor": palette.translucent(colour, 0.12)} if target is None else {}
        traces.append(line(grid, values, name, colour, dash, **fill))
    figure.add_traces(traces)
    figure.update_xaxes(range=[float(grid[0]), float(grid[-1])])
    figure.update_yaxes(range=[0, top])
    return figure


def plane(
    shown: Mapping[str, tuple[Sequence[float], Sequence[Sequence[float]], str, str]],
    *,
    target: tuple | None = None,
    extent: tuple[tuple[float, float], tuple[float, float]],
    equal: bool = True,
    height: int = 420,
    view: str = "normals",
) -> go.Figure:
    """Normals in the plane, each at one and two standard deviations.

    Args:
        shown: name → (mean (2,), covariance (2, 2), colour, dash).
        target: (name, z₁ (A,), z₂ (B,), density (B, A)) of what is approximated, drawn grey behind.
        extent: ((left, right), (bottom, top)).
        equal: whether one unit has one length on both axes; without it a narrow window fills the figure.
    """
    figure = panels.fix_margins(style.new_figure("z₁", "z₂", height=height, view=view))
    traces = [] if target is None else [grey_density(*target)]
    for name, (mean, covariance, colour, dash) in shown.items():
        traces += ellipses(name, mean, covariance, colour, dash, filled=target is None)
    figure.add_traces(traces)
    if equal:
        return style.equal_aspect(figure, *extent)
    figure.layout.xaxis.range, figure.layout.yaxis.range = extent
    return figure


def ellipses(name: str, mean, covariance, colour: str, dash: str, *, filled: bool = True, **more) -> list[go.Scatter]:
    """A normal at two standard deviations, at one, and its mean: three traces with one entry in the legend."""
    outer, inner = ellipse(mean, covariance, 2), ellipse(mean, covariance)
    fill = {"fill": "toself", "fillcolor": palette.translucent(colour, 0.25)} if filled else {}
    dot = go.Scatter(
        x=[mean[0]],
        y=[mean[1]],
        mode="markers",
        marker={"color": colour, "size": 7, "line": {"color": "white", "width": 1.5}},
        showlegend=False,
        hovertemplate="mean (%{x:.2f}, %{y:.2f})<extra>" + name + "</extra>",
        **more,
    )
    return [
        line(outer[:, 0], outer[:, 1], name, colour, dash, width=1.5, showlegend=False, hoverinfo="skip", **more),
        line(inner[:, 0], inner[:, 1], name, colour, dash, hoverinfo="skip", **fill, **more),
        dot,
    ]


def grey_density(name: str, z1, z2, density) -> go.Heatmap:
    """A density over the plane in shades of grey, from nothing to its largest value."""
    shades = [[0, palette.translucent(palette.NEUTRAL, 0)], [1, palette.translucent(palette.NEUTRAL, 0.9)]]
    return go.Heatmap(
        x=z1, y=z2, z=density, colorscale=shades, showscale=False, zsmooth="fast", hoverinfo="skip", name=name
    )


def line(x, y, name: str, colour: str, dash: str = "solid", width: float = 2.5, **more) -> go.Scatter:
    """A line of the common look."""
    look = {"color": colour, "width": width, "dash": dash}
    return go.Scatter(x=x, y=y, mode="lines", name=name, line=look, **({"hoverinfo": "skip"} | more))
