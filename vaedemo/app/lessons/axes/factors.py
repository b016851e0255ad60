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
from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.axes import sketches
from vaedemo.app.shared.symbols import subscript
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import Values
from vaedemo.datasets import ImageSet, shapes
from vaedemo.figures import palette
from vaedemo.probability.divergences import kl_standard_normal
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
    """A run on these images: codes (N, d), KL of each axis and the Gaussian total correlation in nats, matrix (5, d),
    MIG."""

    mu: torch.Tensor
    kl: torch.Tensor
    matrix: torch.Tensor
    mig: float
    total_correlation: float


@st.cache_resource(show_spinner=False)
def measured_on() -> ImageSet:
    return shapes.draw(COUNT, torch.Generator().manual_seed(SEED))


@st.cache_resource(max_entries=16, show_spinner=False)
def facts(digest: str, _run: Run) -> Facts:
    images = measured_on()
    with torch.no_grad():
        mu, logvar = tc.posterior_of(_run.model, images.as_data())
    noise = torch.randn(mu.shape, generator=torch.Generator().manual_seed(SEED))
    matrix = information.information_matrix(images.factors, mu)
    z = mu + (0.5 * logvar).exp() * noise
    kl = kl_standard_normal(mu.double(), logvar.double()).mean(0)
    return Facts(mu, kl, matrix, information.mig(matrix), tc.gaussian_total_correlation(z))


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


def of(name: str) -> Facts:
    run = catalogue.run(name)
    return facts(run.digest, run)


def matrix_of(values: Values) -> torch.Tensor:
    """The matrix of the view's run, after the turn by the slider."""
    run = catalogue.run(values["shapes"])
    return turned_matrix(run.digest, run, values["turned"]) if values["turned"] else of(values["shapes"]).matrix


def mig_of(values: Values) -> float:
    """MIG after the turn by the slider."""
    return information.mig(matrix_of(values))


def pair_of(name: str) -> tuple[int, int]:
    """The axes that know most of x and of y, which the slider turns against each other."""
    return information.best_two(of(name).matrix, NAMES.index("x"), NAMES.index("y"))


def picture(view: StepView) -> None:
    """The matrix of a run, and MIG and reconstruction loss of all runs over β."""
    runs = [catalogue.run(name) for name in RUNS]
    place = list(RUNS).index(view["shapes"])
    migs = [of(name).mig for name in RUNS]
    axes = [f"z{subscript(axis + 1)}" for axis in range(runs[place].config.latent_dim)]
    left, right = st.columns([1.25, 1], gap="large")
    with left:
        st.markdown("**Share of each factor's entropy that each axis tells**")
        drawn = sketches.matrix(matrix_of(view).numpy(), NAMES, axes, "latent axis", 1.0)
        label = "Mutual information of factors and latent axes, in per cent of each factor's entropy"
        sketch(drawn, key=view.key("matrix"), label=label, height=330)
    with right:
        st.markdown("**One dot a run**, two seeds at β = 1 and 4")
        betas = [each.config.beta for each in runs]
        drawn = sketches.against_beta(betas, migs, place, "MIG", palette.NEUTRAL)
        label = f"MIG of each run over β; the chosen one has {migs[place]:.3f}"
        sketch(drawn, key=view.key("migs"), label=label, height=190)
        losses = [each.metrics["test_reconstruction"] for each in runs]
        title = "reconstruction loss, nats per image"
        drawn = sketches.against_beta(betas, losses, place, title, palette.RECONSTRUCTION)
        label = f"Test reconstruction loss of each run over β; the chosen one has {losses[place]:.2f} nats"
        sketch(drawn, key=view.key("losses"), label=label, height=190)
    st.caption(
        "`shapes` is generated: every image's shape, size, angle, x and y are known, and drawn independently. "
        f"Measured on {COUNT:,} images drawn anew; z is μ(x), cut into as many bins as the factor has "
        "levels: shape 4, size 6, angle 20, x and y 12. Independent axes would show about 1 %. The angle counts within "
        "each shape's own symmetry (a square is itself after 90°), and discs, which have none, are left out of its row."
    )


def work(view: StepView) -> tuple[dict[str, str], str]:
    """MIG and the other figures of the run, and the code that prints them."""
    run, shown = catalogue.run(view["shapes"]), of(view["shapes"])
    figures = {
        "MIG": f"{shown.mig:.3f}",
        "MIG, two axes turned": f"{information.mig(matrix_of(view)):.3f}",
        "Test reconstruction": f"{run.metrics['test_reconstruction']:.2f} nats",
        "Test KL": f"{run.metrics['test_kl']:.2f} nats",
        "Active axes": f"{run.metrics['active_units']} of {run.config.latent_dim}",
        "Gaussian total correlation": f"{shown.total_correlation:.3f} nats",
    }
    return figures, SCRIPT.substitute(
        count=COUNT,
        seed=SEED,
        run=view["shapes"],
        x_row=NAMES.index("x"),
        y_row=NAMES.index("y"),
        turned=view["turned"],
    )


def chooser(view: StepView) -> None:
    st.segmented_control(
        "Trained on shapes with", list(RUNS), format_func=RUNS.get, key=view.key("shapes"), required=True, wrap=True
    )


def turning_slider(view: StepView) -> None:
    names = " and ".join(f"z{subscript(axis + 1)}" for axis in sorted(pair_of(view["shapes"])))
    st.slider(
        f"Turn {names} against each other, degrees",
        0,
        90,
        key=view.key("turned"),
        help="The axes that know most of x and of y. Prior and p(x) stay as they are; the table does not.",
    )


CONTROLS = {"shapes": chooser, "turned": turning_slider}
OF_PART = ("shapes", "turned")
