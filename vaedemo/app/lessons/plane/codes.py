"""The data of the page on the latent plane: the codes of test images, the chosen plane, the numbers of a place."""

from dataclasses import dataclass

import numpy as np
import streamlit as st
import torch
from torch import Tensor

from vaedemo import datasets
from vaedemo.analysis import latent, quality
from vaedemo.analysis.portable import on_plane
from vaedemo.app import catalogue
from vaedemo.datasets import drawing
from vaedemo.figures import latent as latent_figures
from vaedemo.figures import style
from vaedemo.probability import divergences
from vaedemo.probability.likelihood_matrix import log_prior
from vaedemo.training.run import Run

MOST_CODES = 2_000
ELLIPSES = 300


@dataclass(frozen=True)
class Codes:
    """Encoded test examples: at most 2,000, evenly spread over the available ones.

    `means` (N, d); `deviations` (N, d) of q, None for an autoencoder; `kl` (d,) in nats per example; `labels` (N,);
    `sentence` describes the examples.
    """

    images: datasets.ImageSet
    means: Tensor
    deviations: Tensor | None
    kl: Tensor | None
    labels: Tensor
    names: tuple[str, ...]
    sentence: str


@dataclass(frozen=True)
class Chosen:
    """The plane shown: a run, its two axes, and the code whose other axes are kept."""

    run: Run
    codes: Codes
    axes: tuple[int, int]
    base: Tensor

    def code(self, place: tuple[float, float]) -> Tensor:
        """The full code (latent_dim,) at a place of the plane."""
        return on_plane(self.base, self.axes, torch.tensor([place]))[0]

    def extent(self, reach: float) -> float:
        """Half the plane's width: `reach`, or for 0 a width that contains the codes and the prior."""
        return reach or latent_figures.plane_extent(self.codes.means[:, list(self.axes)].numpy())

    def manifold(self, side: int) -> Tensor:
        """Codes (side², latent_dim) at the normal's quantiles on this plane, in reading order."""
        grid = latent.manifold_grid(side, len(self.base), self.axes)
        return on_plane(self.base, self.axes, grid[:, list(self.axes)])


@st.cache_resource(max_entries=24, show_spinner=False)
def codes_of(digest: str, _run: Run) -> Codes:
    """The codes of a run, encoded once per process."""
    shown, sentence = catalogue.images(_run.config.dataset)
    rows = torch.as_tensor(style.every_kth(len(shown), MOST_CODES))
    q = _run.model.encode(shown.as_data(_run.config.pixels)[rows])
    is_vae = _run.config.model == "vae"
    kl = divergences.kl_standard_normal(q.mean, 2 * q.stddev.log()).mean(dim=0) if is_vae else None
    return Codes(
        images=shown,
        means=q.mean,
        deviations=q.stddev if is_vae else None,
        kl=kl,
        labels=shown.y[rows],
        names=datasets.class_names(_run.config.dataset),
        sentence=sentence,
    )


def mean_of(run: Run, codes: Codes, image: int) -> Tensor:
    """μ (latent_dim,) of one available test example."""
    return run.model.encode(codes.images.as_data(run.config.pixels)[image : image + 1]).mean[0]


def own_mean(run: Run, text: str) -> Tensor:
    """μ (latent_dim,) of the visitor's drawing."""
    return run.model.encode(drawing.as_set(text).as_data(run.config.pixels)).mean[0]


def figures(chosen: Chosen, place: tuple[float, float], text: str = "") -> dict[str, str]:
    """The page's numbers for the current place; `text`: the visitor's drawing, or "" for none."""
    z = chosen.code(place)
    nearest, distances = quality.nearest(z[None], chosen.codes.means)
    decoded = chosen.run.model.decode(z[None]).mean[0]
    shown = {"z": "({:.3f}, {:.3f})".format(*place), "Length of z": f"{z.norm().item():.3f}"}
    if chosen.codes.deviations is not None:
        shown["log p(z)"] = f"{log_prior(z.double()).item():.3f} nats"
    shown["Nearest code"] = f"{distances[0, 0].item():.3f}"
    shown["Its class"] = chosen.codes.names[int(chosen.codes.labels[nearest[0, 0]])]
    if chosen.run.config.on_points:
        shown["Decoded x"] = "({:.3f}, {:.3f})".format(*decoded.tolist())
    else:
        shown["Undecided pixels"] = f"{100 * undecided(decoded):.1f} %"
    if text:
        mu = own_mean(chosen.run, text)
        shown["μ of your digit"] = "({:.3f}, {:.3f})".format(*mu[list(chosen.axes)].tolist())
        shown["From z to this μ"] = f"{(z - mu).norm().item():.3f}"
    return shown


def undecided(x: Tensor) -> float:
    """The share of pixels between 0.1 and 0.9, neither black nor white; it is large in blurred images."""
    return ((x > 0.1) & (x < 0.9)).double().mean().item()


def ellipses(chosen: Chosen) -> tuple[np.ndarray, np.ndarray] | None:
    """Rows and standard deviations on the plane of the codes whose ellipses are drawn."""
    if chosen.codes.deviations is None:
        return None
    rows = style.every_kth(len(chosen.codes.means), ELLIPSES)
    return rows, chosen.codes.deviations[rows][:, list(chosen.axes)].numpy()


def off_plane(chosen: Chosen) -> np.ndarray:
    """Squared distance of each code from the plane, along the axes that are not shown."""
    away = (chosen.codes.means - chosen.base).square()
    away[:, list(chosen.axes)] = 0
    return away.sum(dim=1).numpy()
