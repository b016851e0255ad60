"""The clicked sample: enlarged, with its z and the nearest real images, which show whether the model has memorised."""

from functools import lru_cache
from typing import Any

import numpy as np
import streamlit as st
import torch

from vaedemo import datasets
from vaedemo.analysis import quality
from vaedemo.app import catalogue
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.components.sketch import Axis, Sketch, layers
from vaedemo.app.lessons.gallery.code import NOTHING_PICKED
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import EXPLORE
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


def in_prior(z: torch.Tensor, picked: int, before: torch.Tensor | None = None, *, bare: bool = False) -> Sketch:
    """Codes (n, 2) among the circles that hold 50, 90 and 99 % of the prior, the picked one marked.

    `before`: where they were. `bare`: without ticks, for a small picture. The window grows if one lies outside.
    """
    places = z.numpy()
    reach = max(latent_figures.plane_extent(), 1.05 * float(np.abs(places).max()))
    drawn = [*prior_circles()]
    if before is not None:
        drawn.append(layers.dots(*before.numpy().T, 3, color=palette.NEUTRAL, alpha=0.6))
    drawn.append(layers.dots(*places.T, 3.5, color=palette.PRIOR))
    if picked != NOTHING_PICKED:
        drawn.append(layers.dots(*places[picked, :, None], 6, color=palette.RECONSTRUCTION, rim=True))
    drawn.append(
        layers.words(0, latent_figures.prior_radius(0.99), "99 %", align="center", baseline="top", color="text")
    )
    if bare:
        drawn.append(layers.words(-reach, reach, "z", bold=True, baseline="top", color="text"))
        return Sketch(Axis("", -reach, reach, ()), Axis("", -reach, reach, ()), drawn, equal=True)
    return Sketch(Axis("z₁", -reach, reach), Axis("z₂", -reach, reach), drawn, equal=True)


@lru_cache(maxsize=1)
def prior_circles() -> tuple[dict[str, Any], ...]:
    radii = map(latent_figures.prior_radius, latent_figures.PRIOR_SHARES)
    circles = (style.circle((0, 0), (radius, radius)) for radius in radii)
    return tuple(layers.line(*circle.T, color=palette.PRIOR, width=1.5) for circle in circles)


def inspect_picked(run: Run, view: StepView, z: torch.Tensor, x: torch.Tensor) -> None:
    """The clicked image, enlarged, with its z and, unless a question on them is open, the nearest real images."""
    index = view["picked"]
    if index == NOTHING_PICKED:
        st.caption("Click an image to see its z and the real images nearest to it.")
        return
    left, right = st.columns([1, 1.7], gap="medium")
    with left:
        st.markdown(f"**Image {index}**")
        image_grid(
            x[index : index + 1].numpy(),
            1,
            key=view.key("large"),
            label="The clicked image",
            scale_hint=10,
            clickable=False,
        )
        shown = ", ".join(f"{value:z.2f}" for value in z[index].tolist()).replace("-", "−")
        st.markdown(f"z = ({shown})")
    if view.is_open:
        return
    with right:
        neighbours(run, view, x[index : index + 1])


def neighbours(run: Run, view: StepView, image: torch.Tensor) -> None:
    """The real images nearest to an image (1, 1, H, W), the nearest first."""
    st.markdown("**Nearest real images**" + (", with the distance in pixel space" if view["step"] == EXPLORE else ""))
    real_images, sentence = library(run)
    nearest, distances = quality.nearest(image.clamp(0, 1), real_images.x, k=NEIGHBOURS)
    captions = [f"{distance:.1f}" for distance in distances[0].tolist()] if view["step"] == EXPLORE else None
    pictures = real_images.x[nearest[0]].numpy()
    image_grid(pictures, 4, key=view.key("nearest"), label=sentence, captions=captions, scale_hint=4, clickable=False)
    st.caption(sentence)


def distance(run: Run, image: torch.Tensor) -> float:
    """The distance of an image (1, 1, H, W) to the nearest real one."""
    return quality.nearest(image.clamp(0, 1), library(run)[0].x)[1].item()
