"""What the page on the bound knows of each digit before anyone moves q: posterior, encoder's q, best q, slices."""

from dataclasses import dataclass

import numpy as np
import streamlit as st
import torch
from torch import Tensor

from vaedemo.app import catalogue, twenty
from vaedemo.probability import bounds, quadrature
from vaedemo.probability.amortization import best_diagonal_gaussian
from vaedemo.probability.derivation import Slice, slice_along
from vaedemo.training.run import Run

RUN = "mnist-2d"
GRID = 81  # codes an axis of the posterior's picture
SHARES = (0.5, 0.9, 0.99)  # of the posterior's mass inside its curves
SLICE_CODES = 81
SLICE_DEPTH = 22.0  # nats below the posterior's peak at which a slice ends
MARGIN = 0.06  # of the plane's width, on each side


@dataclass(frozen=True)
class Facts:
    """One digit under the model with two axes.

    `log_marginal`, `best_elbo`: nats. `encoder`, `best`: (mu, logvar), (1, 2) each. `axes`: of the
    grid, `field` (rows z₂, columns z₁): √(density / largest), `levels`: that field's heights around the `SHARES`.
    `mode`: where the grid is highest. `slices`: through the mode, along z₁ and along z₂. `box`: ends of each axis.
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


@st.cache_resource(max_entries=40, show_spinner=False)
def facts(digest: str, _run: Run, digit: int) -> Facts:
    """All of them, computed when a digit is first looked at (a third of a second)."""
    model, x = _run.model, twenty.binary()[digit : digit + 1]
    log_marginal = float(twenty.exact(digest, _run)[0][digit])
    encoder = model.posterior(x)
    best = best_diagonal_gaussian(model, x)
    box = square(quadrature.posterior_box(model, x), encoder, (best.mu, best.logvar))
    grid = bounds.posterior_grid(model, x, points=GRID, box=box)
    share = (grid.log_joint - grid.log_joint.max()).exp()
    row, column = divmod(int(share.argmax()), GRID)
    mode = (float(grid.axes[0][column]), float(grid.axes[1][row]))
    slices = tuple(
        slice_along(model, x, torch.tensor(mode), axis, reach(grid.axes[axis], line), log_marginal)
        for axis, line in ((0, grid.log_joint[row]), (1, grid.log_joint[:, column]))
    )
    return Facts(
        log_marginal=log_marginal,
        encoder=encoder,
        best=(best.mu, best.logvar),
        best_elbo=best.elbo,
        axes=tuple(axis.numpy() for axis in grid.axes),
        field=share.sqrt().numpy(),
        levels=tuple(level**0.5 for level in levels_around(share.flatten())),
        mode=mode,
        slices=slices,
        box=box,
    )


def square(box, *gaussians: tuple[Tensor, Tensor]) -> tuple[tuple[float, float], tuple[float, float]]:
    """A box of equal sides around this one and the 2 σ ellipses of all the Gaussians, with a margin."""
    reaches = [(mu[0], 2.5 * (0.5 * logvar[0]).exp()) for mu, logvar in gaussians]
    low = [min(box[axis][0], *(float(mu[axis] - reach[axis]) for mu, reach in reaches)) for axis in (0, 1)]
    high = [max(box[axis][1], *(float(mu[axis] + reach[axis]) for mu, reach in reaches)) for axis in (0, 1)]
    half = (0.5 + MARGIN) * max(top - bottom for bottom, top in zip(low, high, strict=True))
    return tuple(((a + b) / 2 - half, (a + b) / 2 + half) for a, b in zip(low, high, strict=True))


def levels_around(density: Tensor) -> list[float]:
    """The heights whose curves hold the `SHARES` of a gridded density."""
    heights = density.sort(descending=True).values
    held = heights.cumsum(0) / heights.sum()
    return [float(heights[int((held < share).sum())]) for share in SHARES]


def reach(axis: Tensor, log_joint: Tensor) -> Tensor:
    """Codes along one axis where log p(x, z) lies within `SLICE_DEPTH` of its peak."""
    near = (log_joint >= log_joint.max() - SLICE_DEPTH).nonzero()
    return torch.linspace(float(axis[near.min()]), float(axis[near.max()]), SLICE_CODES, dtype=torch.float64)
