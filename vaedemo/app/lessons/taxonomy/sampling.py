"""How each of the three models makes a sample: by couplings, axis by axis, or by a code and its decoder."""

import numpy as np
import streamlit as st
import torch

from vaedemo.analysis import latent
from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.taxonomy import form, sketches
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import EXPLORE
from vaedemo.app.trainings import film
from vaedemo.figures import palette
from vaedemo.rules import real, whole
from vaedemo.training.run import Run

FIRST_ENDS = (-2.5, 2.5)
MOST_LAYERS = 16
PARAMETERS = (Parameter("layers", 8, whole(0, MOST_LAYERS)), Parameter("x1", 0.0, real(*FIRST_ENDS)))
TITLES = {
    "flow": "How the flow makes a sample",
    "autoregressive": "How the autoregressive model makes a sample",
    "vae": "How the VAE makes a sample",
}
WORDS = {
    "flow": "Each coupling stretches and shifts one coordinate by what the other says, so it slides the plane upright "
    "or level and can always be undone. The grid is bent, never torn and never folded. The axes follow the points.",
    "autoregressive": "x₁ is drawn from p(x₁). A network reads it and says what p(x₂|x₁) is: a mixture of normals. "
    "Then x₂ is drawn from that.",
    "vae": "Many z lead to nearly the same x: p(x) is an integral over all of them, and so only bounded.",
}
POINTS = 500
CURVE = 241
HEIGHT = 340
WARP_HEIGHT = 440
PRIOR_EDGE = 3.4


def picture(view: StepView, model: str, run: Run, samples: np.ndarray, edge: float) -> None:
    """How one model makes a sample; `samples` (N, 2) are drawn from it. In Explore with words, and the film of a
    training of one's own."""
    exploring = view["step"] == EXPLORE
    if exploring:
        st.subheader(TITLES[model], anchor="sampling")
        st.markdown(WORDS[model])
    if model == "flow":
        flow(view, run)
    elif model == "autoregressive":
        autoregressive(view, run, samples, edge)
    else:
        vae(view, run, edge)
    if exploring and view["source"] == "own" and run.film:
        st.subheader("How it was learned", anchor="film")
        film.film(run, view.key(f"reel {model}"))


def flow(view: StepView, run: Run) -> None:
    """A grid over z and points from the prior after so many couplings; a smaller flow has fewer."""
    couplings = run.config.couplings
    done = min(view["layers"], couplings)
    lines, points = stages(run.digest, run)[done]
    sketch(
        sketches.warp(lines, points),
        key=view.key("warp"),
        label=f"A grid over z and points from the prior after {done} of {couplings} couplings",
        height=WARP_HEIGHT,
    )


@st.cache_resource(max_entries=12, show_spinner=False)
@torch.no_grad()
def stages(digest: str, _run: Run) -> list[tuple[np.ndarray, np.ndarray]]:
    """The grid's lines (L, S, 2) and points (N, 2) after 0, 1, 2, … couplings."""
    lines = torch.from_numpy(sketches.grid_lines()).float()
    x = torch.cat([lines.reshape(-1, 2), latent.prior_samples(POINTS, 2, torch.Generator().manual_seed(0))])
    found = [x]
    for coupling in _run.model.couplings:
        x, _ = coupling(x)
        found.append(x)
    return [(x[:-POINTS].reshape(lines.shape).numpy(), x[-POINTS:].numpy()) for x in found]


def autoregressive(view: StepView, run: Run, samples: np.ndarray, edge: float) -> None:
    """The samples with the line at x₁, and the density of x₂ on this line."""
    first = view["x1"]
    left, right = st.columns(2, gap="medium")
    with left:
        drawn = sketches.cut(samples, first, edge)
        sketch(drawn, key=view.key("cut"), label=f"Samples, and the line at x₁ = {first:g}", height=HEIGHT)
    x2 = torch.linspace(-edge, edge, CURVE)
    with torch.no_grad():
        values = run.model.conditional(1, x2, torch.full_like(x2, first)).exp()
    with right:
        drawn = sketches.conditional(x2.numpy(), values.numpy())
        label = f"The density of x₂ given x₁ = {first:g}"
        sketch(drawn, key=view.key("conditional"), label=label, height=HEIGHT)


@torch.no_grad()
def vae(view: StepView, run: Run, edge: float) -> None:
    generator = torch.Generator().manual_seed(0)
    z = latent.prior_samples(POINTS, run.config.latent_dim, generator)
    decoded = run.model.decode(z)
    pictures = (
        ("z ~ N(0, I)", "z", z, palette.PRIOR, PRIOR_EDGE),
        ("g(z), decoded", "x", decoded.mean, palette.RECONSTRUCTION, edge),
        ("x = g(z) + σε", "x", decoded.sample(generator), palette.RECONSTRUCTION, edge),
    )
    for column, (title, letter, points, color, reach) in zip(st.columns(3, gap="medium"), pictures, strict=True):
        with column:
            st.markdown(f"**{title}**")
            drawn = sketches.cloud(points.numpy(), reach, color, letter)
            sketch(drawn, key=view.key(f"step {title}"), label=title, height=HEIGHT)


def layers_slider(view: StepView) -> None:
    found = form.finished(view)
    couplings = view["couplings"] if found is None else found[1].config.couplings
    view["layers"] = min(view["layers"], couplings)
    st.slider("Couplings done", 0, couplings, key=view.key("layers"))


def first_slider(view: StepView) -> None:
    st.slider("x₁, drawn first", *FIRST_ENDS, step=0.05, key=view.key("x1"))


CONTROLS = {"layers": layers_slider, "x1": first_slider}
OF_MODEL = {"flow": ("layers",), "autoregressive": ("x1",)}
