"""The views of the page on pPCA at one position of its sliders, cached for all sessions."""

import math
from dataclasses import dataclass
from functools import lru_cache

import torch

from vaedemo.app.components.sketch import Sketch
from vaedemo.app.lessons.ppca import data as ppca_data
from vaedemo.app.lessons.ppca import sketches
from vaedemo.probability import covariance, ppca, ppca_axes

KEPT = 64  # views of each kind: 8 MB in all


@dataclass(frozen=True, eq=False)
class Turned:
    """Two latent axes rotated at β = 1: pictures with labels; means and gaps in nats; whether both axes are dead."""

    pictures: tuple[tuple[str, Sketch, str], ...]
    log_likelihood: float
    elbo: float
    mean_gap: float
    gap: float
    dead: bool


@lru_cache(maxsize=KEPT)
def turned(data: ppca_axes.AxisData, noise: float, degrees: int, second: int) -> Turned:
    """`degrees`: the angle by which the first axis and the one with index `second` are rotated."""
    angle, axes = math.radians(degrees), (0, second)
    weights = ppca_axes.weights_on_axes(data.eigenvalues, noise, 1.0, angle, axes)
    shown = ppca_axes.evidence(data, noise, 1.0, angle, axes)
    gap = ppca.gap(weights, noise).item()
    centre, pair = torch.zeros_like(data.eigenvalues), [0, second]
    _, exact = ppca.posterior(data.codes[:1], weights, noise, centre)
    _, diagonal = ppca.best_diagonal(data.codes[:1], weights, noise, centre)
    gaps = ppca_data.gap_curve(data.eigenvalues.numpy(), noise, second)
    pictures = (
        (
            "The posterior of every x",
            sketches.posteriors_sketch(exact[pair][:, pair].numpy(), diagonal[pair].numpy(), second),
            "Ellipses of the exact posterior and of the best diagonal q around their common mean",
        ),
        (
            "The bound against log p(x)",
            sketches.bound_sketch(shown.log_likelihood.numpy(), shown.elbo.numpy()),
            "The ELBO of each example over its log p(x), and the line where both are equal",
        ),
        (
            "What is lost, over θ",
            sketches.gap_sketch(ppca_data.ANGLES, gaps, degrees, gap),
            f"log p(x) − ELBO against the angle, zero at 0, 90 and 180 degrees; now {gap:.4f} nats",
        ),
    )
    return Turned(
        pictures,
        shown.log_likelihood.mean().item(),
        shown.elbo.mean().item(),
        (shown.log_likelihood - shown.elbo).mean().item(),
        gap,
        not covariance.axes_kept(data.eigenvalues[pair], 1.0, noise).any(),
    )


@dataclass(frozen=True, eq=False)
class OfBeta:
    """The model that β trains: number of living axes, means in nats, the spectrum and the curves over β."""

    alive: int
    log_likelihood: float
    elbo: float
    spectrum: Sketch
    curves: Sketch


@lru_cache(maxsize=KEPT)
def of_beta(data: ppca_axes.AxisData, noise: float, beta: float) -> OfBeta:
    """The model that β trains at this σ², with its axes not rotated."""
    shown = ppca_axes.evidence(data, noise, beta)
    log_likelihood, elbo = shown.log_likelihood.mean().item(), shown.elbo.mean().item()
    return OfBeta(
        int(covariance.axes_kept(data.eigenvalues, beta, noise).sum()),
        log_likelihood,
        elbo,
        sketches.spectrum_sketch(data.eigenvalues.numpy(), beta * noise),
        sketches.beta_sketch(ppca_data.BETAS, *ppca_data.beta_curves(data, noise), (beta, log_likelihood, elbo)),
    )
