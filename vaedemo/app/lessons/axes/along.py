"""Part of the page on latent axes: what each axis changes in an image, and how the axes are correlated."""

import numpy as np
import streamlit as st

from vaedemo import datasets
from vaedemo.analysis.traversal import traverse
from vaedemo.app import catalogue
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.axes import sketches
from vaedemo.app.lessons.axes.axis_facts import MIXED, SCRIPT, SEED, Facts, facts
from vaedemo.app.shared.symbols import subscript
from vaedemo.app.shell import widgets
from vaedemo.app.shell.links import Parameter, name_text
from vaedemo.app.shell.step_view import StepView
from vaedemo.models.autoencoder import NoBoundError
from vaedemo.rules import shorten, whole
from vaedemo.training.run import Run

LIMIT, STEPS = 3.0, 11
MOST_ROWS = 20
IMAGES = 1_000  # the first images of the test set, to choose from

PARAMETERS = (
    Parameter("run", "mnist-20d", name_text),
    Parameter("image", 0, whole(0, IMAGES - 1)),
    Parameter("axis", 0, whole(0, 1024)),
)


def refusal(run: Run, name: str) -> str:
    """Why this run has no axes to show, in a sentence; empty if it has."""
    if run.config.model != "vae":
        return str(NoBoundError(f"The KL of each axis of {shorten(name)}"))
    if run.config.on_points or run.config.latent_dim < 2:
        return f"Choose a VAE of images with at least 2 latent axes; {shorten(name)} is {run.config.title}."
    return ""


def shown_name(view: StepView) -> str:
    """The run of the view, or the default where that one has no axes to show."""
    has_axes = not refusal(catalogue.latent_run(view["run"]), view["run"])
    return view["run"] if has_axes else view.lesson.table.parameters["run"].default


def shown_run(view: StepView) -> Run:
    return catalogue.latent_run(shown_name(view))


def shown_axis(view: StepView, shown: Facts) -> int:
    """The axis of the view, from 0; without a choice the one with the most KL."""
    return shown.order[0] if view["axis"] == 0 else view["axis"] - 1


def picture(view: StepView) -> None:
    """The chosen axis, all axes in rows, and what they cost and how they are correlated."""
    run = shown_run(view)
    for note in run.notes:
        st.warning(note, icon=":material/warning:")
    shown = facts(run.digest, run)
    axis = shown_axis(view, shown)
    left, right = st.columns([1.2, 1], gap="medium")
    with left:
        strips(view, run, shown, axis)
    with right:
        costs_and_correlations(view, shown, axis)
    st.caption(
        "Total correlation by −½ log det corr(z), z = μ + σε, sees correlations only. "
        f"By the mixture of {MIXED:,} posteriors it is biased: read it beside the same with the axes shuffled, "
        "where the truth is 0."
    )


