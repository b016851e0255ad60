"""The data of the page on holes: of each run its codes, their places and spacing, the fitted Gaussian, and shares;
computed once per process."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import streamlit as st
import torch
from torch import Tensor

from vaedemo import datasets
from vaedemo.analysis import code_density, holes, latent, quality
from vaedemo.app import catalogue
from vaedemo.app.lessons.holes import form, sketches
from vaedemo.figures import style
from vaedemo.training.run import Run

SHOWN_CODES = 1_000
DRAWN = 2_000  # sampled codes for the shares
FEW = 15  # sampled codes whose images are shown
SEED = 0  # seed of the one z drawn from each q(z|x)
FIRST_DRAW = 26  # of the first view: as many of its z are in holes as the shares say, 3 and none
SHARES = (("autoencoder", "prior", "N(0, I)"), ("autoencoder", "fitted", "N(m, S)"), ("vae", "prior", "N(0, I)"))
DATASET = "mnist-55k"  # of the shipped runs
UNLIKE = 7.4  # 1 % of test digits are farther than this from the nearest other one, by their pixels


@dataclass(frozen=True)
class Codes:
    """Codes of all available test images, (N, d): `means`, and `places`, the codes on which the decoder was trained.

    `deviation`: of q(z|x), (N, d), 0 for an autoencoder. `spacing`: of the places; `fitted`: the Gaussian of the means;
    `beyond`: the share of places outside the prior's reach.
    """

    means: Tensor
    places: Tensor
    deviation: Tensor
    spacing: float
    fitted: code_density.CodeDensity
    beyond: float


@dataclass(frozen=True)
class Shown:
    """The pair shown, and the test images that both encode."""

    runs: dict[str, Run]
    codes: dict[str, Codes]
    images: datasets.ImageSet
    names: tuple[str, ...]
    sentence: str

    @property
    def rows(self) -> np.ndarray:
        """The indices of the codes that are drawn."""
        return style.every_kth(len(self.images), SHOWN_CODES)


@st.cache_resource(max_entries=8, show_spinner=False)
def codes_of(digest: str, _run: Run) -> Codes:
    """The codes of one run. An autoencoder's places are its codes; a VAE's places are one sample from each q(z|x)."""
    images, _ = catalogue.images(_run.config.dataset)
    q = _run.model.encode(images.as_data(_run.config.pixels))
    places, deviation = q.mean, torch.zeros_like(q.mean)
    if _run.config.model == "vae":
        noise = torch.randn(q.mean.shape, generator=torch.Generator().manual_seed(SEED))
        deviation = q.stddev
        places = q.mean + deviation * noise
    return Codes(
        means=q.mean,
        places=places,
        deviation=deviation,
        spacing=holes.code_spacing(places),
        fitted=code_density.fit_gaussian(q.mean),
        beyond=holes.beyond_prior(places).double().mean().item(),
    )


def shown(runs: dict[str, Run]) -> Shown:
    """A pair of runs of one data set, by the kind of their model."""
    dataset = next(iter(runs.values())).config.dataset
    images, sentence = catalogue.images(dataset)
    codes = {kind: codes_of(run.digest, run) for kind, run in runs.items()}
    return Shown(runs, codes, images, datasets.class_names(dataset), sentence)


def shipped() -> Shown:
    """The shipped pair."""
    return shown({kind: catalogue.run(name) for kind, name in form.SHIPPED.items()})


@dataclass(frozen=True)
class Picture:
    """The part of a run's plane that does not depend on z: `means` (n, 2) of the codes drawn, and their layers."""

    means: np.ndarray
    layers: list[dict[str, Any]]


@st.cache_resource(max_entries=8, show_spinner=False)
def picture_of(digest: str, kind: str, _shown: Shown) -> Picture:
    """The picture of the run with this digest, which is `_shown.runs[kind]`."""
    means = _shown.codes[kind].means.numpy()[_shown.rows]
    labels = _shown.images.y.numpy()[_shown.rows]
    return Picture(means, sketches.code_layers(means, labels, _shown.names))


def drawn(codes: Codes, source: str, count: int, seed: int) -> Tensor:
    """Codes (count, d) from the prior or from the Gaussian of the codes; the first samples of the seed."""
    draw = partial(latent.prior_samples, latent_dim=codes.means.shape[1]) if source == "prior" else codes.fitted.sample
    return draw(count, generator=torch.Generator().manual_seed(seed))


@st.cache_data(max_entries=64, show_spinner=False)
def share_in_holes(digest: str, source: str, seed: int, _codes: Codes) -> float:
    """The share of 2,000 sampled codes that lie in holes."""
    z = drawn(_codes, source, DRAWN, seed)
    return holes.in_holes(z, _codes.places, _codes.spacing).double().mean().item()


@st.cache_data(max_entries=128, show_spinner=False)
def few(digest: str, source: str, seed: int, _codes: Codes) -> tuple[Tensor, Tensor]:
    """The z whose images are shown, (15, d), and which of them lie in holes, bool (15,)."""
    z = drawn(_codes, source, FEW, seed)
    return z, holes.in_holes(z, _codes.places, _codes.spacing)


def share(kind: str, source: str, seed: int, pair: Shown | None = None) -> float:
    """`share_in_holes` of one of a pair, by default of the shipped one."""
    pair = pair or shipped()
    return share_in_holes(pair.runs[kind].digest, source, seed, pair.codes[kind])


def image_distance(picture: Tensor) -> float:
    """How far a decoded image (1, 1, 28, 28) is from the nearest test digit, by the pixels."""
    return quality.nearest(picture, catalogue.images(DATASET)[0].as_data())[1].item()


def prepare() -> None:
    """Compute the first view of the page once per process."""
    pair = shipped()
    for kind, source in (("autoencoder", "fitted"), ("vae", "prior")):
        share(kind, source, FIRST_DRAW, pair)
        few(pair.runs[kind].digest, source, FIRST_DRAW, pair.codes[kind])
