"""A model's loss on a scale between the data set's floor and ceiling, which depend on no model."""

from collections.abc import Mapping

import plotly.graph_objects as go

from vaedemo.figures import palette, style


def loss_scale(
    rows: Mapping[str, tuple[float, Mapping[str, float], float]],
    *,
    unit: str,
    height: int = 230,
    view: str = "loss scale",
) -> go.Figure:
    """A bar from floor to ceiling for each row, with the models' losses on it.

    Args:
        rows: name → (floor, {model: loss}, ceiling), in nats; drawn from top to bottom.
        unit: name of the horizontal axis.
    """
    figure = style.new_figure(unit, "of", height=height, view=view, legend=False)
    places = {name: len(rows) - 1 - index for index, name in enumerate(rows)}
    figure.add_trace(
        go.Bar(
            y=list(places.values()),
            x=[ceiling - floor for floor, _, ceiling in rows.values()],
            base=[floor for floor, _, _ in rows.values()],
            orientation="h",
            width=0.22,
            marker={"color": palette.translucent(palette.RECONSTRUCTION, 0.3), "line": {"width": 0}},
            hoverinfo="skip",
        )
    )
    points = []  # value, position of the row, name, direction of its label
    for name, (floor, models, ceiling) in rows.items():
        marks = {"floor": floor} | dict(models) | {"ceiling": ceiling}
        # Alternate labels above and below, because values may be close.
        points += [(value, places[name], kind, 1 - 2 * (turn % 2)) for turn, (kind, value) in enumerate(marks.items())]
    ends = [kind in ("floor", "ceiling") for _, _, kind, _ in points]
    figure.add_trace(
        go.Scatter(
            x=[value for value, *_ in points],
            y=[place for _, place, *_ in points],
            mode="markers",
            marker={
                "symbol": ["line-ns" if end else "diamond" for end in ends],
                "size": [22 if end else 12 for end in ends],
                "color": palette.RECONSTRUCTION,
                "line": {"color": palette.RECONSTRUCTION, "width": [3 if end else 0 for end in ends]},
            },
            hovertemplate="%{x:.2f} nats<extra></extra>",
        )
    )
    figure.add_trace(
        go.Scatter(
            x=[value for value, *_ in points],
            y=[place + 0.3 * way for _, place, _, way in points],
            text=[f"{kind} {value:.1f}" for value, _, kind, _ in points],
            mode="text",
            textposition=["middle left" if kind == "floor" else "middle center" for _, _, kind, _ in points],
            textfont={"size": 13},
            hoverinfo="skip",
            cliponaxis=False,
        )
    )
    low, high = min(value for value, *_ in points), max(value for value, *_ in points)
    room = 0.12 * (high - low)  # for the labels of the ends
    figure.update_xaxes(range=[low - room, high + room])
    labels = {"tickvals": list(places.values()), "ticktext": list(places)}
    figure.update_yaxes(title=None, showgrid=False, range=[-0.55, len(rows) - 0.45], **labels)
    return figure
