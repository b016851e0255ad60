"""Exhibit: what each latent axis changes in a shape, beside the factor that it tells most about; one run or two."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from vaedemo.analysis import mutual_information as information
from vaedemo.analysis.traversal import traverse
from vaedemo.app import catalogue
from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.axes import factors, strip_sketches
from vaedemo.app.lessons.axes.strip_sketches import Strip
from vaedemo.app.shared.symbols import subscript
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import Values
from vaedemo.rules import one_of, whole
from vaedemo.training.run import Run

LIMIT, IMAGES = 2.0, 7  # 95 % of N(0, 1) lie within this limit
SHAPES = 2_000  # test images to start from
CLEAR = 0.5  # share of a factor's entropy from which on an axis is named after the factor
LIVE = 0.01  # nats: an axis with less KL says nothing
FIRST, SECOND = "shapes-beta4-seed1", "shapes-beta4"  # the runs of the steps; they differ in their seed alone
NOTHING = "none"  # no run beside
WORDS = ("shape", "size", "angle", "left–right", "up–down")  # of the factors, as one sees them
PLACED = (1, 3, 4)  # the factors that the run of the first step gives an axis each: size, x, y

PARAMETERS = (Parameter("beside", NOTHING, one_of(NOTHING, *factors.RUNS)), Parameter("start", 1318, whole(0, 1999)))


def live_axes(run: Run) -> list[int]:
    """The axes that say something, those that know most of one factor first."""
    shown = factors.facts(run.digest, run)
    best = shown.matrix.max(0).values
    return [axis for axis in best.argsort(descending=True).tolist() if shown.kl[axis] > LIVE]


def named(run: Run) -> dict[int, int]:
    """The axes that tell at least `CLEAR` of one factor, and the factor of each."""
    matrix = factors.facts(run.digest, run).matrix
    return {axis: int(matrix[:, axis].argmax()) for axis in live_axes(run) if matrix[:, axis].max() >= CLEAR}


def strip(run: Run, start: int, axis: int, factor: int | None = None, number: int = IMAGES) -> Strip:
    """The images along one axis, and its name: a factor, without one that of which it tells most, with the share that
    it tells."""
    share = factors.facts(run.digest, run).matrix[:, axis]
    factor = int(share.argmax()) if factor is None else factor
    words = f"z{subscript(axis + 1)} {WORDS[factor]} {share[factor]:.0%}"
    return Strip(words, along(run.digest, run, start, axis, number))


@st.cache_data(max_entries=256, show_spinner=False)
def along(digest: str, _run: Run, start: int, axis: int, number: int) -> np.ndarray:
    """The images (number, H, W) along an axis, around the code of one shape."""
    images, _ = catalogue.images(_run.config.dataset)
    x = images.as_data(_run.config.pixels)[start : start + 1]
    return traverse(_run.model, x, axis, LIMIT, number)[1][:, 0].numpy()


def all_strips(run: Run, start: int) -> list[Strip]:
    """A strip for each live axis, those that know most of one factor first."""
    return [strip(run, start, axis) for axis in live_axes(run)]


def best_of_each(run: Run, start: int) -> list[Strip]:
    """For size, x and y: a strip of the axis that tells most of it."""
    matrix = factors.facts(run.digest, run).matrix
    return [strip(run, start, int(matrix[factor].argmax()), factor, 5) for factor in PLACED]


def picture(view: StepView) -> None:
    """The strips of a run, or those of two runs side by side; before an answer to the first question, data alone."""
    run = catalogue.run(view["shapes"])
    if view.held:
        some = factors.measured_on().x[:42, 0].numpy() / 255
        drawn = strip_sketches.data(some.reshape(6, IMAGES, *some.shape[1:]))
        sketch(drawn, key=view.key("strips"), label="Some of the images that the VAE learns from", height=420)
        return
    if view["beside"] == NOTHING:
        shown = all_strips(run, view["start"])
        drawn = strip_sketches.strips(shown, LIMIT)
        sketch(drawn, key=view.key("strips"), label=spoken(shown), height=max(150, 70 * len(shown)))
        return
    other = catalogue.run(view["beside"])
    columns = st.columns(2, gap="small")
    for column, each, key in zip(columns, (run, other), ("left", "right"), strict=True):
        shown = best_of_each(each, view["start"])
        drawn = strip_sketches.under_names(shown, LIMIT, title_of(each))
        with column:
            sketch(drawn, key=view.key(key), label=f"{title_of(each)}: {spoken(shown)}", height=420)


def title_of(run: Run) -> str:
    return f"β = {run.config.beta:g}, seed {run.config.seed}"


def spoken(shown: Sequence[Strip]) -> str:
    """What the strips show, for screen readers."""
    return f"Images along each axis, from −{LIMIT:g} to {LIMIT:g}: " + "; ".join(each.words for each in shown)


def shares(values: Values, name: str) -> np.ndarray:
    """Of a run: the largest share of each factor's entropy that one axis tells, (5,). `name`: shapes or beside."""
    run = catalogue.run(values[name])
    return factors.facts(run.digest, run).matrix.max(1).values.numpy()


def mig(values: Values, name: str) -> float:
    run = catalogue.run(values[name])
    return information.mig(factors.facts(run.digest, run).matrix)


def prepare() -> None:
    """Compute the first view of the page, and the other run of its fourth step."""
    for name in (FIRST, SECOND):
        all_strips(catalogue.run(name), PARAMETERS[1].default)


def beside_control(view: StepView) -> None:
    titles = {NOTHING: "No other"} | factors.RUNS
    st.selectbox("Beside it", list(titles), format_func=titles.get, key=view.key("beside"))


def start_control(view: StepView) -> None:
    st.number_input(
        "Test image", 0, SHAPES - 1, key=view.key("start"), help="Its code is where every row starts: the other axes."
    )


CONTROLS = {"beside": beside_control, "start": start_control}
OF_PART = ("shapes", "beside", "start")
work = factors.work
