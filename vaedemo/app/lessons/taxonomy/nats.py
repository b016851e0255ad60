"""The chart of three models' −log p(x) above the truth; the VAE has two bounds."""

import re
from collections.abc import Mapping

import plotly.graph_objects as go

from vaedemo.figures import palette, style

BOUND = "tighter bound"


def nats_figure(nats: Mapping[str, float], *, height: int) -> go.Figure:
    """A bar for each number, from 0, the truth. `nats`: label → number, first the truth."""
    truth, *others = nats.items()
    bars = [(re.sub(r"IWAE-\d+", BOUND, label), value - truth[1]) for label, value in others]
    figure = style.new_figure("nats above the truth", "model", height=height, view="nats", legend=False)
    colors = [palette.ELBO if "ELBO" in name else palette.NEUTRAL for name, _ in bars]
    figure.add_trace(
        go.Bar(
            x=[value for _, value in bars],
            y=[name for name, _ in bars],
            orientation="h",
            width=0.6,
            marker={"color": colors, "line": {"width": 0}},
            hoverinfo="skip",
        )
    )
    for name, value in bars:
        figure.add_annotation(x=value, y=name, text=f"{value:.2f}", showarrow=False, xanchor="left", xshift=6)
    figure.update_xaxes(range=[0, 1.12 * max(value for _, value in bars)])
    figure.update_yaxes(title=None, showgrid=False, autorange="reversed")
    return figure
