"""The interpolation page's data of a run: codes, class means, its plain autoencoder, all paths and their images."""

from dataclasses import dataclass

import streamlit as st
import torch
from torch import Tensor

from vaedemo import datasets
from vaedemo.analysis import attributes, latent, paths, quality
from vaedemo.app import catalogue
from vaedemo.probability.divergences import kl_standard_normal
from vaedemo.training import store
from vaedemo.training.run import Run

RUNS = ("mnist-20d", "mnist-2d", "fashion-20d", "fashion-2d")
SMOOTH = 25  # images of the animation on each part of the path: enough to look smooth, and few bytes
SCATTERED = 1_200  # codes drawn on the plane


@dataclass(frozen=True)
class Codes:
    """A run's codes of all available images: means (N, d), class means (C, d), the two axes with the largest
    variance."""

    means: Tensor
    of_class: Tensor
    axes: tuple[int, int]


@st.cache_resource(max_entries=8, show_spinner=False)
def codes(name: str, digest: str) -> Codes:
    """The codes of a shipped run. The digest is part of the cache key, so that a retrained run is encoded again."""
    model = catalogue.run(name).model
    shown, _ = catalogue.images(model.config.dataset)
    if model.config.model == "autoencoder":
        means = model.encode(shown.x).mean
        spread = means.var(0)
    else:
        means, logvar = model.posterior(shown.x)
        spread = kl_standard_normal(means, logvar).mean(0)
    first, second = sorted(spread.topk(min(2, len(spread))).indices.tolist())
    classes = len(datasets.class_names(model.config.dataset))
    return Codes(means, attributes.mean_codes(means, shown.y, classes), (first, second))


def partner(name: str) -> Run | None:
    """The plain autoencoder that ships beside a VAE, or None."""
    beside = f"{name}-autoencoder"
    return catalogue.run(beside) if beside in store.shipped() else None


@dataclass(frozen=True)
class Strips:
    """The paths in the page's order: the codes of each path that has codes, and its images (M, ...)."""

    codes: dict[str, Tensor]
    images: dict[str, Tensor]


NAMES = {
    "straight": "VAE, straight path",
    "spherical": "VAE, spherical path",
    "autoencoder": "Plain autoencoder, straight path",
    "pixels": "Pixels, cross-fade",
}


def strips(run: Run, plain: Run | None, x: Tensor, per_segment: int) -> Strips:
    """Every path through the images x (S, 1, H, W) in [0, 1], and its decoded images."""
    stops = run.model.encode(x).mean
    walked = {
        "straight": paths.through(stops, per_segment),
        "spherical": paths.through(stops, per_segment, latent.slerp),
    }
    images = {name: run.model.decode(z).mean for name, z in walked.items()}
    if plain is not None:
        walked["autoencoder"] = paths.through(plain.model.encode(x).mean, per_segment)
        images["autoencoder"] = plain.model.decode(walked["autoencoder"]).mean
    images["pixels"] = paths.through(x, per_segment)
    return Strips(walked, images)


@st.cache_resource(max_entries=8, show_spinner=False)
def smooth(name: str, digest: str, places: tuple[int, ...]) -> Strips:
    """Every path through these images, in steps small enough for an animation."""
    run = catalogue.run(name)
    shown, _ = catalogue.images(run.config.dataset)
    return strips(run, partner(name), shown.x[list(places)].float() / 255, SMOOTH)


@st.cache_data(max_entries=256, show_spinner=False)
def halfway_to_nearest(name: str, digest: str, first: int, second: int) -> dict[str, float]:
    """The pixel distance from the image half-way between two stops to the nearest real image, on each path."""
    run = catalogue.run(name)
    shown, _ = catalogue.images(run.config.dataset)
    x = shown.x[[first, second]].float() / 255
    half = {way: images[1:2] for way, images in strips(run, partner(name), x, 3).images.items()}
    _, distances = quality.nearest(torch.cat([*half.values()]).clamp(0, 1), shown.x, k=1)
    return dict(zip(half, distances[:, 0].tolist(), strict=True))
