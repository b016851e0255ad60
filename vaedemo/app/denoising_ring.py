"""Exhibit: the arrows of a denoising autoencoder on the plane of the ring, beside the exact score, and its iterates."""

from dataclasses import dataclass
from string import Template
from typing import Any

import numpy as np
import streamlit as st
import torch

from vaedemo import datasets
from vaedemo.analysis import denoising
from vaedemo.analysis.denoising import Match
from vaedemo.app import catalogue, denoising_form, denoising_sketches, frame
from vaedemo.app.components.sketch import sketch
from vaedemo.app.components.stream import stream
from vaedemo.app.links import Parameter
from vaedemo.config import RunConfig
from vaedemo.figures import palette
from vaedemo.probability import ring_score
from vaedemo.rules import real
from vaedemo.training.run import Run

REACH, SHOWN_SIDE, JUDGED_SIDE = 1.75, 15, 41
STEPS, FLOWING_SIDE = 12, 17


def coordinate(name: str, value) -> float:
    """The rule for a coordinate of x̃: two decimals, as its slider has them."""
    return round(real(-REACH, REACH)(name, value), 2) + 0.0


PARAMETERS = (*denoising_form.RING_PARAMETERS, Parameter("x1", 0.45, coordinate), Parameter("x2", 0.4, coordinate))

EXACT = Template("""\
import torch
import vaedemo as vd
from vaedemo.analysis import denoising
from vaedemo.probability import ring_score

point = torch.tensor([[$x1, $x2]])
exact = $sigma**2 * ring_score.blurred_score(point, $sigma)
""")
LEARNED = Template("""\
run = $run
found = denoising.match_on_ring(run.model.reconstruct, $sigma, extent=$reach, side=$side)
examples = vd.datasets.load("ring", split="train").x
best = denoising.match_on_ring(
    lambda x: denoising.best_from_examples(x, examples, $sigma), $sigma, extent=$reach, side=$side
)
learned = (run.model.reconstruct(point) - point).double()
print(f"Mean cosine: {found.cosine:.3f}")
print(f"Weighted by density: {found.weighted:.3f}")
print(f"4,000 points alone: {best.weighted:.3f}")
print(f"Cosine ≥ 0.95: {found.close:.1%}")
print(f"Error: {found.length_error:.1%}")
print(f"Cosine at x̃: {torch.nn.functional.cosine_similarity(learned, exact).item():+.3f}")
print(f"Learned arrow: {learned.norm().item():.3f}")
""")
EXACT_NUMBER = 'print(f"Exact arrow: {exact.norm().item():.3f}")\n'


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
    """A model's arrows on the shown grid (N, 2), its match on the finer one, and where points go step by step."""

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
def still_layers(sigma: float, digest: str, _learned: Learned | None) -> list[dict[str, Any]]:
    """What the plane shows wherever x̃ is; `digest`: of the run that has learned, or empty."""
    field = exact_field(sigma)
    arrows = None if _learned is None else _learned.arrows
    return denoising_sketches.field_layers(ring(), field.grid.numpy(), field.arrows.numpy(), arrows, field.known)


def ring() -> np.ndarray:
    """The clean points, (N, 2)."""
    return catalogue.images("ring")[0].x.numpy()


@st.cache_resource(show_spinner=False)
def data_layer() -> dict[str, Any]:
    return denoising_sketches.data_layer(ring())


@st.cache_data(max_entries=100, show_spinner=False)
def best_cosine(sigma: float) -> float:
    """The weighted cosine of the best map for the training points alone, whose density is lumpy."""
    examples = datasets.load("ring", split="train").x
    found = denoising.match_on_ring(
        lambda x: denoising.best_from_examples(x, examples, sigma), sigma, REACH, JUDGED_SIDE
    )
    return found.weighted


