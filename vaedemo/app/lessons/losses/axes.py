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
from vaedemo.app.shell import frame, sliders
from vaedemo.app.shell.links import Parameter
from vaedemo.models.pca import PCA
from vaedemo.probability.covariance import axes_kept
from vaedemo.rules import one_of

DATASETS = {"mnist-55k": "MNIST", "fashion": "Fashion", "ring": "Ring"}
VARIANCES, BETAS = sliders.decades(0.001, 10), sliders.decades(0.01, 100)
PARAMETERS = (
    Parameter("data", "mnist-55k", one_of(*DATASETS)),
    Parameter("axes_variance", 1.0, sliders.listed(VARIANCES)),
    Parameter("axes_beta", 1.0, sliders.listed(BETAS)),
)
WINDOW = ((VARIANCES[0], VARIANCES[-1]), (BETAS[0], BETAS[-1]))
PICTURES = 12
SCRIPT = Template("""\
import vaedemo as vd
from vaedemo.probability.covariance import axes_kept, data_covariance_eigenvalues

images, which = vd.datasets.first_view("$data")
eigenvalues = data_covariance_eigenvalues(images.x)
kept = axes_kept(eigenvalues, beta=$axes_beta, noise_variance=$axes_variance)
print(f"βσ²: {$axes_beta * $axes_variance:g}")
print(f"Largest λ: {eigenvalues[0].item():.3f}")
print(f"Axes kept: {kept.sum().item()} of {len(kept)}")
print(f"Variance along them: {(eigenvalues[kept].sum() / eigenvalues.sum()).item():.1%}")
""")


@st.cache_resource(show_spinner=False, max_entries=8)
def axes_of(dataset: str, count: int) -> PCA:
    """All principal axes of the `count` available examples."""
    return linear_vae.principal_axes(catalogue.images(dataset)[0].x)


@st.cache_data(show_spinner=False, max_entries=8)
def alive(dataset: str, count: int) -> np.ndarray:
    """The number of living axes on a grid over β (rows) and σ² (columns), evenly spaced in the logarithm."""
    variances, betas = (torch.logspace(*np.log10(ends), 49, dtype=torch.float64) for ends in WINDOW)
    thresholds = betas.unsqueeze(1) * variances
    return (axes_of(dataset, count).variances > thresholds.unsqueeze(2)).sum(2).numpy()


def draw(view: frame.View) -> str:
    """Draw the exhibit; return the code of this view."""
    left, right = st.columns([1, 2.8], gap="large")
    with left:
        dataset = st.segmented_control(
            "Data", list(DATASETS), format_func=DATASETS.get, key=view.key("data"), required=True, width="stretch"
        )
        variance = sliders.slider(view, "axes_variance", "σ²", VARIANCES, "1 is the lecture's choice.")
        beta = sliders.slider(view, "axes_beta", "β", BETAS)
        st.caption("Thin lines: where the first, the tenth and the hundredth axis die.")
    shown, sentence = catalogue.images(dataset)
    axes = axes_of(dataset, len(shown))
    eigenvalues = axes.variances
    kept = axes_kept(eigenvalues, beta, variance)
    with right:
        spectrum, plane = st.columns(2, gap="medium")
    with spectrum:
        st.markdown("**Variance along each axis of the data**")
        sketch(
            sketches.spectrum_sketch(eigenvalues.numpy(), beta * variance),
            key=view.key("spectrum"),
            label="The variances along the data's principal axes, and the threshold βσ²",
            height=280,
        )
    with plane:
        st.markdown("**How many axes live**")
        sketch(
            sketches.plane_sketch(alive(dataset, len(shown)), len(kept), WINDOW, (variance, beta)),
            key=view.key("plane"),
            label="How many axes live at each σ² and β; lines at 1, 10 and 100 axes",
            height=280,
        )
    frame.numbers(
        {
            "βσ²": f"{beta * variance:g}",
            "Largest λ": f"{eigenvalues[0].item():.3f}",
            "Axes kept": f"{kept.sum().item()} of {len(kept)}",
            "Variance along them": f"{(eigenvalues[kept].sum() / eigenvalues.sum()).item():.1%}",
        },
        {"Axes kept": "Those with λ > βσ²: the rest collapse onto the prior, and the decoder ignores them."},
    )
    if shown.is_points:
        x = shown.x[:300]
        drawn = sketches.ring_sketch(x.numpy(), linear_vae.reconstruct(axes, x, variance, beta).numpy())
        st.markdown("**Points, and what the linear VAE makes of each**")
        label = "Ring points and their reconstructions by the linear VAE"
        with st.columns([1.6, 1])[0]:
            sketch(drawn, key=view.key("points"), label=label, height=320)
    else:
        x = shown.x[:PICTURES]
        pictures = torch.cat([x / 255, linear_vae.reconstruct(axes, x, variance, beta).float()])
        st.markdown("**Images, and below them what the linear VAE makes of each**")
        image_grid(
            pictures.numpy(),
            PICTURES,
            key=view.key("pictures"),
            label="Images, and below them their reconstructions by the linear VAE",
            scale_hint=2.6,
            clickable=False,
        )
    st.caption(f"λ: eigenvalues of the covariance of {sentence}")
    return SCRIPT.substitute(data=dataset, axes_variance=variance, axes_beta=beta)
