"""The clicked sample: enlarged, with its z and the nearest real images, which show whether the model has memorised."""

from functools import lru_cache
from typing import Any

import streamlit as st
import torch

from vaedemo import datasets
from vaedemo.analysis import quality
from vaedemo.app import catalogue
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.components.sketch import Axis, Sketch, layers, sketch
from vaedemo.app.lessons.gallery.code import NOTHING_PICKED
from vaedemo.app.shell import frame
from vaedemo.figures import latent as latent_figures
from vaedemo.figures import palette, style
from vaedemo.training.run import Run

NEIGHBOURS = 8


def library(run: Run) -> tuple[datasets.ImageSet, str]:
    """The run's training images if they are on disk, else other available real images; and a sentence that describes
    them."""
    name = run.config.dataset
    if datasets.at_hand(name, "train"):
        training = datasets.load(name, split="train")
        return training, f"Nearest of its {len(training):,} training images."
    shown, sentence = catalogue.images(name)
    return shown, f"Its training images are not on this machine, so these are the nearest of {sentence}"


def place_in_prior(z1: float, z2: float) -> Sketch:
    """One code among the circles that contain 50, 90 and 99 % of the prior; the window grows if it lies outside."""
    reach = max(latent_figures.plane_extent(), 1.1 * abs(z1), 1.1 * abs(z2))
    drawn = [*prior_circles(), layers.dots(z1, z2, 6, color=palette.POSTERIOR, rim=True)]
    return Sketch(Axis("z₁", -reach, reach), Axis("z₂", -reach, reach), drawn, equal=True)


@lru_cache(maxsize=1)
def prior_circles() -> tuple[dict[str, Any], ...]:
    radii = map(latent_figures.prior_radius, latent_figures.PRIOR_SHARES)
    circles = (style.circle((0, 0), (radius, radius)) for radius in radii)
    return tuple(layers.line(*circle.T, color=palette.PRIOR, width=1.5) for circle in circles)


def inspect_picked(run: Run, view: frame.View, z: torch.Tensor, x: torch.Tensor) -> None:
    """The clicked image, enlarged, with its z and the nearest real images; and the lengths of all z."""
    index = view["picked"]
    mean_length = {"Mean length of z": f"{z.norm(dim=1).mean().item():.3f}"}
    if index == NOTHING_PICKED:
        frame.numbers(mean_length)
        st.caption("Click an image to see its z and the real images nearest to it.")
        return
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
            label = "Where the z of the image lies in the prior, whose circles hold 50, 90 and 99 %"
            sketch(place_in_prior(*z[index].tolist()), key="gallery.plane", label=label, height=210)
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
            **mean_length,
            "Length of its z": f"{z[index].norm().item():.3f}",
            "Nearest real image": f"{distances[0, 0].item():.3f}",
        },
        {"Nearest real image": "Euclidean distance over all pixels, each from 0 to 1. 0 would be a copy."},
    )
