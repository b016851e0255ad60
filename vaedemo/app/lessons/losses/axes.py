"""Exhibit: the principal axes of a data set that a linear VAE keeps at (σ², β), and the detail its images lose."""

from string import Template

import numpy as np
import streamlit as st
import torch

from vaedemo.analysis import linear_vae
from vaedemo.app import catalogue
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.losses import sketches
from vaedemo.app.shell import sliders
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import EXPLORE, Values
from vaedemo.models.pca import PCA
from vaedemo.probability.covariance import axes_kept
from vaedemo.rules import one_of

DATASETS = {"mnist-55k": "MNIST", "fashion": "Fashion", "ring": "Ring"}
REDUCTIONS = {"sum": "Sum", "mean": "Mean"}
VARIANCES, BETAS = sliders.decades(0.001, 10), sliders.decades(0.01, 100)
PARAMETERS = (
    Parameter("data", "mnist-55k", one_of(*DATASETS)),
    Parameter("axes_variance", 1.0, sliders.listed(VARIANCES)),
    Parameter("axes_beta", 1.0, sliders.listed(BETAS)),
    Parameter("reduction", "sum", one_of(*REDUCTIONS)),
)
WINDOW = ((VARIANCES[0], VARIANCES[-1]), (BETAS[0], BETAS[-1]))
SCRIPT = Template("""\
import vaedemo as vd
from vaedemo.probability.covariance import axes_kept, data_covariance_eigenvalues

images, which = vd.datasets.first_view("$data")
eigenvalues = data_covariance_eigenvalues(images.x)
beta = $axes_beta$factor
kept = axes_kept(eigenvalues, beta=beta, noise_variance=$axes_variance)
print(f"βσ²: {beta * $axes_variance:g}")
print(f"Largest λ: {eigenvalues[0].item():.3f}")
print(f"Axes kept: {kept.sum().item()} of {len(kept)}")
print(f"Variance along them: {(eigenvalues[kept].sum() / eigenvalues.sum()).item():.1%}")
""")


@st.cache_resource(show_spinner=False, max_entries=8)
def axes_of(dataset: str, count: int) -> PCA:
    """All principal axes of the `count` available examples."""
    return linear_vae.principal_axes(catalogue.images(dataset)[0].x)


@st.cache_data(show_spinner=False, max_entries=8)
def alive(dataset: str, count: int, factor: int) -> np.ndarray:
    """The number of living axes on a grid over β (rows) and σ² (columns), evenly spaced in the logarithm; β counts
    `factor` times."""
    variances, betas = (torch.logspace(*np.log10(ends), 49, dtype=torch.float64) for ends in WINDOW)
    thresholds = factor * betas.unsqueeze(1) * variances
    return (axes_of(dataset, count).variances > thresholds.unsqueeze(2)).sum(2).numpy()


def axes_shown(values: Values) -> PCA:
    """The principal axes of the data of a view."""
    dataset = values["data"]
    return axes_of(dataset, len(catalogue.images(dataset)[0]))


def factor_of(values: Values) -> int:
    """How often β counts: with the mean over D pixels instead of the sum, D times."""
    return len(axes_shown(values).mean) if values["reduction"] == "mean" else 1


def threshold(values: Values) -> float:
    """βσ²: the variance above which an axis lives."""
    return factor_of(values) * values["axes_beta"] * values["axes_variance"]


def kept(values: Values) -> torch.Tensor:
    """Whether each axis lives, (D,)."""
    return axes_kept(axes_shown(values).variances, factor_of(values) * values["axes_beta"], values["axes_variance"])


