"""The data of the ring exhibit: exact and learned arrows, their agreement, and the values at one x̃."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
import torch

from vaedemo import datasets
from vaedemo.analysis import denoising
from vaedemo.analysis.denoising import Match
from vaedemo.app import catalogue
from vaedemo.app.components.sketch import Sketch
from vaedemo.app.lessons.denoising import form, sketches
from vaedemo.app.shell.steps import Values
from vaedemo.probability import ring_score
from vaedemo.training import shipped_runs
from vaedemo.training.run import Run

REACH, SHOWN_SIDE, JUDGED_SIDE = 1.75, 15, 41
STEPS, FLOWING_SIDE = 12, 17


@dataclass(frozen=True)
class Exact:
    """The exact field at one σ on the shown grid: the grid, the arrows (N, 2), and where p_σ is not tiny (N,)."""

    grid: torch.Tensor
    arrows: torch.Tensor
    known: np.ndarray


@st.cache_resource(max_entries=100, show_spinner=False)
def exact_field(sigma: float) -> Exact:
    grid = denoising.plane_grid(REACH, SHOWN_SIDE)
    log_density = ring_score.blurred_log_density(grid, sigma)
    arrows = sigma**2 * ring_score.blurred_score(grid, sigma)
    return Exact(grid, arrows, denoising.match(arrows, arrows, log_density).known.numpy())


@dataclass(frozen=True)
class Learned:
    """A model's arrows on the shown grid (N, 2), its agreement on a finer grid, and the paths of points step by
    step."""

    arrows: np.ndarray
    match: Match
    flow: np.ndarray


@st.cache_resource(max_entries=32, show_spinner=False)
def learned_field(digest: str, _run: Run) -> Learned:
    grid = denoising.plane_grid(REACH, SHOWN_SIDE)
    return Learned(
        (_run.model.reconstruct(grid) - grid).numpy(),
        denoising.match_on_ring(_run.model.reconstruct, _run.config.corruption_level, REACH, JUDGED_SIDE),
        denoising.iterate(_run.model, denoising.plane_grid(REACH, FLOWING_SIDE), STEPS).numpy(),
    )


@st.cache_resource(max_entries=32, show_spinner=False)
def static_layers(sigma: float, digest: str, _learned: Learned | None) -> list[dict[str, Any]]:
    """The layers of the plane that do not depend on x̃; `digest`: of the run with the learned field, or empty."""
    field = exact_field(sigma)
    arrows = None if _learned is None else _learned.arrows
    return sketches.field_layers(ring(), field.grid.numpy(), field.arrows.numpy(), arrows, field.known)


def found(run: Run | None) -> Learned | None:
    """What a run has learned; None without a run."""
    return None if run is None else learned_field(run.digest, run)


def of(values: Values, run: Run | None) -> "AtPoint":
    """The values at the x̃ of a view."""
    sigma = form.ring_config(values).corruption_level
    digest = "" if run is None else run.digest
    return at_point(sigma, digest, run, found(run), values["x1"], values["x2"])


def ring() -> np.ndarray:
    """The clean points, (N, 2)."""
    return catalogue.images("ring")[0].x.numpy()


@st.cache_resource(show_spinner=False)
def data_layer() -> dict[str, Any]:
    return sketches.data_layer(ring())


@st.cache_resource(show_spinner=False)
def start_grid() -> np.ndarray:
    """The points to which r is applied again and again, (N, 2)."""
    return denoising.plane_grid(REACH, FLOWING_SIDE).numpy()


@dataclass(frozen=True, eq=False)
class AtPoint:
    """The view at x̃: both pictures, and as text the lengths of the arrows and the cosine between them; without a model
    the exact arrow alone."""

    plane: Sketch
    ground: Sketch | None
    exact: str
    learned: str
    cosine: str


@st.cache_resource(max_entries=64, show_spinner=False)
def at_point(sigma: float, digest: str, _run: Run | None, _found: Learned | None, x1: float, x2: float) -> AtPoint:
    """The view at x̃. `digest`: of the run that has learned the field `_found`, or empty."""
    point = torch.tensor([[x1, x2]])
    exact = sigma**2 * ring_score.blurred_score(point, sigma)
    static = static_layers(sigma, digest, _found)
    place, arrow = point[0].numpy(), exact[0].numpy()
    if _run is None:
        words = ("", "")
        return AtPoint(sketches.plane(static, place, arrow, None), None, f"{exact.norm().item():.3f}", *words)
    path = denoising.iterate(_run.model, point, STEPS)
    learned = (path[1] - point).double()
    cosine = torch.nn.functional.cosine_similarity(learned, exact).item()
    return AtPoint(
        sketches.plane(static, place, arrow, learned[0].numpy()),
        sketches.ground(data_layer(), path[:, 0].numpy()),
        f"{exact.norm().item():.3f}",
        f"{learned.norm().item():.3f}",
        f"{cosine:+.3f}",
    )


@st.cache_data(max_entries=100, show_spinner=False)
def best_cosine(sigma: float) -> float:
    """The weighted cosine of the best map for the training points alone; their density is uneven."""
    examples = datasets.load("ring", split="train").x
    found = denoising.match_on_ring(
        lambda x: denoising.best_from_examples(x, examples, sigma), sigma, REACH, JUDGED_SIDE
    )
    return found.weighted


def prepare() -> None:
    """Compute the first view at each σ of the slider: one second, once per process."""
    data_layer()
    for sigma in shipped_runs.SIGMAS:
        run = catalogue.run(shipped_runs.denoised_ring(sigma))
        static_layers(run.config.corruption_level, run.digest, learned_field(run.digest, run))
        best_cosine(run.config.corruption_level)
