"""Part of the page on latent axes, for data with known factors: information matrix, MIG, effects of β and seed."""

from dataclasses import dataclass
from string import Template

import numpy as np
import streamlit as st
import torch

from vaedemo.analysis import mutual_information as information
from vaedemo.analysis import total_correlation as tc
from vaedemo.analysis.rotation import turn
from vaedemo.app import catalogue
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.axes import sketches
from vaedemo.app.shared.symbols import subscript
from vaedemo.app.shell import frame
from vaedemo.app.shell.links import Parameter
from vaedemo.datasets import ImageSet, shapes
from vaedemo.figures import palette
from vaedemo.rules import one_of, whole
from vaedemo.training.run import Run

RUNS = {
    "shapes-beta1": "β 1",
    "shapes-beta1-seed1": "β 1, seed 1",
    "shapes-beta4": "β 4",
    "shapes-beta4-seed1": "β 4, seed 1",
    "shapes-beta8": "β 8",
}
COUNT, SEED = 10_000, 20180214  # number and seed of the images that the measures use
SHOWN = 10  # images shown in a row
NAMES = ("shape", "size", "angle", "x", "y")

PARAMETERS = (Parameter("shapes", "shapes-beta4", one_of(*RUNS)), Parameter("turned", 0, whole(0, 90)))
SCRIPT = Template("""\
import math

import torch
import vaedemo as vd
from vaedemo.analysis import mutual_information as information
from vaedemo.analysis import total_correlation as tc
from vaedemo.analysis.rotation import turn
from vaedemo.datasets import shapes

images = shapes.draw($count, torch.Generator().manual_seed($seed))
x = images.as_data()
run = vd.load("$run")
with torch.no_grad():
    mu, logvar = tc.posterior_of(run.model, x)
straight = information.information_matrix(images.factors, mu)
first, second = information.best_two(straight, $x_row, $y_row)
rotation = turn(math.radians($turned), run.model.latent_dim, (first, second))
matrix = information.information_matrix(images.factors, mu.double() @ rotation.T)
print(f"MIG: {information.mig(straight):.3f}")
print(f"MIG, two axes turned: {information.mig(matrix):.3f}")
print(f"Test reconstruction: {run.metrics['test_reconstruction']:.2f} nats")
print(f"Test KL: {run.metrics['test_kl']:.2f} nats")
print(f"Active axes: {run.metrics['active_units']} of {run.model.latent_dim}")
noise = torch.randn(mu.shape, generator=torch.Generator().manual_seed($seed))
z = mu + (0.5 * logvar).exp() * noise
print(f"Gaussian total correlation: {tc.gaussian_total_correlation(z):.3f} nats")
""")


@dataclass(frozen=True)
class Facts:
    """A run on these images: codes (N, d), the matrix (5, d), MIG, the Gaussian total correlation in nats."""

    mu: torch.Tensor
    matrix: torch.Tensor
    mig: float
    total_correlation: float


@st.cache_resource(show_spinner=False)
def measured_on() -> ImageSet:
    return shapes.draw(COUNT, torch.Generator().manual_seed(SEED))


@st.cache_resource(max_entries=16, show_spinner="What each axis knows of each factor")
def facts(digest: str, _run: Run) -> Facts:
    images = measured_on()
    with torch.no_grad():
        mu, logvar = tc.posterior_of(_run.model, images.as_data())
    noise = torch.randn(mu.shape, generator=torch.Generator().manual_seed(SEED))
    matrix = information.information_matrix(images.factors, mu)
    z = mu + (0.5 * logvar).exp() * noise
    return Facts(mu, matrix, information.mig(matrix), tc.gaussian_total_correlation(z))


@st.cache_resource(max_entries=256, show_spinner=False)
def turned_matrix(digest: str, _run: Run, degrees: int) -> torch.Tensor:
    """The matrix after a rotation of the axes with most information on x and on y. Only their columns are computed."""
    straight = facts(digest, _run)
    pair = information.best_two(straight.matrix, NAMES.index("x"), NAMES.index("y"))
    rotation = turn(np.deg2rad(degrees), _run.config.latent_dim, pair)
    codes = straight.mu.double() @ rotation.T
    matrix = straight.matrix.clone()
    matrix[:, list(pair)] = information.information_matrix(measured_on().factors, codes[:, list(pair)])
    return matrix


