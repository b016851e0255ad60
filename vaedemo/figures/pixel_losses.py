"""The loss of one pixel as its prediction moves, one small panel per likelihood."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from vaedemo.figures import palette, panels, style

LOSS_RANGE = (-3.0, 5.0)  # nats; fixed, so that a curve is seen to move rather than its axis


@dataclass(frozen=True)
class PixelPanel:
    """One likelihood: its loss (M,) in nats over the predictions, and the point (prediction, loss) that is chosen.

    `x`: the pixel, an upright line; None where the axis is no grey value. `reference`: a second curve (M,), dashed.
    """

    title: str
    unit: str
    prediction_name: str
    loss: Sequence[float]
    chosen: tuple[float, float]
    x: float | None = None
    reference: Sequence[float] | None = None


def pixel_losses(
    prediction, shown: Sequence[PixelPanel], *, height: int = 470, view: str = "pixel losses"
) -> go.Figure:
    """The panels two by two, over the same predictions (M,). Raises ValueError for curves of another length."""
    prediction = np.asarray(prediction, np.float64)
    grey = {"range": [0, 1], "dtick": 0.25}
    nats = {"range": list(LOSS_RANGE), "dtick": 2, "tick0": 0, "zeroline": True, "zerolinecolor": style.ZERO_LINE}
    figure = panels.new_panels(
        [panel.title for panel in shown],
        [grey | {"title": panel.prediction_name} for panel in shown],
        [nats | {"title": panel.unit} for panel in shown],
        columns=2,
        height=height,
        view=view,
    )
    traces = []
    for index, panel in enumerate(shown):
        if len(panel.loss) != len(prediction) or len(panel.reference or panel.loss) != len(prediction):
            raise ValueError("The prediction, its loss and the reference must have one length.")
        if panel.x is not None:
            traces.append(line(index, [panel.x, panel.x], LOSS_RANGE, "the pixel x", palette.DATA, "dot", 2))
        if panel.reference is not None:
            traces.append(line(index, prediction, panel.reference, "½(x − x̂)²", palette.NEUTRAL, "dash", 2))
        traces.append(line(index, prediction, panel.loss, "", palette.RECONSTRUCTION, "solid", 2.5))
        traces.append(
            go.Scatter(
                x=panel.chosen[:1],
                y=panel.chosen[1:],
                mode="markers",
                marker={"color": palette.RECONSTRUCTION, "size": 11, "line": {"color": "white", "width": 1.5}},
                hovertemplate="%{y:.3f} nats at %{x:.2f}<extra></extra>",
                **panels.at(index),
            )
        )
    return figure.add_traces(traces)


def line(index: int, x, y, name: str, colour: str, dash: str, width: float) -> go.Scatter:
    """A line in panel `index`."""
    return go.Scatter(
        x=x,
        y=y,
        mode="lines",
        name=name,
        line={"color": colour, "width": width, "dash": dash},
        hovertemplate=f"%{{y:.3f}} nats at %{{x:.2f}}<extra>{name}</extra>",
        **panels.at(index),
    )
