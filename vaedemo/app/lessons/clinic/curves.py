"""The chart of a leak: the losses of training, test and, after the answer, third images, sick and healthy."""

from statistics import fmean

import plotly.graph_objects as go

from vaedemo.app.lessons.clinic import facts
from vaedemo.app.shared.chart import chart, height
from vaedemo.app.shell.step_view import StepView
from vaedemo.clinic.records import Record
from vaedemo.figures import palette, style

PARTS = {  # name, the name at the curve's end, and dash
    "train": ("training images", "training", "4px,3px"),
    "test": ("test images", "test", "solid"),
    "third": ("a third set", "third", "12px,4px,3px,4px"),
}
CLOSE = 2.0  # nats: curves that end closer share one name
ROOM = 0.36  # of the axis, right of the curves: for their names


def leak(view: StepView) -> None:
    """Both losses over the epochs; the third set is drawn once the question is answered."""
    patient = view["patient"]
    shown = {f"Patient {patient}": facts.sick(patient), "Healthy": facts.healthy(patient)}
    parts = ("train", "test") if view.is_open or view["part"] == "one" else (*PARTS,)
    figure = losses(shown, parts, height(view))
    alt = f"The losses of {' and '.join(PARTS[part][0] for part in parts)} over the epochs, sick and healthy"
    chart(view, figure, name="leak", alt=alt)


def losses(shown: dict[str, Record], parts: tuple[str, ...], pixels: int) -> go.Figure:
    """Two panels side by side with one vertical axis."""
    figure = style.new_figure("epoch", "loss, nats per image", height=pixels, view="leak", legend=False)
    for place, (title, record) in enumerate(shown.items(), 1):
        axis = "x" if place == 1 else "x2"
        epochs, last = record.curves["epoch"][1:], record.curves["epoch"][-1]
        for part in parts:
            name, _, dash = PARTS[part]
            figure.add_trace(
                go.Scatter(
                    x=epochs,
                    y=record.curves[f"{part}_loss"][1:],
                    mode="lines",
                    xaxis=axis,
                    line={"color": palette.ELBO, "width": 3, "dash": dash},
                    hovertemplate=f"epoch %{{x}}: {name} %{{y:.1f}} nats<extra></extra>",
                )
            )
        for value, words in labels(record, parts):
            figure.add_annotation(x=last, y=value, text=words, xref=axis, showarrow=False, xanchor="left", xshift=6)
        figure.add_annotation(
            x=0, y=1, text=f"<b>{title}</b>", xref=f"{axis} domain", yref="paper", showarrow=False, xanchor="left",
            yanchor="bottom",
        )  # fmt: skip
    ends = [0, last * (1 + ROOM)]
    ticks = {"tickvals": [0, 20, 40, 60], "range": ends}
    figure.update_layout(
        margin={"t": 40},
        yaxis={"range": limits(shown)},
        xaxis={"domain": [0, 0.48]} | ticks,
        xaxis2=style.axis("epoch", domain=[0.52, 1], anchor="y") | ticks,
    )
    return figure


def labels(record: Record, parts: tuple[str, ...]) -> list[tuple[float, str]]:
    """(height, words) of the names at the curves' ends; curves that end close together share one name."""
    groups: list[list[tuple[float, str]]] = []
    for end in sorted((record.last("loss", part), PARTS[part][1]) for part in parts):
        if groups and end[0] - groups[-1][-1][0] < CLOSE:
            groups[-1].append(end)
        else:
            groups.append([end])
    return [(fmean(value for value, _ in each), ", ".join(name for _, name in each)) for each in groups]


def limits(shown: dict[str, Record]) -> list[float]:
    """From a little below the lowest loss to what the second epoch costs."""
    lowest = min(record.last("loss", part) for record in shown.values() for part in PARTS)
    highest = max(record.curves["train_loss"][3] for record in shown.values())
    return [lowest - 2, highest]
