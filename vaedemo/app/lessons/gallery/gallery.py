"""Sampling gallery: z from the prior, x from p(x|z), and a check for memorised training images."""

from typing import Any

import numpy as np
import streamlit as st
import torch

from vaedemo.analysis import code_density, frechet, latent, quality, walks
from vaedemo.app import catalogue
from vaedemo.app.components.flipbook import flipbook
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.lessons.gallery import code, fair, files, sources
from vaedemo.app.lessons.gallery.code import NOTHING_PICKED
from vaedemo.app.lessons.gallery.picked import inspect_picked
from vaedemo.app.shell import frame, seed_field, widgets
from vaedemo.app.shell.links import LinkTable, Parameter, name_text
from vaedemo.figures import points, style
from vaedemo.rules import one_of, real, whole
from vaedemo.training.run import Run

LARGEST_SIDE = 20

LESSON = frame.Lesson(
    name="gallery",
    question="Can new images be made by drawing z from N(0, I) and decoding it?",
    look_for=(
        "Nobody drew these: each is the decoder's answer to a random z. **Click one** to see its z and the nearest "
        "real images: alike, but not the same, unless the model has memorised.",
        "**Temperature** scales z. At 0.5 the samples come from the crowded middle, clean and alike; at 2 they come "
        "from where no training image ever was.",
        "**Beside a plain autoencoder**: it was never told of N(0, I), and from there it draws only few kinds of "
        "digit (2 axes) or dim blots (20 axes). From a mixture fitted to its codes it matches the VAE.",
        "**Draw** adds the pixels' own noise. Papers usually show the mean; the model's true samples are "
        "the noisy ones.",
    ),
    explained=(
        latent.prior_samples,
        code_density.aggregated_posterior,
        code_density.CodeDensity,
        code_density.fit_mixture,
        walks.walk,
        frechet.frechet_distance,
        quality.nearest,
    ),
    references=(
        "D. P. Kingma, M. Welling, *Auto-Encoding Variational Bayes*, 2013, figures 4 and 5, "
        "[arXiv 1312.6114](https://arxiv.org/abs/1312.6114).",
        "P. Ghosh, M. S. M. Sajjadi, A. Vergari, M. Black, B. Schölkopf, *From Variational to Deterministic "
        "Autoencoders*, 2020, section 4, [arXiv 1903.12436](https://arxiv.org/abs/1903.12436).",
        "A. Brock, J. Donahue, K. Simonyan, *Large Scale GAN Training* (the truncation trick), 2018, "
        "[arXiv 1809.11096](https://arxiv.org/abs/1809.11096).",
    ),
    table=LinkTable(
        Parameter("run", "mnist-2d", name_text),
        Parameter("seed", 0, whole(0, 99_999)),
        Parameter("side", 10, whole(2, LARGEST_SIDE)),
        Parameter("temperature", 1.0, real(0.0, 3.0)),
        Parameter("truncation", 0.0, real(0.0, 4.0)),
        Parameter("show", "mean", one_of("mean", "sample")),
        Parameter("picked", 0, whole(NOTHING_PICKED, LARGEST_SIDE**2 - 1)),
        *sources.PARAMETERS,
        fair.SEED,
    ),
)
SHOW = {"mean": "Mean", "sample": "Draw"}
PREDICTION = frame.Prediction(
    "At temperature 2, with two latent axes, what will most of the images look like?",
    ("Grey noise", "Crisp digits, mostly of the outer classes", "Copies of training images"),
    right="Crisp digits, mostly of the outer classes",
    because="Far from the origin the decoder's ReLU units grow linearly, so the logits grow and the pixels saturate: "
    "extreme versions of whichever class lies outermost in that direction.",
)


def pick(index: int) -> None:
    st.session_state["gallery.picked"] = index


def unpick() -> None:
    pick(NOTHING_PICKED)  # the picked image and its neighbours no longer exist


def seed_controls(view: frame.View) -> None:
    seed = "The same seed gives the same z for every model."
    seed_field.seed_field(view, "New samples", width=180, kind="primary", help=seed, on_change=unpick)


