"""The branches of a training as a tree: a line per run over the training steps, which leaves its parent where a setting
changed."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from vaedemo.figures import palette, style

ROW = 34  # CSS pixels
SHOWN_WIDTH, OTHER_WIDTH = 5, 2.5


@dataclass(frozen=True)
class Branch:
    """One run. `parent`: the row of the run that it left, None for the first; `begin`, `end`: steps. `label`: what it
    changed; `result`: a figure at its end, empty where it is not kept. `shown`: whether it is the run on the page."""

    parent: int | None
    begin: int
    end: int
    label: str
    result: str
    shown: bool = False


def tree(branches: Sequence[Branch], steps: int) -> go.Figure:
    """The tree of a training with so many `steps`; parents come before their branches."""
    figure = style.new_figure("training step", "branch", height=ROW * len(branches) + 60, view="branches", legend=False)
    for row, branch in enumerate(branches):
        colour, width = (palette.ELBO, SHOWN_WIDTH) if branch.shown else (palette.NEUTRAL, OTHER_WIDTH)
        line = {"color": colour, "width": width, "dash": "solid" if branch.result else "4px,4px"}
        start = [(branch.begin, branch.parent)] if branch.parent is not None else []
        x, y = zip(*start, (branch.begin, row), (branch.end, row), strict=True)
        hover = f"{branch.label}: {branch.result or 'not kept'}<extra></extra>"
        figure.add_trace(go.Scatter(x=x, y=y, mode="lines", line=line, hovertemplate=hover))
        figure.add_trace(
            go.Scatter(
                x=[branch.end],
                y=[row],
                mode="markers",
                marker={"size": 10, "color": colour},
                hovertemplate=hover,
            )
        )
        words = f"<b>{branch.label}</b>" if branch.shown else branch.label
        words += f": {branch.result}" if branch.result else ""
        place = {"x": branch.end, "y": row, "xanchor": "left", "xshift": 10, "showarrow": False}
        figure.add_annotation(text=words, **place)
    figure.update_yaxes(range=[len(branches) - 0.4, -0.6], visible=False)
    figure.update_xaxes(range=[0, steps * 1.6])
    return figure
