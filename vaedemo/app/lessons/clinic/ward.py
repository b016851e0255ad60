"""The figures of all patients on one board: what a look at a training begins with. It names no disease."""

import plotly.graph_objects as go

from vaedemo.app.lessons.clinic import facts
from vaedemo.app.shared.chart import chart, height
from vaedemo.app.shared.symbols import power_of_ten
from vaedemo.app.shell.step_view import StepView
from vaedemo.clinic.diseases import BY_PATIENT, HEALTHY, HEALTHY_50
from vaedemo.clinic.records import Record
from vaedemo.clinic.words import LARGE, nats
from vaedemo.figures import palette, style

LOOKS = {"kl": "KL", "reconstruction": "recon.", "variety": "variety", "gap": "third<br>− test"}
WORDS = "nats; variety: how samples differ<br>grey: far from the healthy one’s"
ROOM = 0.5  # of a row, on either side of its middle


def board(view: StepView) -> None:
    """One row a program, one column a look; the chosen patient's name in bold."""
    alt = "KL, reconstruction loss, variety of samples and gap to a third set of all programs"
    chart(view, figure(view["patient"], height(view)), name="board", alt=alt)


def figure(chosen: int, pixels: int) -> go.Figure:
    rows = {"Healthy": (facts.record(HEALTHY), set()), "50 axes": (facts.record(HEALTHY_50), set())}
    rows |= {name_of(patient, chosen): (facts.sick(patient), off(patient)) for patient in BY_PATIENT}
    drawn = style.new_figure("look", "program", height=pixels, view="board", legend=False)
    for y, (record, grey) in enumerate(rows.values()):
        for x, look in enumerate(LOOKS):
            if look in grey:
                drawn.add_shape(
                    type="rect",
                    x0=x - ROOM,
                    x1=x + ROOM,
                    y0=y - ROOM,
                    y1=y + ROOM,
                    fillcolor=palette.translucent(palette.NEUTRAL, 0.35),
                    line={"width": 0},
                    layer="below",
                )
        drawn.add_trace(
            go.Scatter(
                x=[*range(len(LOOKS))],
                y=[y] * len(LOOKS),
                text=texts(record),
                mode="text",
                textfont={"color": style.INK},
                hoverinfo="skip",
            )
        )
    ticks = {"showgrid": False, "fixedrange": True, "title": {"text": ""}, "tickangle": 0}
    ticks |= {"ticks": "outside", "ticklen": 8, "tickcolor": style.TRANSPARENT}  # so that names stand off the cells
    heads = {"side": "top", "tickvals": [*range(len(LOOKS))], "ticktext": [*LOOKS.values()]}
    drawn.update_layout(xaxis=ticks | heads, yaxis=ticks | {"tickvals": [*range(len(rows))], "ticktext": [*rows]})
    drawn.update_xaxes(range=[-ROOM, len(LOOKS) - ROOM])
    drawn.update_yaxes(range=[len(rows) + 1, -ROOM])
    words = {"text": WORDS, "align": "left", "showarrow": False, "xanchor": "left", "yanchor": "middle"}
    drawn.add_annotation(x=-ROOM, y=len(rows) + 0.3, **words)
    return drawn


def name_of(patient: int, chosen: int) -> str:
    return f"<b>Patient {patient}</b>" if patient == chosen else f"Patient {patient}"


def looks(record: Record) -> dict[str, float]:
    """The figures of a record, by the name of the look."""
    return {
        "kl": record.last("kl"),
        "reconstruction": record.last("reconstruction"),
        "variety": facts.variety(record),
        "gap": gap(record),
    }


def texts(record: Record) -> list[str]:
    """The cells of a record's row. No gap is written of a loss beyond all bounds."""
    return ["–" if look == "gap" and abs(value) > LARGE else short(value) for look, value in looks(record).items()]


def gap(record: Record) -> float:
    """How much more a third set costs than the test images, in nats."""
    return record.last("loss", "third") - record.last("loss")


def off(patient: int) -> set[str]:
    """The looks in which a patient is far from the healthy program.

    Far is a KL by a quarter, a reconstruction loss by 5 nats up or 10 down, less than half of the variety, and a third
    set that costs 4 nats more.
    """
    sick, twin = looks(facts.sick(patient)), looks(facts.healthy(patient))
    far = {
        "kl": not 0.75 < sick["kl"] / twin["kl"] < 1.25,
        "reconstruction": not -10 < sick["reconstruction"] - twin["reconstruction"] < 5,
        "variety": sick["variety"] < twin["variety"] / 2,
        "gap": twin["gap"] + 4 < sick["gap"] < LARGE,
    }
    return {name for name, is_far in far.items() if is_far}


def short(value: float) -> str:
    """`nats`, with the leading digit alone before a power of ten."""
    if abs(value) < LARGE:
        return nats(value)
    digit, _, exponent = f"{value:.0e}".partition("e")
    return f"{digit}·{power_of_ten(int(exponent))}".replace("-", "−")
