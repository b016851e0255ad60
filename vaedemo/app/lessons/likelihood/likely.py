"""Exhibit: where a blank image, noise, a shoe and the visitor's own digit lie among the scores of 5,000 test digits."""

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
import streamlit as st
import torch
from PIL import Image
from torch import Tensor

from vaedemo.app import catalogue
from vaedemo.app.lessons.likelihood import needed
from vaedemo.app.shared import own_digit, twenty
from vaedemo.app.shared.chart import chart
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import Values
from vaedemo.figures import palette, style
from vaedemo.figures.pixels import sheet
from vaedemo.training import novelty
from vaedemo.training.novelty import Row
from vaedemo.training.run import Run

TITLES = {novelty.LOG_P: "log p(x)", novelty.ELBO: "ELBO", novelty.RATIO: "Two models"}
AXES = {
    novelty.LOG_P: "log p(x), nats; pixels are black or white",
    novelty.ELBO: "ELBO, nats; pixels are black or white",
    novelty.RATIO: "log p(x), less log p(x) of a VAE of clothes, nats",
}
BINS = {novelty.LOG_P: (-440, 10, 5), novelty.ELBO: (-610, 10, 10), novelty.RATIO: (-260, 240, 5)}  # from, to, width
DIGIT, SHOE, NOISE, BLANK, OWN = "digit", "shoe", "noise", "blank", "yours"
NOISE_SEED = 0
BARS = 0.55  # the highest bar, as a share of the chart's height
TOP, TALL, WIDE = 0.99, 0.16, 0.17  # the images' top and height; what an image and its words take of the axis; shares
WORDS = 0.13  # the height of an image's two lines of words, as a share
ENLARGED = 4  # pixels of the picture for one of an image
FRAME = (128, 135, 146, 255)  # a blank image is seen on a dark page too


class Mark(NamedTuple):
    """An image (1, 28, 28) on the axis: its name, its score in nats, and the share of the digits that have less."""

    name: str
    image: Tensor
    nats: float
    share: float


@st.cache_resource(show_spinner=False)
def others() -> dict[str, Tensor]:
    """A shoe, noise and a blank image, black or white: (1, 1, 28, 28) each."""
    generator = torch.Generator().manual_seed(NOISE_SEED)
    return {
        SHOE: catalogue.images("fashion")[0].as_data("binary")[:1].clone(),
        NOISE: (torch.rand(1, 1, 28, 28, generator=generator) < 0.5).float(),
        BLANK: torch.zeros(1, 1, 28, 28),
    }


def images(values: Values) -> dict[str, Tensor]:
    """The images of a view by name: a test digit, three that are no digits, and the visitor's own digit if there is."""
    text = own_digit.text_of(values)
    return {DIGIT: twenty.one(values["digit"])} | others() | ({OWN: twenty.one(text)} if text else {})


@st.cache_resource(max_entries=64, show_spinner=False)
def scores(digests: tuple[str, str], _runs: Sequence[Run], score: str, digit: int, text: str) -> dict[str, float]:
    """The score of each image of a view, in nats."""
    found = images({"digit": digit, own_digit.NAME: text})
    nats = novelty.measure(score, *(run.model for run in _runs), torch.cat([*found.values()]))
    return dict(zip(found, nats.tolist(), strict=True))


@st.cache_resource(max_entries=3, show_spinner=False)
def rows(score: str) -> list[Row]:
    """The digits by their score."""
    return novelty.read(score)


def marks(values: Values) -> dict[str, Mark]:
    """The images of a view, with their scores."""
    runs = [catalogue.run(name) for name in (novelty.DIGITS, novelty.CLOTHES)]
    digests = tuple(run.digest for run in runs)
    nats = scores(digests, runs, values["by"], values["digit"], own_digit.text_of(values))
    counted = rows(values["by"])
    return {
        name: Mark(name, image[0], nats[name], novelty.share_below(counted, nats[name]))
        for name, image in images(values).items()
    }


def in_words(score: str, nats: float) -> str:
    """−2,431; a difference of two models also has its plus sign."""
    return f"{nats:{'+' if score == novelty.RATIO else ''}z,.0f}".replace("-", "−")


def percent(share: float) -> str:
    """A share in whole percent, rounded down: "more than 95%" stays true."""
    return f"{math.floor(100 * share)}%"


def sentence(values: Values) -> str:
    """What a score says of the blank image, and of the visitor's own digit if there is one."""
    found, score = marks(values), values["by"]
    blank = found[BLANK]
    nats = in_words(score, blank.nats)
    if score == novelty.LOG_P:
        first = (
            f"This VAE gives the blank image **{nats}** nats: more than {percent(blank.share)} of the test digits, and "
            "more than every digit that is not a 1."
        )
        last = "A high log p(x) does not prove that x is a digit."
    elif score == novelty.ELBO:
        gap = marks({**values, "by": novelty.LOG_P})[BLANK].nats - blank.nats
        first = (
            f"By the ELBO the blank image is an average digit: {nats} nats, more than {percent(blank.share)} of the "
            f"test digits. The gap to log p(x) is {gap:.0f} nats, because the encoder never saw a blank image."
        )
        last = "An average score proves no more."
    else:
        least = min(1 - found[name].share for name in others())
        first = (
            f"A second VAE knows **clothes** only. For the blank image their log p(x) differ by {nats} nats: it is "
            f"easy for both. {percent(least)} of the test digits have more."
        )
        last = "Shoe and noise have less than all digits."
    if own_digit.text_of(values):
        own = found[OWN]
        last = f"Yours has {in_words(score, own.nats)}, more than {percent(own.share)} of the digits."
    return f"{first} {last}"