def draw(view: frame.View) -> str:
    """The exhibit; returns the code of this view."""
    st.markdown(
        "A denoising autoencoder r gets x̃ = x + σε and must return x. It never sees a density; yet "
        "$r(\\tilde x) - \\tilde x = \\sigma^2 \\nabla \\log p_\\sigma(\\tilde x)$: "
        "**its arrows point uphill**, to where noisy data are more likely."
    )
    left, middle, right = st.columns([1, 1.5, 1.5], gap="medium")
    with left:
        run = denoising_form.ring_run(view)
        st.slider("x̃₁", -REACH, REACH, step=0.01, key=view.key("x1"))
        st.slider("x̃₂", -REACH, REACH, step=0.01, key=view.key("x2"))
    config = denoising_form.ring_config(view)
    sigma = config.corruption_level
    point = torch.tensor([[view["x1"], view["x2"]]])
    exact = sigma**2 * ring_score.blurred_score(point, sigma)
    found = None if run is None else learned_field(run.digest, run)
    path = None if run is None else denoising.iterate(run.model, point, STEPS)
    learned = None if path is None else (path[1] - point).double()

    def move(x1: float, x2: float) -> None:
        for name, value in (("x1", x1), ("x2", x2)):
            view[name] = round(min(max(value, -REACH), REACH), 2) + 0.0

    with middle:
        st.markdown(f"**Arrows at σ = {sigma:g}**")
        picture = denoising_sketches.plane(
            still_layers(sigma, "" if run is None else run.digest, found),
            point[0].numpy(),
            exact[0].numpy(),
            None if learned is None else learned[0].numpy(),
        )
        label = f"The ring, arrows of the exact score and of the model at σ = {sigma:g}, and the chosen point"
        sketch(picture, key=view.key("plane"), label=label, height=390, on_moved=move)
    with right:
        st.markdown("**Apply r again and again**")
        if found is None:
            st.caption("Train the model first.")
        else:
            stream(
                found.flow,
                denoising_sketches.ground(data_layer(), path[:, 0].numpy()),
                key=view.key("flow"),
                name="xₖ₊₁ = r(xₖ), from a grid",
                color=palette.RECONSTRUCTION,
                label=f"Points of a grid that move to the ring as r is applied up to {STEPS} times",
                height=366,
                slider="Times that r was applied",
            )
    numbers(found, learned, exact, sigma)
    st.caption(
        f"Grid arrows at {denoising_sketches.SHORTENED:.0%} of their length, those of x̃ whole; faint where $p_\\sigma$ "
        f"is below 1 % of its largest value and hardly any noisy point ever fell. Judged on {JUDGED_SIDE}² points. The "
        "exact arrows vanish on the crest of $p_\\sigma$ and at the centre, where a small error turns an arrow round. "
        "The bridge to diffusion models, which learn this score at every σ and walk along it: "
        "[a taxonomy of generative models](/taxonomy)."
    )
    return script(view, config, run is not None)


def numbers(found: Learned | None, learned: torch.Tensor | None, exact: torch.Tensor, sigma: float) -> None:
    """How well the model matches over the plane, then what holds at x̃."""
    at_point = {}
    if found is not None:
        frame.numbers(
            {
                "Mean cosine": f"{found.match.cosine:.3f}",
                "Weighted by density": f"{found.match.weighted:.3f}",
                "4,000 points alone": f"{best_cosine(sigma):.3f}",
                "Cosine ≥ 0.95": f"{found.match.close:.1%}",
                "Error": f"{found.match.length_error:.1%}",
            },
            {
                "Mean cosine": "Of the angle between learned and exact arrow, where the density of noisy points is at "
                "least 1 % of its largest value.",
                "Weighted by density": "The same over the whole grid, weighted by the density of noisy points.",
                "4,000 points alone": "The same, of the best map for the 4,000 training points, which are all that r "
                "saw: their density is lumpy.",
                "Cosine ≥ 0.95": "Share of the grid's points, where the density is at least 1 % of its largest value.",
                "Error": "Root mean square of the arrows' difference over that of the exact arrows, weighted.",
            },
        )
        cosine = torch.nn.functional.cosine_similarity(learned, exact).item()
        at_point = {"Cosine at x̃": f"{cosine:+.3f}", "Learned arrow": f"{learned.norm().item():.3f}"}
    frame.numbers(
        at_point | {"Exact arrow": f"{exact.norm().item():.3f}"},
        {"Learned arrow": "Length of r(x̃) − x̃ at your x̃.", "Exact arrow": "Length of σ²∇log p at your x̃."},
    )


def script(view: frame.View, config: RunConfig, there: bool) -> str:
    """The code of this view; it trains the model where it is one of the reader's own."""
    sigma = config.corruption_level
    code = EXACT.substitute(x1=view["x1"], x2=view["x2"], sigma=sigma)
    if there:
        fields = ", ".join(f"{name}={value!r}" for name, value in config.canonical().items())
        shipped_one = view["field"] == "shipped"
        run = f'vd.load("{denoising_form.ring_name(view)}")' if shipped_one else f"vd.train(vd.RunConfig({fields}))"
        code += LEARNED.substitute(run=run, sigma=sigma, reach=REACH, side=JUDGED_SIDE)
    return code + EXACT_NUMBER
