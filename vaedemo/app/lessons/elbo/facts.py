"""What the page on the bound computes for each digit in advance: posterior, encoder's q, best q, slices."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import streamlit as st
import torch
from torch import Tensor

from vaedemo.app import catalogue
from vaedemo.app.shared import twenty
from vaedemo.probability import nearby_pixels, quadrature, streams
from vaedemo.probability.amortization import best_diagonal_gaussian
from vaedemo.probability.derivation import Derivation, Slice, derivation, slice_along
from vaedemo.probability.likelihood_matrix import log_prior
from vaedemo.training.run import Run

RUN = "mnist-2d"
GRID = 81  # codes per axis in the picture of the posterior
STRIP = 9  # rows of that grid decoded in one batch
SHARES = (0.5, 0.9, 0.99)  # of the posterior's mass inside the contour lines
SLICE_CODES = 81
SLICE_DEPTH = 22.0  # nats below the posterior's maximum at which a slice ends
MARGIN = 0.06  # share of the plane's width, on each side


@dataclass(frozen=True, eq=False)
class Facts:
    """One digit under the model with two axes.

    `log_marginal`, `best_elbo`: nats. `encoder`, `best`: (mu, logvar), (1, 2) each. `axes`: of the grid. `field` (rows
    z₂, columns z₁): √(density / largest). `levels`: values of that field on the contours of the `SHARES`. `mode`: the
    grid's maximum. `slices`: through the mode, along z₁ and along z₂. `box`: ends of each axis.
    """

    log_marginal: float
    encoder: tuple[Tensor, Tensor]
    best: tuple[Tensor, Tensor]
    best_elbo: float
    axes: tuple[np.ndarray, np.ndarray]
    field: np.ndarray
    levels: tuple[float, ...]
    mode: tuple[float, float]
    slices: tuple[Slice, Slice]
    box: tuple[tuple[float, float], tuple[float, float]]


def model_run() -> Run:
    return catalogue.run(RUN)


def of(values: Mapping[str, Any]) -> Facts:
    """The facts of a view's digit."""
    run = model_run()
    return facts(run.digest, run, twenty.chosen(values))


@st.cache_resource(max_entries=40, show_spinner=False)
def facts(digest: str, _run: Run, digit: int | str) -> Facts:
    """All facts of a digit, as `twenty.chosen` names it, computed at its first use (a third of a second)."""
    model, x = _run.model, twenty.one(digit)
    log_marginal = twenty.log_marginal(digest, _run, digit)
    encoder = model.posterior(x)
    best = best_diagonal_gaussian(model, x)
    box = square(quadrature.posterior_box(model, x), encoder, (best.mu, best.logvar))
    axes = tuple(torch.linspace(*ends, GRID, dtype=torch.float64) for ends in box)
    log_joint = joint_on(model, x, axes)
    share = (log_joint - log_joint.max()).exp()
    row, column = divmod(int(share.argmax()), GRID)
    mode = (float(axes[0][column]), float(axes[1][row]))
    slices = tuple(
        slice_along(model, x, torch.tensor(mode), axis, reach(axes[axis], line), log_marginal)
        for axis, line in ((0, log_joint[row]), (1, log_joint[:, column]))
    )
    return Facts(
        log_marginal=log_marginal,
        encoder=encoder,
        best=(best.mu, best.logvar),
        best_elbo=best.elbo,
        axes=tuple(axis.numpy() for axis in axes),
        field=share.sqrt().numpy(),
        levels=tuple(level**0.5 for level in levels_around(share.flatten())),
        mode=mode,
        slices=slices,
        box=box,
    )


@torch.no_grad()
def joint_on(model, x: Tensor, axes: tuple[Tensor, Tensor]) -> Tensor:
    """log p(x, z) of one image on a grid of codes, (rows z₂, columns z₁), float64; log p(x) is known already."""
    codes = torch.cartesian_prod(axes[1], axes[0]).flip(1).to(next(model.parameters()))
    strips = codes.split(len(axes[0]) * STRIP)  # codes of one batch are closer together than all of them
    values = [nearby_pixels.log_likelihood(model, x, z) + log_prior(z.double()) for z in strips]
    return torch.cat(values).reshape(len(axes[1]), len(axes[0]))


@lru_cache(maxsize=1000)
def terms(digest: str, digit: int | str, mu: tuple[float, ...], logvar: tuple[float, ...]) -> Derivation:
    """The derivation for one digit and one q, cached for all sessions with the same slider positions."""
    run = model_run()
    x, log_marginal = twenty.one(digit), facts(digest, run, digit).log_marginal
    return derivation(run.model, x, torch.tensor([mu]), torch.tensor([logvar]), log_marginal)


@lru_cache(maxsize=1000)
def climb(
    digest: str,
    digit: int | str,
    mu: tuple[float, ...],
    logvar: tuple[float, ...],
    samples: int,
    counts: tuple,
    seed: int,
) -> streams.Climb:
    """How the IWAE bound increases with the number of samples from one q."""
    x, generator = twenty.one(digit), torch.Generator().manual_seed(seed)
    stream = streams.gaussian_stream(
        model_run().model, x, samples, generator, torch.tensor([mu]), torch.tensor([logvar])
    )
    return streams.climb(stream.log_weights[0], counts)


def square(box, *gaussians: tuple[Tensor, Tensor]) -> tuple[tuple[float, float], tuple[float, float]]:
    """The smallest square that contains this box and the 2 σ ellipses of all the Gaussians, with a margin."""
    reaches = [(mu[0], 2.5 * (0.5 * logvar[0]).exp()) for mu, logvar in gaussians]
    low = [min(box[axis][0], *(float(mu[axis] - reach[axis]) for mu, reach in reaches)) for axis in (0, 1)]
    high = [max(box[axis][1], *(float(mu[axis] + reach[axis]) for mu, reach in reaches)) for axis in (0, 1)]
    half = (0.5 + MARGIN) * max(top - bottom for bottom, top in zip(low, high, strict=True))
    return tuple(((a + b) / 2 - half, (a + b) / 2 + half) for a, b in zip(low, high, strict=True))


def levels_around(density: Tensor) -> list[float]:
    """The levels whose contour lines contain the `SHARES` of a gridded density."""
    heights = density.sort(descending=True).values
    held = heights.cumsum(0) / heights.sum()
    return [float(heights[int((held < share).sum())]) for share in SHARES]


def reach(axis: Tensor, log_joint: Tensor) -> Tensor:
    """Codes along one axis where log p(x, z) is within `SLICE_DEPTH` of its maximum."""
    near = (log_joint >= log_joint.max() - SLICE_DEPTH).nonzero()
    return torch.linspace(float(axis[near.min()]), float(axis[near.max()]), SLICE_CODES, dtype=torch.float64)
