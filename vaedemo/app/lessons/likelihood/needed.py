"""Exhibit: by how much the average over random z falls short of log p(x), and how many z it needs."""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
import streamlit as st
import torch
from PIL import Image

from vaedemo.app import catalogue
from vaedemo.app.lessons.likelihood import carriers, draws
from vaedemo.app.shared import twenty
from vaedemo.app.shared.chart import chart, height
from vaedemo.app.shared.symbols import power_of_ten
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import Values
from vaedemo.figures import palette, style
from vaedemo.figures.pixels import sheet
from vaedemo.probability import bounds, streams
from vaedemo.training import draws_needed
from vaedemo.training.draws_needed import Row
from vaedemo.training.run import Run

COLLAPSED = "sweep-mnist-8"  # trained with β = 50: z says almost nothing about x
COLLAPSED_DRAWS = 2_000
FEW = 10_000  # a number of draws is written out up to here, above it as a power of ten
STAGE_HEIGHT = 545  # CSS pixels of a chart
TOP, ENLARGED = 0.4, 8  # of the digit: its top, a share of the chart's height, and by what it is enlarged
WORST_AT = 10  # the axis of nats begins at the estimate from so many z


class Curve(NamedTuple):
    """The estimates of one model: its name, K, log p̂ − log p(x) at each, and KL(p(z|x)‖p(z)); all in nats."""

    name: str
    counts: tuple[int, ...]
    missing: np.ndarray
    needed: float


@lru_cache(maxsize=1)
def rows() -> dict[tuple[int, int], Row]:
    return {(row.axes, row.digit): row for row in draws_needed.read()}


def row(axes: int, digit: int) -> Row:
    """log p(x) and KL(p(z|x)‖p(z)) of a digit under the model with so many axes."""
    return rows()[axes, digit]


def draws_in_words(nats: float) -> str:
    """About how many draws e^nats are: 300, or 10¹¹."""
    number = math.exp(min(nats, 700.0))
    if number > FEW:
        return power_of_ten(round(nats / math.log(10)))
    power = 10 ** math.floor(math.log10(number))
    return f"{round(number / power) * power:,}"


def curve(axes: int, values: Values) -> Curve:
    """The curve of the model with so many axes."""
    run = catalogue.run(draws_needed.RUNS[axes])
    climb = draws.from_prior(run.digest, run, values["digit"], values["seed"]).climb
    found = row(axes, values["digit"])
    return Curve(f"{axes} axes", climb.counts, climb.mean.numpy() - found.log_marginal, found.needed)


class Collapsed(NamedTuple):
    """A digit under the collapsed model: log p(x), exact, KL(p(z|x)‖p(z)) and the climb of its estimate; in nats."""

    log_marginal: float
    needed: float
    climb: streams.Climb


def collapsed(values: Values) -> Collapsed:
    run = catalogue.run(COLLAPSED)
    return of_collapsed(run.digest, run, values["digit"], values["seed"])


@st.cache_resource(max_entries=40, show_spinner=False)
def of_collapsed(digest: str, _run: Run, digit: int, seed: int) -> Collapsed:
    x, generator = twenty.binary()[digit : digit + 1], torch.Generator().manual_seed(seed)
    log_marginal = float(bounds.log_marginal_grid(_run.model, x))
    log_weights = streams.prior_stream(_run.model, x, COLLAPSED_DRAWS, generator).log_weights[0].double()
    needed = float((log_weights.softmax(0) * log_weights).sum()) - log_marginal
    counts = [count for count in draws.COUNTS if count <= COLLAPSED_DRAWS]
    return Collapsed(log_marginal, needed, streams.climb(log_weights, counts))


def curves(values: Values) -> list[Curve]:
    """The curves of a view, the one with the most draws last; beside the collapsed model only the one with 2 axes."""
    found = [curve(axes, values) for axes in ((2,) if values["collapsed"] else draws_needed.RUNS)]
    if values["collapsed"]:
        log_marginal, needed, climb = collapsed(values)
        found.insert(0, Curve("2 axes, β = 50", climb.counts, climb.mean.numpy() - log_marginal, needed))
    return found


def picture(view: StepView) -> None:
    found = curves(view.own)
    if view.held or (view.is_open and len(found) > 1):
        found = found[:1]  # an open question is about one model
    figure = missing_nats(found, tall=tall(view), is_open=view.held)
    if view["step"] != "collapsed":
        with_x(figure, carriers.x_of(view))
    known = "; ".join(f"{each.name}: about {draws_in_words(each.needed)} needed" for each in found)
    alt = "The average of p(x|z) over K random z, its logarithm less log p(x), against K"
    chart(view, figure, name="needed", alt=alt + ("" if view.held else f". {known}"))


