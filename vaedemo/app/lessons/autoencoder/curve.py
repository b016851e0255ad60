"""The loss against the size of the code, between the loss of x̂ = x and the loss of the mean image."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from vaedemo.app.lessons.autoencoder import facts, form
from vaedemo.app.shared.chart import chart, height
from vaedemo.app.shell.step_view import StepView
from vaedemo.figures import palette, style

ALT = "The loss on test images against the size of the code"


def picture(view: StepView) -> None:
    found = form.find(view)
    if found is None:
        return
    ends = facts.bounds(form.TRAINED_ON if view["source"] == "shipped" else view["dataset"])
    figure = curve(facts.losses(found), *ends, is_open=view.is_open, tall=height(view))
    chart(view, figure, name="curve", alt=ALT)


def curve(
    losses: Mapping[int, float], floor: float, ceiling: float, *, is_open: bool, tall: int, middle: int = 8
) -> go.Figure:
    """The curve, with the fall before and after `middle` marked. `is_open`: only the two sides and the first point."""
    sizes, values = np.array(list(losses)), np.array(list(losses.values()))
    figure = style.new_figure(
        "numbers in the code z", "loss, nats per image", height=tall, view="loss by size", legend=False
    )
    span = ceiling - floor
    for level, dash, text in ((ceiling, "dash", "always the mean image"), (floor, "dot", "x̂ = x")):
        figure.add_hline(level, line={"color": palette.NEUTRAL, "width": 2, "dash": dash})
        figure.add_annotation(xref="paper", x=1, y=level, text=text, xanchor="right", yanchor="bottom", showarrow=False)
    steps = falls(losses, middle)
    for first, last, _ in steps:
        path = {"x": [first, last, last], "y": [losses[first], losses[first], losses[last]]}
        figure.add_trace(
            go.Scatter(
                x=path["x"] if not is_open else [first, last],
                y=path["y"] if not is_open else [(floor + ceiling) / 2] * 2,
                mode="lines",
                line={"color": palette.NEUTRAL, "width": 2, "dash": "dash"},
                hoverinfo="skip",
            )
        )
    for first, last, fall in steps:
        across = np.log10(np.sqrt(first * last))
        text = f"<b>from {first} to {last}: ?</b>" if is_open else f"<b>−{fall:.0f} nats</b>"
        high = (floor + ceiling) / 2 if is_open else losses[first]
        figure.add_annotation(x=across, y=high, text=text, yanchor="bottom", showarrow=False)
    if not is_open:
        figure.add_trace(
            go.Scatter(
                x=sizes,
                y=values,
                mode="lines+markers",
                line={"color": palette.RECONSTRUCTION, "width": 4},
                marker={"size": 11, "color": palette.RECONSTRUCTION},
                hovertemplate="%{x} numbers: %{y:.1f} nats<extra></extra>",
            )
        )
    ends = np.log10([sizes[0] / 1.25, sizes[-1] * 1.25])
    figure.update_xaxes(type="log", range=list(ends), tickvals=sizes, ticktext=[f"{size}" for size in sizes])
    figure.update_yaxes(range=[max(0.0, floor - 0.1 * span), max(ceiling, values.max()) + 0.14 * span])
    return figure


def falls(losses: Mapping[int, float], middle: int) -> list[tuple[int, int, float]]:
    """(from, to, fall in nats) before and after a middle size; none where it is no middle."""
    sizes = list(losses)
    if middle not in sizes[1:-1]:
        return []
    return [(a, b, losses[a] - losses[b]) for a, b in ((sizes[0], middle), (middle, sizes[-1]))]
