"""The chart of three models' −log p(x) above the truth; the VAE has two bounds."""

from collections.abc import Mapping

import plotly.graph_objects as go

from vaedemo.figures import palette, style

NAMES = (("Autoregressive", "exact"), ("Flow", "exact"), ("VAE", "tighter bound"), ("VAE", "−ELBO"))


def nats_figure(nats: Mapping[str, float], *, is_open: bool, height: int) -> go.Figure:
    """A bar for each model, from 0, the truth. `nats`: first the truth, then the models, the VAE's tighter bound and
    its −ELBO. `is_open`: without the tighter bound."""
    truth, *others = nats.values()
    bars = [(f"{name}, {what}", value - truth) for (name, what), value in zip(NAMES, others, strict=True)]
    if is_open:
        del bars[2]
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
