"""The pictures of the page on the reparameterization trick: clouds of gradients, and their variance against K."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from vaedemo.app.components.sketch import Axis, Sketch, layers
from vaedemo.figures import palette, style

MOST_DOTS = 400
# Each estimator has the colour of the function it differentiates: log p(x|z), or log q(z|x).
COLOURS = {"pathwise": palette.RECONSTRUCTION, "score": palette.POSTERIOR, "baselined": palette.POSTERIOR}
CURVES = {"score": "score function", "baselined": "with baseline", "pathwise": "reparameterized"}


def reach(estimates: np.ndarray, exact: np.ndarray, share: float = 0.99) -> np.ndarray:
    """The distance from the exact gradient (2,) that contains a share of the estimates (N, 2), on each axis: (2,)."""
    return 1.08 * np.quantile(np.abs(estimates - exact), share, axis=0)


def cloud_sketch(
    kind: str,
    estimates: np.ndarray,
    exact: np.ndarray,
    extent: np.ndarray,
    names: Sequence[str],
    marked: int | None = None,
) -> Sketch:
    """One dot per estimate, (N, 2), around the exact gradient, (2,), at the crossing of two lines; `marked`: a row
    with a dot of its own."""
    shown = estimates[style.every_kth(len(estimates), MOST_DOTS)]
    drawn = [
        layers.dots(*shown.T, 2.4, color=COLOURS[kind], alpha=0.6),
        layers.upright(exact[0], color="text", width=1.5),
        layers.level(exact[1], color="text", width=1.5),
    ]
    if marked is not None:
        drawn.append(layers.dots(*estimates[[marked]].T, 6, color=palette.NEUTRAL, rim=True))
    axes = (
        Axis(f"{name}, nats", middle - room, middle + room, ticks(room))
        for name, middle, room in zip(names, exact.tolist(), extent.tolist(), strict=True)
    )
    return Sketch(*axes, drawn)


def ticks(room: float) -> list[tuple[float, str]]:
    """0 and one round number (1, 2 or 5 times a power of ten) on each side of it, for an axis of this half width."""
    power = 10.0 ** math.floor(math.log10(0.75 * room))
    step = max(digit * power for digit in (1, 2, 5) if digit * power <= 0.75 * room)
    return [(value, f"{value:,g}".replace("-", "−")) for value in (-step, 0.0, step)]


def variance_chart(sizes: Sequence[int], measured: Mapping[str, Sequence[float]], tall: int) -> go.Figure:
    """The variance of the mean of K samples, nats²: measured dots on lines V₁ / K, both axes logarithmic."""
    figure = style.new_figure("K, draws averaged", "total variance, nats²", height=tall, view="variance", legend=False)
    sizes = np.array(sizes)
    for kind, name in CURVES.items():
        color, variances = COLOURS[kind], np.array(measured[kind])
        dash = "dash" if kind == "baselined" else "solid"
        line = {"color": color, "width": 3, "dash": dash}
        figure.add_trace(go.Scatter(x=sizes, y=variances[0] / sizes, mode="lines", line=line, hoverinfo="skip"))
        figure.add_trace(
            go.Scatter(
                x=sizes,
                y=variances,
                mode="markers",
                marker={"size": 10, "color": color},
                hovertemplate=f"{name}, K = %{{x}}: %{{y:,.3g}} nats²<extra></extra>",
            )
        )
        at = {"x": 0, "y": np.log10(variances[0]), "xanchor": "left", "yanchor": "bottom", "xshift": 16}
        if kind == "pathwise":  # below its line, where no other is
            at = {"x": np.log10(sizes[-1]), "y": np.log10(variances[-1]), "xanchor": "right", "yanchor": "top"}
        figure.add_annotation(**at, text=name, showarrow=False)
    figure.update_xaxes(type="log", tickvals=sizes, ticktext=[f"{size}" for size in sizes])
    figure.update_yaxes(type="log", dtick=1, exponentformat="power")
    return figure
