"""The data of the exhibit of points: the four models' fields, samples and errors, and the values at one place."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import streamlit as st
import torch

from vaedemo.analysis.histograms import total_variation
from vaedemo.app import catalogue
from vaedemo.app.components.sketch import Sketch
from vaedemo.app.lessons.discriminative import sketches
from vaedemo.datasets.same_posterior import SQUARE, curve, posterior
from vaedemo.training.run import Run

SETS = {"crowds": "Crowds", "fringes": "Fringes"}
DRAWN, DOTS = 4000, 500


def fields(run: Run) -> np.ndarray:
    """A classifier's p(y = 1|x) at the nodes of the picture."""
    return run.model.probabilities(torch.from_numpy(sketches.nodes()))[:, 1].numpy()


@st.cache_resource(max_entries=8, show_spinner=False)
def backdrops(digests: tuple[str, ...], _classifiers: list[Run]) -> dict[str, list[dict]]:
    """The layers of the four pictures of p(y = 1|x) that do not depend on the chosen place."""
    line = torch.linspace(-2.3, 2.3, 93)
    border = torch.stack([line, curve(line)], dim=1).numpy()
    seen = dict(zip(SETS, map(fields, _classifiers), strict=True))
    exact = posterior(torch.from_numpy(sketches.nodes())).numpy()
    found = {"exact": sketches.posterior_layers(exact, border)}
    for name, field in seen.items():
        data = catalogue.images(name)[0]
        x, y = data.x[:DOTS].numpy(), data.y[:DOTS].numpy()
        found[name] = sketches.posterior_layers(field, border, x, y)
    first, second = seen.values()
    found["difference"] = sketches.difference_layers(np.abs(first - second))
    return found


def samples(run: Run, seed: int) -> torch.Tensor:
    """Samples from a VAE's p(x): z, then x given z."""
    generator = torch.Generator().manual_seed(seed)
    z = torch.randn(DRAWN, run.config.latent_dim, generator=generator)
    return run.model.decode(z).sample(generator)


@st.cache_resource(max_entries=32, show_spinner=False)
def drawn(digests: tuple[str, ...], _vaes: list[Run], seed: int) -> tuple[list[Sketch], float]:
    """The picture of each VAE's samples, and the difference between the two sets of samples."""
    each = [samples(run, seed) for run in _vaes]
    pictures = [sketches.samples_sketch(x[:DOTS].numpy()) for x in each]
    return pictures, total_variation(*each, half_side=SQUARE)


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


@dataclass(frozen=True, eq=False)
class AtPlace:
    """The view at the chosen place: p(y = 1|x) by each classifier and exactly, and the four pictures of the plane."""

    probabilities: dict[str, str]
    exact: str
    pictures: dict[str, Sketch]


@st.cache_resource(max_entries=64, show_spinner=False)
def at_place(digests: tuple[str, ...], _classifiers: list[Run], place: tuple[float, float]) -> AtPlace:
    below, at = backdrops(digests, _classifiers), torch.tensor([place])
    pictures = {name: sketches.posterior_sketch(below[name], place) for name in ("crowds", "exact", "fringes")}
    return AtPlace(
        {name: f"{run.model.probabilities(at)[0, 1].item():.3f}" for name, run in zip(SETS, _classifiers, strict=True)},
        f"{posterior(at).item():.3f}",
        pictures | {"difference": sketches.difference_sketch(below["difference"], place)},
    )
