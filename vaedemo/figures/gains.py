"""What methods gain over a reference, as means with intervals: one place across for each setting."""

from collections.abc import Sequence
from typing import NamedTuple

import plotly.graph_objects as go

from vaedemo.figures import palette, style

NEAR = 1.0  # of the line at 0, which would strike a number through
APART = 0.17  # between two series at one place
SIZE = 15  # CSS pixels of a marker, and between it and its words


class Series(NamedTuple):
    """One method: its `name`, its colour, a plotly marker, and (mean, half the interval) at each place. `above`: the
    name stands above the first mean, else below."""

    name: str
    colour: str
    marker: str
    values: Sequence[tuple[float, float]]
    above: bool = True


def gains(
    places: Sequence[str],
    series: Sequence[Series],
    *,
    x_title: str,
    y_title: str,
    reference: str,
    ends: tuple[float, float],
    height: int,
) -> go.Figure:
    """A figure with a line at 0 for the `reference`, and a marker with an interval for each series at each place.

    Args:
        places: of the horizontal axis, as words.
        ends: of the vertical axis, so that it does not rescale when a series is added.
    """
    figure = style.new_figure(x_title, y_title, height=height, view="gains", legend=False)
    last = len(places) - 1
    for number, each in enumerate(series):
        shift = APART * (number - (len(series) - 1) / 2)
        across = [place + shift for place in range(len(each.values))]
        mean, half = zip(*each.values, strict=True)
        figure.add_trace(
            go.Scatter(
                x=across,
                y=mean,
                name=each.name,
                mode="markers",
                marker={"color": each.colour, "symbol": each.marker, "size": SIZE, "line": {"width": 2}},
                error_y={"type": "data", "array": half, "color": each.colour, "thickness": 3, "width": 8},
                hovertemplate=f"{each.name}: %{{y:+.1f}} points<extra></extra>",
            )
        )
        end = mean[0] + half[0] if each.above else mean[0] - half[0]
        words = {"text": each.name, "showarrow": False, "xanchor": "left", "font": {"color": each.colour}}
        figure.add_annotation(x=across[0], y=end, yanchor="bottom" if each.above else "top", xshift=-SIZE, **words)
        left = number == 0 and len(series) > 1  # so that no number stands on the next marker
        for place, value in zip(across, mean, strict=True):
            figure.add_annotation(
                x=place,
                y=value,
                text=f"{value:+.1f}".replace("-", "−"),
                showarrow=False,
                xanchor="right" if left else "left",
                xshift=-SIZE if left else SIZE,
                yshift=(abs(value) < NEAR) * (SIZE if value >= 0 and not left else -SIZE),
            )
    figure.add_hline(y=0, line={"color": palette.NEUTRAL, "width": 2})
    figure.add_annotation(x=0.6, y=0, text=reference, showarrow=False, yanchor="top")
    ticks = {"tickvals": list(range(len(places))), "ticktext": list(places), "showgrid": False}
    figure.update_xaxes(range=[-0.35, last + 0.62], **ticks)
    figure.update_yaxes(range=list(ends))
    return figure
