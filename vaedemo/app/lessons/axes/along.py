"""Part of the page on latent axes: what each axis changes in an image, and how the axes are correlated."""

from dataclasses import dataclass
from string import Template

import numpy as np
import streamlit as st
import torch

from vaedemo import datasets
from vaedemo.analysis import total_correlation as tc
from vaedemo.analysis.traversal import axis_kl, traverse
from vaedemo.app import catalogue
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.axes import sketches
from vaedemo.app.shared.symbols import subscript
from vaedemo.app.shell import frame, widgets
from vaedemo.app.shell.links import Parameter, name_text
from vaedemo.models.autoencoder import NoBoundError
from vaedemo.rules import shorten, whole
from vaedemo.training.run import Run

MIXED = 1_000  # examples of the mixture estimate, whose cost is quadratic in their number
SEED = 0  # of the one z drawn from each q(z|x)
LIMIT, STEPS = 3.0, 11
MOST_ROWS = 20
IMAGES = 1_000  # the first images of the test set, to choose from

PARAMETERS = (
    Parameter("run", "mnist-20d", name_text),
    Parameter("image", 0, whole(0, IMAGES - 1)),
    Parameter("axis", 0, whole(0, 1024)),
)
SCRIPT = Template("""\
import torch
import vaedemo as vd
from vaedemo.analysis import total_correlation as tc
from vaedemo.analysis.traversal import axis_kl, traverse

run = vd.load("$run")
images, _ = vd.datasets.first_view("$dataset")
x = images.as_data("$pixels")
kl = axis_kl(run.model, x)
codes, pictures = traverse(run.model, x[$image : $image + 1], $axis, limit=$limit, steps=$steps)
print(f"KL of this axis: {kl[$axis].item():.3f} nats")
print(f"KL, all axes: {kl.sum().item():.2f} nats")
print(f"Pixels moved: {(pictures[-1] - pictures[0]).abs().mean().item():.4f}")

mu, logvar = tc.posterior_of(run.model, x)
noise = torch.randn(mu.shape, generator=torch.Generator().manual_seed($seed))
z = mu + (0.5 * logvar).exp() * noise
print(f"Total correlation, Gaussian: {tc.gaussian_total_correlation(z):.3f} nats")
some = (z[:$mixed], mu[:$mixed], logvar[:$mixed])
print(f"TC by mixture: {tc.mixture_total_correlation(*some):.2f} nats")
shuffled = tc.shuffled_total_correlation(*some, torch.Generator().manual_seed($seed))
print(f"TC by mixture, axes shuffled: {shuffled:.2f} nats")
""")


@dataclass(frozen=True)
class Facts:
    """A run's axes over its test images: `kl` (d,) and the totals in nats, `correlation` (d, d) of q(z)."""

    kl: np.ndarray
    order: list[int]
    correlation: np.ndarray
    gaussian: float
    mixture: float
    shuffled: float


@st.cache_resource(max_entries=16, show_spinner=False)
def facts(digest: str, _run: Run) -> Facts:
    images, _ = catalogue.images(_run.config.dataset)
    x = images.as_data(_run.config.pixels)
    kl = axis_kl(_run.model, x)
    mu, logvar = tc.posterior_of(_run.model, x)
    noise = torch.randn(mu.shape, generator=torch.Generator().manual_seed(SEED))
    z = mu + (0.5 * logvar).exp() * noise
    some = (z[:MIXED], mu[:MIXED], logvar[:MIXED])
    return Facts(
        kl.numpy(),
        kl.argsort(descending=True, stable=True).tolist(),
        tc.correlation(z).numpy(),
        tc.gaussian_total_correlation(z),
        tc.mixture_total_correlation(*some),
        tc.shuffled_total_correlation(*some, torch.Generator().manual_seed(SEED)),
    )


def refusal(run: Run, name: str) -> str:
    """Why this run has no axes to show, in a sentence; empty if it has."""
    if run.config.model != "vae":
        return str(NoBoundError(f"The KL of each axis of {shorten(name)}"))
    if run.config.on_points or run.config.latent_dim < 2:
        return f"Choose a VAE of images with at least 2 latent axes; {shorten(name)} is {run.config.title}."
    return ""


def draw(view: frame.View) -> str:
    """Draw the exhibit; return the code of this view."""
    left, middle, right = st.columns([0.85, 1.3, 1.25], gap="medium")
    with left:
        run = widgets.choose_run(view)
        name = view["run"]
        problem = refusal(run, name)
        if problem:
            name = view.lesson.table.parameters["run"].default
            run = catalogue.run(name)
            st.warning(f"{problem} Shown instead: {catalogue.title(name)}.", icon=":material/block:")
        for note in run.notes:
            st.warning(note, icon=":material/warning:")
        shown = facts(run.digest, run)
        images, _ = catalogue.images(run.config.dataset)
        choose_axis(view, run, shown)
        st.number_input("Test image", 0, IMAGES - 1, key=view.key("image"), help="Its code is where every row starts.")
        x = images.as_data(run.config.pixels)[view["image"] : view["image"] + 1]
        image_grid(x.numpy(), 1, key=view.key("own"), label="The chosen test image", scale_hint=3.4, clickable=False)
        class_name = datasets.class_names(run.config.dataset)[int(images.y[view["image"]])]
        st.caption(f"{class_name}, test image {view['image']:,}")
    axis = shown.order[0] if view["axis"] == 0 else view["axis"] - 1
    with middle:
        rows = shown.order[:MOST_ROWS]
        pictures = traversals(run.digest, run, view["image"], tuple(rows))
        symbol = f"z{subscript(axis + 1)}"
        st.markdown(f"**{symbol} alone, from −3 to 3**: the others stay at μ")
        own = pictures[rows.index(axis)] if axis in rows else traverse(run.model, x, axis, LIMIT, STEPS)[1].numpy()
        captions = [f"{value:.1f}".replace("-", "−") for value in np.linspace(-LIMIT, LIMIT, STEPS)]
        image_grid(
            own,
            STEPS,
            key=view.key("one"),
            label=f"{symbol} from −3 to 3",
            captions=captions,
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
    with right:
        costs_and_correlations(view, shown, axis)
    moved = float(np.abs(own[-1] - own[0]).mean())
    frame.numbers(
        {
            "KL of this axis": f"{shown.kl[axis]:.3f} nats",
            "KL, all axes": f"{shown.kl.sum():.2f} nats",
            "Pixels moved": f"{moved:.4f}",
            "Total correlation, Gaussian": f"{shown.gaussian:.3f} nats",
            "TC by mixture": f"{shown.mixture:.2f} nats",
            "TC by mixture, axes shuffled": f"{shown.shuffled:.2f} nats",
        },
        {
            "Pixels moved": "Mean absolute difference of the images at 3 and at −3, from 0 to 1.",
            "Total correlation, Gaussian": "−½ log det corr(z), z = μ + σε. It sees correlations only.",
            "TC by mixture": f"By the mixture of {MIXED:,} posteriors. Biased: read it beside the next figure.",
            "TC by mixture, axes shuffled": "The same where the truth is 0: this much is bias.",
        },
    )
    return SCRIPT.substitute(
        run=name,
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


def choose_axis(view: frame.View, run: Run, shown: Facts) -> None:
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


def costs_and_correlations(view: frame.View, shown: Facts, axis: int) -> None:
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
