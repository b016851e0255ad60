"""Sampling gallery: z from the prior, x from p(x|z), and whether the model has merely memorised."""

import numpy as np
import pandas as pd
import streamlit as st
import torch

from vaedemo import datasets
from vaedemo.analysis import latent, quality
from vaedemo.app import catalogue, frame, gallery_code, widgets
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.links import LinkTable, Parameter, name_text
from vaedemo.figures import latent as latent_figures
from vaedemo.figures import pixels, points, style
from vaedemo.rules import one_of, real, whole
from vaedemo.training.run import Run

LARGEST_SIDE = 20
NEIGHBOURS = 8

LESSON = frame.Lesson(
    name="gallery",
    title="Sampling gallery",
    question="Can new images be made by drawing z from N(0, I) and decoding it?",
    look_for=(
        "Nobody drew these: each is the decoder's answer to a random z. **Click one** to see its z and the nearest "
        "real images: alike, but not the same, unless the model has memorised.",
        "**Temperature** scales z. At 0.5 the samples come from the crowded middle, clean and alike; at 2 they come "
        "from where no training image ever was.",
        "**Draw** adds the pixels' own noise. Papers usually show the mean; the model's true samples are "
        "the noisy ones.",
    ),
    explained=(latent.prior_samples, quality.nearest),
    references=(
        "D. P. Kingma, M. Welling, *Auto-Encoding Variational Bayes*, 2013, figures 4 and 5, "
        "[arXiv 1312.6114](https://arxiv.org/abs/1312.6114).",
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
        Parameter("picked", 0, whole(0, LARGEST_SIDE**2 - 1)),
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


def new_seed() -> None:
    st.session_state["gallery.seed"] = (st.session_state["gallery.seed"] + 1) % 100_000


def pick(index: int) -> None:
    st.session_state["gallery.picked"] = index


def controls(view: frame.View) -> Run:
    run = widgets.choose_run(view)
    st.number_input("Seed", 0, 99_999, key=view.key("seed"), help="The same seed gives the same z for every model.")
    st.button("New samples", icon=":material/casino:", on_click=new_seed, type="primary", width="stretch")
    st.segmented_control(
        "Of p(x|z), show the", list(SHOW), format_func=SHOW.get, key=view.key("show"), required=True, width="stretch"
    )
    label = "Side s, for 10 s² samples" if run.config.on_points else "Images per side"
    st.slider(label, 2, LARGEST_SIDE, key=view.key("side"))
    st.slider("Temperature", 0.0, 3.0, step=0.05, key=view.key("temperature"), help="z is drawn from N(0, T² I).")
    st.slider(
        "Truncation",
        0.0,
        4.0,
        step=0.1,
        key=view.key("truncation"),
        help="Each |z_i| is at most this: the normal is conditioned on it, no draw is thrown away. 0 cuts nothing.",
    )
    return run


def decoded(run: Run, view: frame.View) -> tuple[torch.Tensor, torch.Tensor]:
    """The codes (n, latent_dim) and what they decode to, as the page's settings say."""
    generator = torch.Generator().manual_seed(view["seed"])
    count = gallery_code.sample_count(run, view["side"])
    z = latent.prior_samples(
        count, run.model.latent_dim, generator, temperature=view["temperature"], truncation=view["truncation"] or None
    )
    decoded = run.model.decode(z)
    return z, decoded.mean if view["show"] == "mean" else decoded.sample(generator)


def library(run: Run) -> tuple[datasets.ImageSet, str]:
    """The run's training images where they are on disk, else real images that are at hand, and a sentence on which."""
    name = run.config.dataset
    if datasets.at_hand(name, "train"):
        training = datasets.load(name, split="train")
        return training, f"Nearest of its {len(training):,} training images."
    shown, sentence = catalogue.images(name)
    return shown, f"Its training images are not on this machine, so these are the nearest of {sentence}"


def inspect_picked(run: Run, view: frame.View, z: torch.Tensor, x: torch.Tensor) -> None:
    """The clicked image: large, with its z and the real images nearest to it."""
    index = view["picked"]
    real_images, sentence = library(run)
    nearest, distances = quality.nearest(x[index : index + 1].clamp(0, 1), real_images.x, k=NEIGHBOURS)
    left, middle, right = st.columns([1, 1.5, 2.2], gap="medium")
    with left:
        st.markdown(f"**Image {index}**")
        image_grid(
            x[index : index + 1].numpy(),
            1,
            key="gallery.large",
            label="The clicked image",
            scale_hint=6,
            clickable=False,
        )
    with middle:
        st.markdown("**Its z**")
        shown = ", ".join(f"{value:.2f}" for value in z[index].tolist())
        st.markdown(f"({shown})")
        if run.model.latent_dim == 2:
            figure = latent_figures.latent_plane(sample=z[index].numpy(), height=230, view="gallery z")
            figure.update_layout(showlegend=False, margin_t=8)
            st.plotly_chart(
                figure, config=style.CONFIG, key="gallery.plane", alt="Where the z of the image lies in the prior"
            )
    with right:
        st.markdown("**Nearest real images**, with the distance in pixel space")
        captions = [f"{distance:.1f}" for distance in distances[0].tolist()]
        pictures = real_images.x[nearest[0]].numpy()
        image_grid(
            pictures, 4, key="gallery.nearest", label=sentence, captions=captions, scale_hint=2.5, clickable=False
        )
        st.caption(sentence)
    frame.numbers(
        {
            "Length of its z": f"{z[index].norm().item():.3f}",
            "Mean length of z": f"{z.norm(dim=1).mean().item():.3f}",
            "Nearest real image": f"{distances[0, 0].item():.3f}",
        },
        {"Nearest real image": "Euclidean distance over all pixels, each from 0 to 1. 0 would be a copy."},
    )


def downloads(view: frame.View, z: torch.Tensor, x: torch.Tensor, images: bool) -> None:
    stem, side = f"vaedemo-{view['run']}-seed{view['seed']}", view["side"]  # the files are made outside this session
    with st.container(horizontal=True):
        if images:
            st.download_button(
                "Images (PNG)",
                data=lambda: pixels.png_bytes(pixels.sheet(x.clamp(0, 1).numpy(), side, scale=2)),
                file_name=f"{stem}.png",
                mime="image/png",
                on_click="ignore",
                icon=":material/image:",
            )
        st.download_button(
            "Latents (CSV)",
            data=lambda: latents_csv(z, None if images else x),
            file_name=f"{stem}.csv",
            mime="text/csv",
            on_click="ignore",
            icon=":material/table:",
        )


def latents_csv(z: torch.Tensor, x: torch.Tensor | None) -> str:
    """One row a sample: z_1, …, and x_1, x_2 where the data are points."""
    table = pd.DataFrame(z.numpy(), columns=[f"z_{axis + 1}" for axis in range(z.shape[1])])
    if x is not None:
        table[["x_1", "x_2"]] = x.numpy()
    return table.to_csv(index=False)


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


def draw(view: frame.View) -> None:
    left, right = st.columns([1, 2.8], gap="large")
    with left:
        run = controls(view)
    view["picked"] = min(view["picked"], view["side"] ** 2 - 1)
    z, x = decoded(run, view)
    with right:
        if run.config.on_points:
            point_samples(run, z, x)
        else:
            label = f"{len(x)} images decoded from random codes"
            image_grid(
                x.numpy(),
                view["side"],
                key="gallery.grid",
                label=label,
                selected=view["picked"],
                scale_hint=2.6,
                on_click=pick,
            )
        downloads(view, z, x, images=not run.config.on_points)
    for note in run.notes:
        st.warning(note)
    if not run.config.on_points:
        inspect_picked(run, view, z, x)
    st.caption(f"From the run {view['run']}: {run.config.title}.")
    view.script = gallery_code.script(run, view.values(), training=datasets.at_hand(run.config.dataset, "train"))


with frame.lesson_page(LESSON) as view:
    view.prediction = PREDICTION
    frame.exhibit(view, draw)
