"""Errors over the level of a corruption: the chosen model's in colour, the others in grey, and the input itself."""

import math
from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from vaedemo.figures import palette, style

DASHES = ("dash", "dot", "dashdot", "longdash")
ENDS = (0.005, 0.5)  # of the logarithmic axis


def level_curves(
    levels: Sequence[float],
    curves: Mapping[str, Sequence[float]],
    noisy: Sequence[float],
    *,
    level: float,
    chosen: str,
    x_title: str,
    height: int = 340,
    view: str = "error over noise",
) -> go.Figure:
    """Squared errors per pixel on a logarithmic axis; an error of 0 lies below it.

    Args:
        levels: of the corruption.
        curves: name → errors at the levels; the one called `chosen` is drawn in colour.
        noisy: the error of the corrupted input itself.
        level: marked by a vertical line.
    """
    figure = style.new_figure(x_title, "squared error per pixel, test", height=height, view=view)
    add(figure, levels, noisy, "x̃ itself", {"color": palette.DATA, "width": 2, "dash": "dash"})
    dashes = iter(DASHES)
    for name, errors in curves.items():
        own = name == chosen
        look = {"color": palette.RECONSTRUCTION, "width": 3.5} if own else {"color": palette.NEUTRAL, "width": 2}
        add(figure, levels, errors, name, look if own else look | {"dash": next(dashes)})
    figure.add_vline(x=level, line={"color": palette.NEUTRAL, "width": 1.5, "dash": "dot"})
    ticks = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
    low, high = (math.log10(end) for end in ENDS)
    figure.update_yaxes(type="log", range=[low, high], tickvals=ticks, ticktext=[f"{tick:g}" for tick in ticks])
    figure.update_layout(hovermode="x unified")
    return figure


def add(figure: go.Figure, levels: Sequence[float], errors: Sequence[float], name: str, line: dict) -> None:
    """One curve; an error of 0 has no place on the axis and is left out."""
    figure.add_trace(
        go.Scatter(
            x=list(levels),
            y=[float(error) if error > 0 else None for error in errors],
            name=name,
            mode="lines",
            line=line,
            hovertemplate="%{y:.4f}",
        )
    )
