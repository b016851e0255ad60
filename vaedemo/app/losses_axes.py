"""Exhibit: which principal axes of a data set a linear VAE keeps at (σ², β), and what its pictures lose."""

from string import Template

import streamlit as st
import torch

from vaedemo.analysis import linear_vae
from vaedemo.app import catalogue, frame, steps
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.links import Parameter
from vaedemo.figures import knob, points, style
from vaedemo.models.pca import PCA
from vaedemo.probability.covariance import axes_kept
from vaedemo.rules import one_of

DATASETS = {"mnist-55k": "MNIST", "fashion": "Fashion", "ring": "Ring"}
VARIANCES, BETAS = steps.decades(0.001, 10), steps.decades(0.01, 100)
PARAMETERS = (
    Parameter("data", "mnist-55k", one_of(*DATASETS)),
    Parameter("axes_variance", 1.0, steps.listed(VARIANCES)),
    Parameter("axes_beta", 1.0, steps.listed(BETAS)),
)
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
    """All principal axes of the examples at hand, of which there are `count`."""
    return linear_vae.principal_axes(catalogue.images(dataset)[0].x)


def draw(view: frame.View) -> str:
    """The exhibit; returns the code of this view."""
    left, right = st.columns([1, 2.8], gap="large")
    with left:
        dataset = st.segmented_control(
            "Data", list(DATASETS), format_func=DATASETS.get, key=view.key("data"), required=True, width="stretch"
        )
        variance = steps.slider(view, "axes_variance", "σ²", VARIANCES, "1 is the lecture's choice.")
        beta = steps.slider(view, "axes_beta", "β", BETAS)
        st.caption("Dots: (σ², β) and its twin (1, βσ²). They share a dashed line βσ², and keep the same axes.")
    shown, sentence = catalogue.images(dataset)
    axes = axes_of(dataset, len(shown))
    eigenvalues = axes.variances
    kept = axes_kept(eigenvalues, beta, variance)
    grid = torch.tensor(BETAS).unsqueeze(1) * torch.tensor(VARIANCES)
    alive = (eigenvalues > grid.double().unsqueeze(2)).sum(2)
    with right:
        st.plotly_chart(
            knob.axes_kept(eigenvalues.numpy(), alive.numpy(), VARIANCES, BETAS, chosen=(variance, beta)),
            config=style.CONFIG,
            key=view.key("spectrum"),
            alt="The variances along the data's principal axes, and how many of them live at each σ² and β",
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
        figure = points.points_plane(
            x.numpy(),
            linear_vae.reconstruct(axes, x, variance, beta).numpy(),
            samples_name="what the linear VAE makes of them",
            height=340,
            view="linear ring",
        )
        st.plotly_chart(
            figure, config=style.CONFIG, key=view.key("points"), alt="Ring points and their reconstructions"
        )
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