def tall(view: StepView) -> int:
    """The height of a chart: on the stage this page's long title takes a line; on paper two steps share a page."""
    return STAGE_HEIGHT if view["present"] else height(view) - 20


def with_x(figure: go.Figure, x: torch.Tensor) -> None:
    """Put the digit x into the empty corner of the chart."""
    source = Image.fromarray(sheet(x, 1, gap=0, scale=ENLARGED))
    place = {"xref": "paper", "yref": "paper", "x": 0.97, "y": TOP, "xanchor": "right"}
    figure.add_layout_image(source=source, yanchor="top", sizex=0.3, sizey=TOP - 0.04, **place)
    figure.add_annotation(text="x", yanchor="bottom", showarrow=False, **place)


def missing_nats(found: Sequence[Curve], *, tall: int, is_open: bool = False) -> go.Figure:
    """The curves under the line of log p(x); on it, unless `is_open`, a mark at the draws that each needs."""
    first = 1 if found[0].counts[-1] < draws.MOST_DRAWS else WORST_AT
    last = max(5.4, 0 if is_open else 2.0 + max(each.needed for each in found) / math.log(10))
    low = min(float(each.missing[each.counts.index(WORST_AT)]) for each in found)
    figure = style.new_figure(
        "number of random z, K", "log of the average − log p(x), nats", height=tall, view="needed", legend=False
    )
    figure.add_hline(0, line={"color": style.TRUTH, "width": 3})
    figure.add_annotation(xref="paper", x=0.5, y=0, text="log p(x)", yanchor="bottom", showarrow=False)
    for each in found:
        inside = np.array(each.counts) >= first
        figure.add_trace(
            go.Scatter(
                x=np.array(each.counts)[inside],
                y=each.missing[inside],
                mode="lines+markers",
                line={"color": palette.PRIOR, "width": 3.5},
                marker={"size": 8},
                hovertemplate=f"{each.name}, K = %{{x:,}}: %{{y:.1f}} nats<extra></extra>",
            )
        )
        name_of(figure, each, low)
        if not is_open:
            mark(figure, each)
    ends = [math.log10(first) - 0.15, last]
    ticks = range(0, math.ceil(last), 2 if last > 6 else 1)
    figure.update_xaxes(
        type="log",
        range=ends,
        tickvals=[10.0**power for power in ticks],
        ticktext=[f"{10**power:,}" if power < 4 else power_of_ten(power) for power in ticks],
    )
    figure.update_yaxes(range=[1.04 * low, -0.12 * low])
    return figure


def name_of(figure: go.Figure, each: Curve, low: float) -> None:
    """Write a curve's name: at its end where it ends low or has no rise, else where it rises."""
    if each.missing[-1] < 0.06 * low or each.missing[0] > 0.1 * low:
        at, y, anchors = each.counts[-1], each.missing[-1], {"xanchor": "left", "yanchor": "top", "yshift": -4}
    else:
        steep = int(np.argmax(each.missing > 0.25 * low))
        at, y, anchors = each.counts[steep], each.missing[steep], {"xanchor": "left", "yanchor": "top", "xshift": 10}
    figure.add_annotation(x=math.log10(at), y=float(y), text=f"<b>{each.name}</b>", showarrow=False, **anchors)


def mark(figure: go.Figure, each: Curve) -> None:
    """A mark on the line of log p(x), at about the draws that are needed, and a dashed way there."""
    at = math.exp(each.needed)
    if at > each.counts[-1]:
        figure.add_trace(
            go.Scatter(
                x=[each.counts[-1], at],
                y=[each.missing[-1], 0],
                mode="lines",
                line={"color": palette.PRIOR, "width": 2, "dash": "dash"},
                hoverinfo="skip",
            )
        )
    figure.add_trace(
        go.Scatter(
            x=[at],
            y=[0],
            mode="markers",
            marker={
                "symbol": "diamond",
                "size": 17,
                "color": palette.PRIOR,
                "line": {"color": style.TRUTH, "width": 1.5},
            },
            hovertemplate=f"{each.name}: e^KL = {draws_in_words(each.needed)}<extra></extra>",
        )
    )
    text = f"<b>about {draws_in_words(each.needed)} z</b>"
    figure.add_annotation(x=math.log10(at), y=0, text=text, yanchor="bottom", yshift=10, showarrow=False)
