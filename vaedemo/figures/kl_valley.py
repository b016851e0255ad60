"""The KL of one axis of a diagonal q: a valley over its mean and its variance."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from vaedemo.figures import palette, panels
from vaedemo.figures.normals import density, line


def valley(
    means,
    variances,
    kl,
    *,
    path: tuple[Sequence[float], Sequence[float]],
    height: int = 400,
    view: str = "valley",
) -> go.Figure:
    """KL(V, E) as contours with a point that rolls to the minimum, beside q and the prior; play runs in the browser.

    Args:
        means: E, (A,). variances: V, (B,), increasing by equal factors. kl: (B, A), nats.
        path: V and E along the descent, (M,) each: the point stands at the first and rolls to the last, a frame each.
    """
    log_variances = np.log10(np.asarray(variances, np.float64))
    path_variance, path_mean = (np.asarray(values, np.float64) for values in path)
    ticks = [0.03, 0.1, 0.3, 1, 3, 10]
    grid = np.linspace(-5, 5, 101)
    figure = panels.new_panels(
        [
            "½(V − log V − 1 + E²), nats",
            f"{tinted('q(zᵢ)', palette.POSTERIOR)} and the {tinted('prior', palette.PRIOR)}",
        ],
        [{"title": "E, mean of q"}, {"title": "zᵢ", "range": [-5, 5]}],
        [
            {"title": "V, variance of q", "tickvals": np.log10(ticks), "ticktext": [f"{tick:g}" for tick in ticks]},
            {"title": "density", "range": [0, 1.4]},
        ],
        columns=2,
        height=height,
        view=view,
    )
    shade = [[0, palette.translucent(palette.KL, 0.02)], [1, palette.translucent(palette.KL, 0.6)]]
    contour = go.Contour(
        x=means,
        y=log_variances,
        z=np.sqrt(np.asarray(kl)),  # equal steps of the root: a parabola's contours at equal distances
        contours={"start": 0, "end": 2.4, "size": 0.3, "showlines": True},
        line={"color": palette.translucent(palette.NEUTRAL, 0.5), "width": 1, "smoothing": 0},
        colorscale=shade,
        showscale=False,
        customdata=kl,
        hovertemplate="E = %{x:.2f}: %{customdata:.3f} nats<extra></extra>",
    )
    minimum = dot(0, 0, palette.PRIOR, "V = 1, E = 0: nothing to pay", 9)
    point = dot(path_mean[0], np.log10(path_variance[0]), palette.POSTERIOR, "this axis", 13)
    prior = line(grid, density(grid, 0, 1), "prior", palette.PRIOR, **panels.at(1))
    traces = [
        contour,
        line(path_mean, np.log10(path_variance), "descent", palette.POSTERIOR, "dot", 2, **panels.at(0)),
        minimum,
        prior,
        line(grid, density(grid, path_mean[0], path_variance[0] ** 0.5), "q", palette.POSTERIOR, **panels.at(1)),
        point,
    ]
    figure.add_traces(traces)
    last = len(traces) - 1
    figure.frames = [
        go.Frame(
            data=[
                {"type": "scatter", "y": density(grid, mean, variance**0.5)},
                {"type": "scatter", "x": [mean], "y": [np.log10(variance)]},
            ],
            traces=[last - 1, last],
            name=str(index),
        )
        for index, (variance, mean) in enumerate(zip(path_variance, path_mean, strict=True))
    ]
    figure.layout.margin.t = 68  # a row for the button above the titles, on a phone too
    figure.layout.updatemenus = [play_button()]
    return figure


def play_button() -> dict:
    """A button that plays the figure's frames in the browser, from the first at each press."""
    timing = {"frame": {"duration": 60, "redraw": False}, "transition": {"duration": 0}, "fromcurrent": False}
    place = {"x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom", "pad": {"b": 32, "t": 0, "l": 0}}
    button = {"label": "▶ Roll downhill", "method": "animate", "args": [None, timing | {"mode": "immediate"}]}
    look = {
        "bgcolor": palette.translucent(palette.NEUTRAL, 0.12),
        "bordercolor": palette.translucent(palette.NEUTRAL, 0.4),
    }
    return {"type": "buttons", "buttons": [button], "showactive": False} | place | look


def tinted(words: str, colour: str) -> str:
    """Words in a title that stand for a line of this colour."""
    return f"<span style='color:{colour}'>{words}</span>"


def dot(x: float, y: float, colour: str, text: str, size: int) -> go.Scatter:
    look = {"color": colour, "size": size, "line": {"color": "white", "width": 1.5}}
    return go.Scatter(x=[x], y=[y], mode="markers", marker=look, hovertext=[text], hoverinfo="text", **panels.at(0))