def controls(view: frame.View, run: Run) -> None:
    st.segmented_control(
        "Of p(x|z), show the", list(SHOW), format_func=SHOW.get, key=view.key("show"), required=True, width="stretch"
    )
    label = "Side s, for 10 s² samples" if run.config.on_points else "Images per side"
    st.slider(label, 2, LARGEST_SIDE, key=view.key("side"))
    from_prior = sources.source_of(view, run) == "prior"
    st.slider(
        "Temperature",
        0.0,
        3.0,
        step=0.05,
        key=view.key("temperature"),
        disabled=not from_prior,
        help="z is drawn from N(0, T² I).",
    )
    st.slider(
        "Truncation",
        0.0,
        4.0,
        step=0.1,
        key=view.key("truncation"),
        disabled=not from_prior,
        help="Each |z_i| is at most this: the normal is conditioned on it, no draw is thrown away. 0 cuts nothing.",
    )


def decoded(run: Run, values: sources.Values, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The codes (n, latent_dim) of the page's settings, and the means they decode to."""
    generator = torch.Generator().manual_seed(seed)
    count = code.sample_count(run, values["side"])
    z = sources.draw_codes(values, run, count, generator)
    decoded = run.model.decode(z)
    return z, decoded.mean if values["show"] == "mean" else decoded.sample(generator)


def point_samples(run: Run, z: torch.Tensor, x: torch.Tensor) -> None:
    data, sentence = catalogue.images(run.config.dataset)
    figure = points.points_plane(data.x.numpy(), x.numpy(), height=560, view="gallery points")
    st.plotly_chart(
        figure, config=style.CONFIG, key="gallery.points", alt="Data points and points sampled from the model"
    )
    st.caption(f"{len(x):,} samples; {sentence}")
    radius = np.linalg.norm(x.numpy(), axis=1)
    frame.numbers(
        {
            "Mean length of z": f"{z.norm(dim=1).mean().item():.3f}",
            "Mean distance from the origin": f"{radius.mean():.3f}",
        }
    )


def image_samples(view: frame.View, run: Run, x: torch.Tensor) -> None:
    image_grid(
        x.numpy(),
        view["side"],
        key="gallery.grid",
        label=f"{len(x)} images decoded from random codes",
        selected=view["picked"],
        scale_hint=2.6,
        on_click=pick,
    )


def draw(view: frame.View, run: Run) -> None:
    """Draw the exhibit. A new seed reruns the samples without the other controls."""
    left, right = st.columns([1, 2.8], gap="large")
    with left:
        controls(view, run)
    view["picked"] = min(view["picked"], view["side"] ** 2 - 1)

    def samples() -> None:
        seeds = st.container(horizontal=True, vertical_alignment="bottom")
        z, x = decoded(run, view, view["seed"])
        if run.config.on_points:
            point_samples(run, z, x)
        else:
            image_samples(view, run, x)
        values = view.values()
        source = sources.source_of(values, run)
        files.downloads(values, source, run, lambda: decoded(run, values, values["seed"]))
        if not run.config.on_points:
            if view["source"] == "walk":
                walk = {"The walk, played": x.numpy()}
                flipbook(walk, key="gallery.walk", label="The walk, played", columns=1, milliseconds=120)
            inspect_picked(run, view, z, x)
        write_code(view, run, values, source)
        # Written last: the browser draws the rest while it still receives the large message with the samples.
        with seeds:
            seed_controls(view)

    # All in one container: if a fragment also writes into another container, the browser draws the whole page again.
    with right:
        # A walk has more controls than the other sources. In a container of their own they do not move the samples:
        # Streamlit knows a fragment by its place, and lets only one that it knows write the code, outside of itself.
        with st.container():
            sources.controls(view, run)
        frame.fragment(view, samples)


def write_code(view: frame.View, run: Run, values: dict[str, Any], source: str) -> None:
    beside = "" if run.config.on_points else fair.code(values["run"])
    view.script = code.script(run, values, source, beside)
    frame.code(view)


def exhibit(view: frame.View, run: Run) -> None:
    """As `frame.exhibit`, but the samples, which are drawn in every rerun, also draw the code."""

    def redraw() -> None:
        for parameter in sources.PARAMETERS:
            view[parameter.name] = view[parameter.name]  # keeps the value while its widget is not drawn
        draw(view, run)

    view.exhibit_is_fragment = True
    frame.fragment(view, redraw)


with frame.lesson_page(LESSON) as view:
    view.prediction = PREDICTION
    run = widgets.choose_run(view)
    exhibit(view, run)
    for note in run.notes:
        st.warning(note)
    if not run.config.on_points:
        fair.section(view)
    st.caption(f"From the run {view['run']}: {run.config.title}.")