def picture(view: StepView) -> None:
    """The spectrum with βσ², and images with their reconstructions; in Explore the plane of σ² and β too."""
    exploring = view["step"] == EXPLORE
    eigenvalues = axes_shown(view).variances.numpy()
    ghost = None if view.before is None else threshold(view.before)
    drawn = sketches.spectrum_sketch(eigenvalues, threshold(view), ghost)
    label = "The variances along the data's principal axes, and the threshold βσ²"
    if exploring:
        spectrum, plane = st.columns(2, gap="medium")
        with spectrum:
            st.markdown("**Variance along each axis of the data**")
            sketch(drawn, key=view.key("spectrum"), label=label, height=280)
        with plane:
            st.markdown("**How many axes live**")
            draw_plane(view)
    else:
        sketch(drawn, key=view.key("spectrum"), label=label, height=230)
    reconstructions(view, 12 if exploring else 9)
    if exploring:
        _, sentence = catalogue.images(view["data"])
        st.caption(
            f"On the plane, thin lines: where the first, the tenth and the hundredth axis die. λ: eigenvalues of the "
            f"covariance of {sentence}"
        )


def draw_plane(view: StepView) -> None:
    dataset = view["data"]
    counts = alive(dataset, len(catalogue.images(dataset)[0]), factor_of(view))
    chosen = (view["axes_variance"], view["axes_beta"])
    sketch(
        sketches.plane_sketch(counts, len(kept(view)), WINDOW, chosen),
        key=view.key("plane"),
        label="How many axes live at each σ² and β; lines at 1, 10 and 100 axes",
        height=280,
    )


def reconstructions(view: StepView, count: int) -> None:
    """`count` images, or 300 points, and what the linear VAE makes of them."""
    shown, axes = catalogue.images(view["data"])[0], axes_shown(view)
    settings = view["axes_variance"], factor_of(view) * view["axes_beta"]
    if shown.is_points:
        x = shown.x[:300]
        drawn = sketches.ring_sketch(x.numpy(), linear_vae.reconstruct(axes, x, *settings).numpy())
        st.markdown("**Points, and what the linear VAE makes of each**")
        label = "Ring points and their reconstructions by the linear VAE"
        with st.columns([1.6, 1])[0]:
            sketch(drawn, key=view.key("points"), label=label, height=320)
        return
    x = shown.x[:count]
    pictures = torch.cat([x / 255, linear_vae.reconstruct(axes, x, *settings).float()])
    st.markdown("**Images x, and below them x̂, what the linear VAE makes of each**")
    label = "Images, and below them their reconstructions by the linear VAE"
    image_grid(pictures.numpy(), count, key=view.key("pictures"), label=label, scale_hint=2.6, clickable=False)


def work(view: StepView) -> tuple[dict[str, str], str]:
    eigenvalues, living = axes_shown(view).variances, kept(view)
    figures = {
        "βσ²": f"{threshold(view):g}",
        "Largest λ": f"{eigenvalues[0].item():.3f}",
        "Axes kept": f"{living.sum().item()} of {len(living)}",
        "Variance along them": f"{(eigenvalues[living].sum() / eigenvalues.sum()).item():.1%}",
    }
    fields = {name: view[name] for name in ("data", "axes_variance", "axes_beta")}
    factor = factor_of(view)
    return figures, SCRIPT.substitute(fields, factor=f" * {factor}  # the mean over the pixels" if factor > 1 else "")


def choose_data(view: StepView) -> None:
    key = view.key("data")
    st.segmented_control("Data", list(DATASETS), format_func=DATASETS.get, key=key, required=True, width="stretch")


def choose_reduction(view: StepView) -> None:
    st.segmented_control(
        "½(x − x̂)² over the pixels",
        list(REDUCTIONS),
        format_func=REDUCTIONS.get,
        key=view.key("reduction"),
        required=True,
    )


CONTROLS = {
    "data": choose_data,
    "axes_variance": lambda view: sliders.slider(view, "axes_variance", "σ²", VARIANCES, "1 is the lecture's choice."),
    "axes_beta": lambda view: sliders.slider(view, "axes_beta", "β", BETAS),
    "reduction": choose_reduction,
}
