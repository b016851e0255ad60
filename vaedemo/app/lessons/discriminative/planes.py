"""What the exhibits of points compute: the four models' fields, samples, errors, and how each does on either set."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import streamlit as st
import torch

from vaedemo.analysis.histograms import total_variation
from vaedemo.app import catalogue
from vaedemo.app.components.sketch import Sketch
from vaedemo.app.lessons.discriminative import sketches
from vaedemo.app.lessons.discriminative.models import SETS
from vaedemo.datasets.same_posterior import SQUARE, curve, posterior
from vaedemo.training.run import Run

DRAWN, DOTS, SAMPLES = 4000, 500, 1500


def digests(runs: Sequence[Run]) -> tuple[str, ...]:
    return tuple(run.digest for run in runs)


def field(run: Run) -> np.ndarray:
    """A classifier's p(y = 1|x) at the nodes of the picture."""
    return run.model.probabilities(torch.from_numpy(sketches.nodes()))[:, 1].numpy()


def points(name: str) -> tuple[np.ndarray, np.ndarray]:
    """The first test points of a set, (500, 2), and their classes."""
    data = catalogue.images(name)[0]
    return data.x[:DOTS].numpy(), data.y[:DOTS].numpy()


@st.cache_resource(max_entries=8, show_spinner=False)
def backdrops(digests: tuple[str, ...], _classifiers: list[Run]) -> dict[str, list[dict]]:
    """The layers of the four pictures of p(y = 1|x) that do not depend on the chosen place."""
    line = torch.linspace(-2.3, 2.3, 93)
    border = torch.stack([line, curve(line)], dim=1).numpy()
    seen = dict(zip(SETS, map(field, _classifiers), strict=True))
    exact = posterior(torch.from_numpy(sketches.nodes())).numpy()
    found = {"exact": sketches.posterior_layers(exact, border)}
    for name, shares in seen.items():
        found[name] = sketches.posterior_layers(shares, border, *points(name))
    first, second = seen.values()
    found["difference"] = sketches.difference_layers(np.abs(first - second))
    return found


def samples(run: Run, seed: int) -> torch.Tensor:
    """Samples from a VAE's p(x): z, then x given z."""
    generator = torch.Generator().manual_seed(seed)
    z = torch.randn(DRAWN, run.config.latent_dim, generator=generator)
    return run.model.decode(z).sample(generator)


@st.cache_resource(max_entries=32, show_spinner=False)
def drawn(digests: tuple[str, ...], _vaes: list[Run], seed: int) -> tuple[list[np.ndarray], float]:
    """Each VAE's first samples, (1500, 2) each, and the difference between the two sets of samples."""
    each = [samples(run, seed) for run in _vaes]
    return [x[:SAMPLES].numpy() for x in each], total_variation(*each, half_side=SQUARE)


@lru_cache(maxsize=1)
def data_differ() -> float:
    """The difference between the test points of the two sets."""
    return total_variation(*(catalogue.images(name)[0].x for name in SETS), half_side=SQUARE)


@st.cache_resource(max_entries=8, show_spinner=False)
def errors(digests: tuple[str, ...], _runs: list[Run]) -> tuple[float, float, float]:
    """Mean |p_a − p_b| and the mean error of each, over the test points of both sets."""
    x = torch.cat([catalogue.images(name)[0].x for name in SETS])
    p = [run.model.probabilities(x)[:, 1] for run in _runs]
    exact = posterior(x)
    return tuple((a - b).abs().mean().item() for a, b in ((p[0], p[1]), (p[0], exact), (p[1], exact)))


@st.cache_resource(max_entries=8, show_spinner=False)
def right_on(digests: tuple[str, ...], _classifiers: list[Run], name: str) -> list[float]:
    """The share of a set's test points that each classifier names rightly."""
    data = catalogue.images(name)[0]
    return [(run.model.probabilities(data.x).argmax(1) == data.y).double().mean().item() for run in _classifiers]


@st.cache_resource(max_entries=8, show_spinner=False)
def loss_on(digests: tuple[str, ...], _vaes: list[Run], name: str) -> list[float]:
    """The mean −ELBO of a set's test points under each VAE, in nats."""
    x = catalogue.images(name)[0].x
    return [-run.model.elbo(x, generator=torch.Generator().manual_seed(0)).elbo.mean().item() for run in _vaes]


@dataclass(frozen=True, eq=False)
class AtPlace:
    """The view at the chosen place: p(y = 1|x) by each classifier and exactly, and the four pictures of the plane."""

    probabilities: dict[str, float]
    exact: float
    pictures: dict[str, Sketch]


@st.cache_resource(max_entries=64, show_spinner=False)
def at_place(digests: tuple[str, ...], _classifiers: list[Run], place: tuple[float, float]) -> AtPlace:
    below, at = backdrops(digests, _classifiers), torch.tensor([place])
    found = {name: run.model.probabilities(at)[0, 1].item() for name, run in zip(SETS, _classifiers, strict=True)}
    pictures = {name: sketches.posterior_sketch(below[name], place) for name in (*SETS, "exact")}
    pictures["difference"] = sketches.difference_sketch(below["difference"], place)
    return AtPlace(found, posterior(at).item(), pictures)
