"""The taxonomy page's data of three models of the same points, computed once."""

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
ROOM = 1.12  # extent of a picture relative to the farthest point


@dataclass(frozen=True)
class Shown:
    """`edge`: the pictures extend from −edge to edge. `data`, `samples`: (N, 2) each.

    `nats`: label → mean over the test points of −log p(x) or of a bound on it.
    """

    edge: float
    data: np.ndarray
    samples: dict[str, np.ndarray]
    nats: dict[str, float]


@st.cache_resource(max_entries=12, show_spinner=False)
def compare(digests: tuple[str, ...], _runs: Sequence[Run]) -> Shown:
    """The data of the VAE, the flow and the autoregressive model, in this order."""
    by_kind = dict(zip(KINDS, _runs, strict=True))
    dataset = _runs[0].config.dataset
    x = datasets.load(dataset, split="test").x
    edge = round(ROOM * x.abs().max().item(), 1)
    return Shown(
        edge=edge,
        data=x[:SHOWN].numpy(),
        samples={kind: samples(run) for kind, run in by_kind.items()},
        nats=nats(by_kind, dataset, x),
    )


@st.cache_resource(max_entries=12, show_spinner=False)
def densities(digests: tuple[str, ...], _runs: Sequence[Run], edge: float) -> dict[str, np.ndarray]:
    """p(x) at the centres of cells, (n, n): of the "data", and of each kind of model."""
    window = (-edge, edge, NODES)
    truth = log_density(_runs[0].config.dataset, plane_mass.nodes(*window), MAP_STEPS)
    maps = {"data": truth.reshape(NODES, NODES)}
    for kind, run in zip(KINDS, _runs, strict=True):
        map_of = plane_mass.decoded_density_map if kind == "vae" else plane_mass.log_density_map
        maps[kind] = map_of(run.model, *window)
    return {kind: values.double().exp().numpy() for kind, values in maps.items()}


def nats(by_kind: dict[str, Run], dataset: str, x: torch.Tensor) -> dict[str, float]:
    """The page's numbers; the code of the view prints the same."""
    generator = torch.Generator().manual_seed(0)
    return {
        "Truth": -log_density(dataset, x).mean().item(),
        "Autoregressive, exact": by_kind["autoregressive"].metrics["test_negative_log_likelihood"],
        "Flow, exact": by_kind["flow"].metrics["test_negative_log_likelihood"],
        f"VAE, IWAE-{DRAWS}": -bounds.iwae(by_kind["vae"].model, x, samples=DRAWS, generator=generator).mean().item(),
        "VAE, −ELBO": by_kind["vae"].metrics["test_negative_elbo"],
    }


@torch.no_grad()
def samples(run: Run, count: int = SHOWN) -> np.ndarray:
    """Points (count, 2) sampled from a model, for a VAE with its noise."""
    generator = torch.Generator().manual_seed(0)
    if run.config.model != "vae":
        return run.model.sample(count, generator).numpy()
    z = latent.prior_samples(count, run.config.latent_dim, generator)
    return run.model.decode(z).sample(generator).numpy()