def draw(view: frame.View) -> str:
    """Draw the exhibit; return the code of this view."""
    st.markdown(
        "`shapes` is generated: every image's shape, size, angle, x and y are known, and drawn independently of each "
        "other. So it can be counted **what each latent axis knows of each factor**."
    )
    some = measured_on().x[:SHOWN].numpy()
    image_grid(some, SHOWN, key=view.key("some"), label="Some of the shapes", scale_hint=1.5, clickable=False)
    st.segmented_control(
        "Trained on shapes with", list(RUNS), format_func=RUNS.get, key=view.key("shapes"), required=True
    )
    runs = [catalogue.run(name) for name in RUNS]
    every = [facts(run.digest, run) for run in runs]
    place = list(RUNS).index(view["shapes"])
    run, shown = runs[place], every[place]
    pair = information.best_two(shown.matrix, NAMES.index("x"), NAMES.index("y"))
    matrix = turned_matrix(run.digest, run, view["turned"]) if view["turned"] else shown.matrix
    axes = [f"z{subscript(axis + 1)}" for axis in range(run.config.latent_dim)]
    left, right = st.columns([1.25, 1], gap="large")
    with left:
        st.markdown("**Share of each factor's entropy that each axis tells**")
        picture = sketches.matrix(matrix.numpy(), NAMES, axes, "latent axis", 1.0)
        label = "Mutual information of factors and latent axes, in per cent of each factor's entropy"
        sketch(picture, key=view.key("matrix"), label=label, height=330)
        turning = " and ".join(axes[axis] for axis in sorted(pair))
        st.slider(
            f"Turn {turning} against each other, degrees",
            0,
            90,
            key=view.key("turned"),
            help="The axes that know most of x and of y. Prior and p(x) stay as they are; the table does not.",
        )
    with right:
        betas = [each.config.beta for each in runs]
        st.markdown("**One dot a run**, two seeds at β = 1 and 4")
        picture = sketches.against_beta(betas, [each.mig for each in every], place, "MIG", palette.KL)
        label = f"MIG of each run over β; the chosen one has {shown.mig:.3f}"
        sketch(picture, key=view.key("migs"), label=label, height=190)
        losses = [each.metrics["test_reconstruction"] for each in runs]
        title = "reconstruction loss, nats per image"
        picture = sketches.against_beta(betas, losses, place, title, palette.RECONSTRUCTION)
        label = f"Test reconstruction loss of each run over β; the chosen one has {losses[place]:.2f} nats"
        sketch(picture, key=view.key("losses"), label=label, height=190)
    frame.numbers(
        {
            "MIG": f"{shown.mig:.3f}",
            "MIG, two axes turned": f"{information.mig(matrix):.3f}",
            "Test reconstruction": f"{run.metrics['test_reconstruction']:.2f} nats",
            "Test KL": f"{run.metrics['test_kl']:.2f} nats",
            "Active axes": f"{run.metrics['active_units']} of {run.config.latent_dim}",
            "Gaussian total correlation": f"{shown.total_correlation:.3f} nats",
        },
        {
            "MIG": "How far the best axis is ahead of the second best, mean over the five factors.",
            "MIG, two axes turned": "After the turn by the slider.",
        },
    )
    st.caption(
        f"Measured on {COUNT:,} images drawn anew; z is μ(x), cut into as many bins of equal size as the factor has "
        "levels: shape 4, size 6, angle 20, x and y 12. Independent axes would show about 1 %. The angle counts within "
        "each shape's own symmetry (a square is itself after 90°), and discs, which have none, are left out of its row."
    )
    return SCRIPT.substitute(
        count=COUNT,
        seed=SEED,
        run=view["shapes"],
        x_row=NAMES.index("x"),
        y_row=NAMES.index("y"),
        turned=view["turned"],
    )
