"""The taxonomy page's data of three models of the same points, each part computed once, when it is first shown."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
import torch

from vaedemo import datasets
from vaedemo.analysis import latent, plane_mass
from vaedemo.analysis.point_densities import log_density
from vaedemo.app.lessons.taxonomy.form import KINDS
from vaedemo.probability import bounds
from vaedemo.training.run import Run

SHOWN = 700  # points of each cloud
NODES = 96  # of a density map, along each axis
MAP_STEPS = 512  # along the curves of the true density; enough for the picture
DRAWS = 100  # samples of the VAE's tighter bound
HOLE = 0.9  # no point of the ring is nearer to the middle
RIM, RADII, DIRECTIONS = 1.5, 31, 180  # from the hole to where nearly nothing of the ring is left
ROOM = 1.12  # extent of a picture relative to the farthest point


@dataclass(frozen=True)
class Shown:
    """`edge`: the pictures extend from −edge to edge. `data`, `samples`: (N, 2) each."""

    edge: float
    data: np.ndarray
    samples: dict[str, np.ndarray]


def digests(runs: Sequence[Run]) -> tuple[str, ...]:
    return tuple(run.digest for run in runs)


def shown(runs: Sequence[Run]) -> Shown:
    """The points of the VAE, the flow and the autoregressive model, in this order."""
    return _shown(digests(runs), runs)


@st.cache_resource(max_entries=12, show_spinner=False)
def _shown(digests: tuple[str, ...], _runs: Sequence[Run]) -> Shown:
    x = datasets.load(_runs[0].config.dataset, split="test").x
    edge = round(ROOM * x.abs().max().item(), 1)
    return Shown(edge, x[:SHOWN].numpy(), {kind: samples(run) for kind, run in zip(KINDS, _runs, strict=True)})


@st.cache_resource(max_entries=24, show_spinner=False)
def density(digest: str, _run: Run, edge: float) -> np.ndarray:
    """A model's p(x) at the centres of cells, (n, n)."""
    map_of = plane_mass.decoded_density_map if _run.config.model == "vae" else plane_mass.log_density_map
    return map_of(_run.model, -edge, edge, NODES).double().exp().numpy()


@st.cache_resource(max_entries=12, show_spinner=False)
def true_density(dataset: str, edge: float) -> np.ndarray:
    """p(x) of the data at the centres of cells, (n, n)."""
    values = log_density(dataset, plane_mass.nodes(-edge, edge, NODES), MAP_STEPS)
    return values.reshape(NODES, NODES).double().exp().numpy()


def in_hole(density: np.ndarray, edge: float) -> float:
    """The share of a density (n, n) that lies in the ring's hole."""
    line = (np.arange(len(density)) + 0.5) / len(density) * 2 * edge - edge
    radius = np.hypot(*np.meshgrid(line, line))
    return float(density[radius < HOLE].sum() * (2 * edge / len(density)) ** 2)


@torch.no_grad()
def around(run: Run) -> np.ndarray:
    """How much of a model's p(x) lies in each direction outside the hole, relative to an even ring: (180,), by
    2°."""
    angle = torch.arange(DIRECTIONS) * (2 * torch.pi / DIRECTIONS)
    radius = torch.linspace(HOLE, RIM, RADII)
    x = torch.stack([angle.cos(), angle.sin()], dim=1)[:, None] * radius[:, None]
    p = run.model.log_prob(x.reshape(-1, 2)).exp().view(DIRECTIONS, RADII)
    along = (p * radius).sum(dim=1)
    return (along / along.mean()).numpy()


@st.cache_resource(max_entries=12, show_spinner=False)
def seam(digest: str, _run: Run) -> float:
    """The direction in which least of a model's p(x) lies, in radians."""
    return float(around(_run).argmin() * 2 * np.pi / DIRECTIONS)


def nats(runs: Sequence[Run], *, tight: bool = True) -> dict[str, float]:
    """The page's numbers: label → mean over the test points of −log p(x) or of a bound on it. The code of the view
    prints the same. `tight`: with the VAE's tighter bound, which takes most of the time."""
    vae, flow, autoregressive = runs
    return {
        "Truth": truth(vae.config.dataset),
        "Autoregressive, exact": autoregressive.metrics["test_negative_log_likelihood"],
        "Flow, exact": flow.metrics["test_negative_log_likelihood"],
        **({f"VAE, IWAE-{DRAWS}": tighter(vae.digest, vae)} if tight else {}),
        "VAE, −ELBO": vae.metrics["test_negative_elbo"],
    }


@st.cache_resource(max_entries=12, show_spinner=False)
def truth(dataset: str) -> float:
    """The mean of −log p(x) over the test points, under the density that they come from."""
    return -log_density(dataset, datasets.load(dataset, split="test").x).mean().item()


@st.cache_resource(max_entries=12, show_spinner=False)
def tighter(digest: str, _vae: Run) -> float:
    """The mean of the VAE's importance-weighted bound on −log p(x) over the test points."""
    x = datasets.load(_vae.config.dataset, split="test").x
    return -bounds.iwae(_vae.model, x, samples=DRAWS, generator=torch.Generator().manual_seed(0)).mean().item()


@torch.no_grad()
def samples(run: Run, count: int = SHOWN) -> np.ndarray:
    """Points (count, 2) sampled from a model, for a VAE with its noise."""
    generator = torch.Generator().manual_seed(0)
    if run.config.model != "vae":
        return run.model.sample(count, generator).numpy()
    z = latent.prior_samples(count, run.config.latent_dim, generator)
    return run.model.decode(z).sample(generator).numpy()