def strips(view: StepView, run: Run, shown: Facts, axis: int) -> None:
    """The chosen axis alone, and a row for each axis, of which one can be clicked."""
    rows = shown.order[:MOST_ROWS]
    pictures = traversals(run.digest, run, view["image"], tuple(rows))
    symbol = f"z{subscript(axis + 1)}"
    st.markdown(f"**{symbol} alone, from −3 to 3**: the others stay at μ")
    image_grid(
        one_axis(view, run, shown, axis),
        STEPS,
        key=view.key("one"),
        label=f"{symbol} from −3 to 3",
        captions=[f"{value:.1f}".replace("-", "−") for value in np.linspace(-LIMIT, LIMIT, STEPS)],
        scale_hint=2.2,
        clickable=False,
    )
    st.markdown("**Every axis, by its KL**: click a row")

    def pick(cell: int) -> None:
        view["axis"] = rows[cell // STEPS] + 1

    place = rows.index(axis) * STEPS + STEPS // 2 if axis in rows else None
    label = "Each row: one axis from −3 to 3, ordered by KL"
    grid = pictures.reshape(-1, *pictures.shape[2:])
    image_grid(grid, STEPS, key=view.key("all"), label=label, selected=place, scale_hint=1.2, on_click=pick)


def one_axis(view: StepView, run: Run, shown: Facts, axis: int) -> np.ndarray:
    """The images along one axis, (steps, C, H, W)."""
    rows = shown.order[:MOST_ROWS]
    if axis in rows:
        return traversals(run.digest, run, view["image"], tuple(rows))[rows.index(axis)]
    return traversals(run.digest, run, view["image"], (axis,))[0]


def work(view: StepView) -> tuple[dict[str, str], str]:
    """KL, effect and total correlation of the axes, and the code that prints them."""
    run = shown_run(view)
    shown = facts(run.digest, run)
    axis = shown_axis(view, shown)
    own = one_axis(view, run, shown, axis)
    figures = {
        "KL of this axis": f"{shown.kl[axis]:.3f} nats",
        "KL, all axes": f"{shown.kl.sum():.2f} nats",
        "Pixels moved": f"{float(np.abs(own[-1] - own[0]).mean()):.4f}",
        "Total correlation, Gaussian": f"{shown.gaussian:.3f} nats",
        "TC by mixture": f"{shown.mixture:.2f} nats",
        "TC by mixture, axes shuffled": f"{shown.shuffled:.2f} nats",
    }
    return figures, SCRIPT.substitute(
        run=shown_name(view),
        dataset=run.config.dataset,
        pixels=run.config.pixels,
        image=view["image"],
        axis=axis,
        limit=LIMIT,
        steps=STEPS,
        seed=SEED,
        mixed=MIXED,
    )


@st.cache_data(max_entries=64, show_spinner=False)
def traversals(digest: str, _run: Run, image: int, axes: tuple[int, ...]) -> np.ndarray:
    """Images (rows, steps, C, H, W) along each of the axes, around one test image."""
    images, _ = catalogue.images(_run.config.dataset)
    x = images.as_data(_run.config.pixels)[image : image + 1]
    return np.stack([traverse(_run.model, x, axis, LIMIT, STEPS)[1].numpy() for axis in axes])


def choose_axis(view: StepView, run: Run, shown: Facts) -> None:
    """A menu of the run's axes by their KL. An axis that the run lacks is refused in one sentence."""
    latent_dim = run.config.latent_dim
    if view["axis"] > latent_dim:
        st.warning(
            f"axis accepts a whole number from 1 to {latent_dim} for this run, or 0 for the one with the most KL, "
            f"got {view['axis']}.",
            icon=":material/link_off:",
        )
        view["axis"] = 0

    def title(option: int) -> str:
        axis = shown.order[0] if option == 0 else option - 1
        words = f"z{subscript(axis + 1)} · KL {shown.kl[axis]:.2f} nats"
        return f"Most KL: {words}" if option == 0 else words

    options = [0, *(axis + 1 for axis in shown.order)]
    st.selectbox("Latent axis", options, format_func=title, key=view.key("axis"))


def costs_and_correlations(view: StepView, shown: Facts, axis: int) -> None:
    """The KL of each axis, and the correlations between the axes of q(z)."""
    st.markdown("**What each axis costs**, mean over test images")
    label = f"KL of each latent axis, the largest first; the chosen one costs {shown.kl[axis]:.3f} nats"
    sketch(sketches.kl_bars(shown.kl, shown.order, axis), key=view.key("kl"), label=label, height=230)
    st.markdown("**Correlations under q(z)**: blue +, orange −")
    names = [str(number + 1) for number in shown.order]
    matrix = shown.correlation[np.ix_(shown.order, shown.order)] - np.eye(len(names))
    largest = float(np.abs(matrix).max())
    title = f"latent axis, by its KL; full colour at ±{max(largest, 0.1):.2f}"
    picture = sketches.matrix(matrix, names, names, title, max(largest, 0.1), words=False)
    label = f"Correlation matrix of the aggregated posterior; the largest off the diagonal is {largest:.2f}"
    sketch(picture, key=view.key("correlation"), label=label, height=330)


def run_menu(view: StepView) -> None:
    """The menu of runs; one without axes to show is refused in a sentence."""
    run = widgets.choose_run(view)
    problem = refusal(run, view["run"])
    if problem:
        st.warning(f"{problem} Shown instead: {catalogue.title(shown_name(view))}.", icon=":material/block:")


def image_field(view: StepView) -> None:
    """The number of the test image, and the image."""
    run = shown_run(view)
    images, _ = catalogue.images(run.config.dataset)
    st.number_input("Test image", 0, IMAGES - 1, key=view.key("image"), help="Its code is where every row starts.")
    x = images.as_data(run.config.pixels)[view["image"] : view["image"] + 1]
    class_name = datasets.class_names(run.config.dataset)[int(images.y[view["image"]])]
    image_grid(
        x.numpy(), 1, key=view.key("own"), label=f"The test image: {class_name}", scale_hint=3.4, clickable=False
    )


def axis_menu(view: StepView) -> None:
    run = shown_run(view)
    choose_axis(view, run, facts(run.digest, run))


CONTROLS = {"run": run_menu, "axis": axis_menu, "image": image_field}
OF_PART = ("run", "axis", "image")