def picture(view: StepView) -> None:
    score, found = view["by"], marks(view.own)
    if text := own_digit.text_of(view):
        if not st.session_state.get(own_digit.KEPT):
            own_digit.keep(view)  # an answer resets the view; the switch then offers the drawing of the link
        run = catalogue.run(novelty.DIGITS)
        twenty.warn_inexact_drawing(twenty.exact_of_drawing(run.digest, run, text)[1])
    asked = found.pop(BLANK) if view.is_open else None
    figure = histogram(score, rows(score), found, tall=needed.tall(view))
    if asked:
        stand(figure, asked.image, 0.45, f"<b>{BLANK}</b><br>where?")
    placed = "; ".join(f"{mark.name} {in_words(score, mark.nats)}" for mark in found.values())
    alt = f"How many of 5,000 test digits have which value of {AXES[score]}, and where other images lie: {placed}"
    chart(view, figure, name="likely", alt=alt)
    if view.step is None:
        st.markdown(sentence(view.own))  # Explore has no words of a step


def binned(score: str, counted: Sequence[Row]) -> tuple[list[int], list[int], list[int]]:
    """The bars: where each begins, and how many 1s and other digits it counts."""
    low, high, width = BINS[score]
    begins = [*range(low, high, width)]
    ones, rest = [0] * len(begins), [0] * len(begins)
    for row in counted:
        place = min(max((row.nats - low) // width, 0), len(begins) - 1)
        ones[place] += row.ones
        rest[place] += row.others
    return begins, ones, rest


def spread(places: Sequence[float], apart: float) -> list[float]:
    """Places from 0 to 1 in the same order, at least `apart` from each other and half of it from both ends, each near
    its own."""
    order = sorted(range(len(places)), key=lambda index: places[index])
    found = list(places)
    end = apart / 2
    for index in order:  # to the right, as far as needed
        found[index] = max(found[index], end)
        end = found[index] + apart
    end = 1 - apart / 2
    for index in reversed(order):  # and back from the right end
        found[index] = min(found[index], end)
        end = found[index] - apart
    return found


def histogram(score: str, counted: Sequence[Row], found: Mapping[str, Mark], *, tall: int) -> go.Figure:
    """The digits' scores as bars, and above them the images, each with a line to its place."""
    low, high, width = BINS[score]
    begins, ones, rest = binned(score, counted)
    most = max(map(sum, zip(ones, rest, strict=True)))
    figure = style.new_figure(AXES[score], "test digits", height=tall, view=f"likely {score}", legend=False)
    figure.update_layout(barmode="stack", bargap=0)
    for name, bars, opacity in (("1s", ones, 1.0), ("other digits", rest, 0.5)):
        figure.add_trace(
            go.Bar(
                x=[begin + width / 2 for begin in begins],
                y=bars,
                width=width,
                marker={"color": palette.translucent(palette.DATA, opacity), "line": {"width": 0}},
                hovertemplate=f"%{{y}} {name} at %{{x:.0f}} nats<extra></extra>",
            )
        )
    name_bars(figure, score, begins, ones, rest)
    figure.update_xaxes(range=[low, high])
    figure.update_yaxes(range=[0, most / BARS], tickvals=[0, most // 200 * 100, most // 100 * 100], showgrid=False)
    places = [(mark.nats - low) / (high - low) for mark in found.values()]
    for mark, place, at in zip(found.values(), places, spread(places, WIDE), strict=True):
        before, after = "← " if place < 0 else "", " →" if place > 1 else ""
        stand(figure, mark.image, at, f"<b>{before}{mark.name}{after}</b><br>{in_words(score, mark.nats)}")
        if 0 <= place <= 1:
            lead(figure, at, place)
    return figure


def name_bars(figure: go.Figure, score: str, begins: Sequence[int], ones: Sequence[int], rest: Sequence[int]) -> None:
    """The names of the bars: of the 1s right of their highest bar, of the others where they are half as high as their
    highest, on the side that is free."""
    top = ones.index(max(ones))
    half = [place for place, count in enumerate(rest) if 2 * count > max(rest)]
    at, side, shift = (half[-1] + 1, "left", 20) if score == novelty.RATIO else (half[0], "right", -6)
    look = {"yanchor": "middle", "showarrow": False}
    figure.add_annotation(text="the 1s", x=begins[top + 2], y=ones[top], xanchor="left", **look)
    figure.add_annotation(text="other digits", x=begins[at], y=max(rest) / 2, xanchor=side, xshift=shift, **look)


def stand(figure: go.Figure, image: Tensor, at: float, words: str) -> None:
    """An image in the row at the top, with two lines of words below it; `at`: a share of the plot's width."""
    picture = np.pad(sheet(image[None], 1, gap=0, scale=ENLARGED), [(1, 1), (1, 1), (0, 0)])
    picture[[0, -1]] = picture[:, [0, -1]] = FRAME
    size = {"sizex": 0.88 * WIDE, "sizey": TALL, "xanchor": "center", "yanchor": "top"}
    place = {"xref": "paper", "yref": "paper", "x": at}
    figure.add_layout_image(source=Image.fromarray(picture), **place, y=TOP, **size)
    figure.add_annotation(text=words, **place, y=TOP - TALL, yanchor="top", xanchor="center", showarrow=False)


def lead(figure: go.Figure, at: float, place: float) -> None:
    """A line from an image's words to its place on the axis: above the bars it slants, through them it is upright."""
    heights = [TOP - TALL - WORDS, BARS + 0.02, 0]
    look = {"type": "line", "xref": "paper", "yref": "paper", "line": {"color": style.TRUTH, "width": 2}}
    for (x0, y0), (x1, y1) in itertools.pairwise(zip([at, place, place], heights, strict=True)):
        figure.add_shape(x0=x0, y0=y0, x1=x1, y1=y1, **look)
