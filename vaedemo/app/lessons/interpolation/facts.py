"""The interpolation page's data of a run: codes, class means, its plain autoencoder, all paths and their images."""

from dataclasses import dataclass
from typing import Any

import streamlit as st
import torch
from torch import Tensor

from vaedemo import datasets
from vaedemo.analysis import attributes, latent, paths
from vaedemo.app import catalogue
from vaedemo.app.lessons.interpolation import picker
from vaedemo.app.shell import own_sets
from vaedemo.dataset_names import is_own
from vaedemo.probability.divergences import kl_standard_normal
from vaedemo.rules import ConfigError
from vaedemo.training import store
from vaedemo.training.run import Run

RUNS = ("mnist-20d", "mnist-2d", "fashion-20d", "fashion-2d")
SMOOTH = 25  # images of the animation on each part of the path: enough to look smooth, and few bytes
PAIRS = 2_000  # of images of different classes, over which the grey pixels are counted
GREY = (0.25, 0.75)  # a pixel between these is grey, neither ink nor paper
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
    """The codes of a run. The digest is part of the cache key, so that a retrained run is encoded again."""
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


def run_rule(name: str, value: Any) -> str:
    """The rule for `run` in a link: a shipped run, or the digest of one on a visitor's own images."""
    if value in RUNS or (store.is_digest(value) and is_on_own_images(value)):
        return value
    raise ConfigError(name, value, f"one of {', '.join(RUNS)}, or a VAE trained on own images that are still here")


def is_on_own_images(digest: str) -> bool:
    """Whether a stored run is a VAE on own images that are still on the server."""
    try:
        config = store.config_of(digest)
    except store.RunNotFound:
        return False
    fits = is_own(config.dataset) and not config.on_points and config.model == "vae"
    return fits and catalogue.has_examples(config.dataset)


def offered_runs(shown: str) -> list[str]:
    """The runs of the menu: the shipped ones, those on this session's own images, and the one that is shown."""
    own = [name for name in catalogue.menu_names(own_sets.names()) if is_on_own_images(name)]
    return list(dict.fromkeys([*RUNS, *own, shown]))


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
def smooth(name: str, digest: str, places: tuple[int, ...], text: str = "") -> Strips:
    """Every path through these images, in steps small enough for an animation; `text`: the visitor's drawing."""
    run = catalogue.run(name)
    shown, _ = catalogue.images(run.config.dataset)
    return strips(run, partner(name), picker.pixels(shown, places, text), SMOOTH)


@st.cache_resource(max_entries=4, show_spinner=False)
def grey(name: str, digest: str) -> dict[str, float]:
    """The mean share of grey pixels (`GREY`): of real images, and half-way on each path between `PAIRS` pairs of
    images of different classes."""
    run = catalogue.run(name)
    shown, _ = catalogue.images(run.config.dataset)
    first, second = pairs(shown)
    ends = [shown.x[places].float() / 255 for places in (first, second)]
    halves = {"real": ends[0], "pixels": latent.lerp(*ends, 0.5)}
    codes = [run.model.encode(x).mean for x in ends]
    for way, path in (("straight", latent.lerp), ("spherical", latent.slerp)):
        halves[way] = run.model.decode(path(*codes, 0.5)).mean
    plain = partner(name)
    if plain is not None:
        halves["autoencoder"] = plain.model.decode(latent.lerp(*(plain.model.encode(x).mean for x in ends), 0.5)).mean
    return {way: half_grey(x) for way, x in halves.items()}


def half_grey(x: Tensor) -> float:
    """The share of pixels that are neither dark nor light."""
    return ((x >= GREY[0]) & (x <= GREY[1])).float().mean().item()


def pairs(shown: datasets.ImageSet) -> tuple[Tensor, Tensor]:
    """Places of up to `PAIRS` pairs of images of different classes, drawn with a fixed seed; of different images where
    there is one class."""
    generator = torch.Generator().manual_seed(0)
    first, second = torch.randint(len(shown), (2, 2 * PAIRS), generator=generator)
    kinds = shown.y if int(shown.y.max()) else torch.arange(len(shown))
    other = kinds[first] != kinds[second]
    return first[other][:PAIRS], second[other][:PAIRS]
