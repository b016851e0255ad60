"""Exhibit: how many points a grid over z has, with 1 to 20 axes, beside the random z that are needed."""

import math

import numpy as np
import plotly.graph_objects as go

from vaedemo.app.lessons.likelihood import needed
from vaedemo.app.shared.chart import chart
from vaedemo.app.shared.symbols import power_of_ten
from vaedemo.app.shell.step_view import StepView
from vaedemo.figures import palette, style
from vaedemo.training import draws_needed

VALUES = 101  # of z on each axis of the grid
EXTENT = 4.0  # from minus this to this
MOST_AXES = 20


def points(axes: int) -> int:
    """The points of a grid over so many axes."""
    return VALUES**axes


def picture(view: StepView) -> None:
    most = 2 if view.is_open else MOST_AXES
    random = {} if view.is_open else {axes: needed.row(axes, view["digit"]).needed for axes in draws_needed.RUNS}
    alt = f"The number of points of a grid of {VALUES} values per axis, for 1 to {most} axes"
    chart(view, counted(most, random, tall=needed.tall(view)), name="grid", alt=alt)


def counted(most: int, random: dict[int, float], *, tall: int) -> go.Figure:
    """The points for 1 to `most` axes, and `random`, axes → nats: a mark at e^nats random z."""
    axes = np.arange(1, most + 1)
    figure = style.new_figure(
        "number of latent axes", "values of z to decode", height=tall, view="grid points", legend=False
    )
    figure.add_trace(
        go.Scatter(
            x=axes,
            y=[float(points(each)) for each in axes.tolist()],
            mode="lines+markers",
            line={"color": palette.NEUTRAL, "width": 3.5},
            marker={"size": 10},
            hovertemplate="%{x} axes: %{y:.0e} points<extra></extra>",
        )
    )
    note(figure, 2, points(2), f"<b>grid: {VALUES} · {VALUES} = {points(2):,}</b>", xanchor="left", yanchor="middle")
    if most > 2:
        power = power_of_ten(round(most * math.log10(VALUES)))
        note(figure, most, points(most), f"<b>grid: {power}</b>", xanchor="right", yanchor="middle")
    for each, nats in random.items():
        figure.add_trace(
            go.Scatter(
                x=[each],
                y=[math.exp(nats)],
                mode="markers",
                marker={"symbol": "diamond", "size": 17, "color": palette.PRIOR},
                hovertemplate=f"{each} axes: about {needed.draws_in_words(nats)} random z<extra></extra>",
            )
        )
        text = f"random z: about {needed.draws_in_words(nats)}"
        below = {"xanchor": "left", "yanchor": "top"} if each == 2 else {"xanchor": "right", "yanchor": "middle"}
        note(figure, each, math.exp(nats), text, **below)
    ticks = range(0, 41, 10)
    figure.update_xaxes(range=[0.5, MOST_AXES + 0.8], tickvals=[1, 2, 5, 10, 15, 20])
    figure.update_yaxes(
        type="log",
        range=[-2, 42],
        tickvals=[10.0**power for power in ticks],
        ticktext=["1", *(power_of_ten(power) for power in ticks[1:])],
    )
    return figure


def note(figure: go.Figure, axes: int, count: float, text: str, **anchors) -> None:
    """Words beside a point."""
    shift = 12 if anchors["xanchor"] == "left" else -14
    below = -4 if anchors["yanchor"] == "top" else 0
    place = {"x": axes, "y": math.log10(count), "xshift": shift, "yshift": below}
    figure.add_annotation(text=text, showarrow=False, **place, **anchors)
