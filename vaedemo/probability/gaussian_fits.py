r"""The best Gaussian for a target that is none: under KL(q‖p) it takes one mode, under KL(p‖q) it covers them all.

A target is given by its log density on a regular grid, up to a constant: sums over the grid are the integrals.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from vaedemo.probability import checks
from vaedemo.probability.check_numbers import count, number
from vaedemo.probability.divergences import cholesky, to_one_type
from vaedemo.probability.minimise import minimise

__all__ = [
    "GaussianFit",
    "fit_covering",
    "fit_seeking",
    "mean_field_variance",
    "mixture_log_density",
    "normal_log_density",
    "regular_grid",
]

MOST_GRID_POINTS = 2**24


@dataclass(frozen=True)
class GaussianFit:
    """A fitted normal: `mean` (d,), `covariance` (d, d), and the `divergence` it was fitted by, in nats."""

    mean: Tensor
    covariance: Tensor
    divergence: float


def regular_grid(low: float, high: float, points: int, dimension: int) -> Tensor:
    """The points of a regular grid over [low, high]^dimension, (points ** dimension, dimension), float64.

    Raises `ValueError` unless low < high, and for more than 2^24 points.
    """
    low, high = number("low", low), number("high", high, above=low)
    points, dimension = count("points", points, 2), count("dimension", dimension, 1, 24)
    if points**dimension > MOST_GRID_POINTS:
        raise ValueError(
            f"A grid holds at most {MOST_GRID_POINTS:,} points, got {points:,} on each of {dimension} axes."
        )
    axis = torch.linspace(low, high, points, dtype=torch.float64)
    return torch.cartesian_prod(*[axis] * dimension).reshape(-1, dimension)


def normal_log_density(points: Tensor, mean: Tensor, covariance: Tensor) -> Tensor:
    r"""The log density of a normal at each point.

    $$\log \mathcal{N}(z; m, \Sigma) = -\tfrac{1}{2} \bigl[ (z - m)^{\top} \Sigma^{-1} (z - m) + \log \det \Sigma
    + d \log 2\pi \bigr]$$

    `points`: (M, d). Returns (M,), in nats. Raises `ValueError` for a singular or asymmetric covariance, and for
    arguments of another shape or not finite.
    """
    sizes = {}
    points = checks.array("points", points, "M", "d", sizes=sizes)
    mean = checks.array("mean", mean, "d", sizes=sizes)
    covariance = checks.array("covariance", covariance, "d", "d", sizes=sizes)
    points, mean, covariance = to_one_type(points, mean, covariance)
    return log_density_by_factor(points, mean, cholesky("covariance", covariance))


def mixture_log_density(points: Tensor, shares: Tensor, means: Tensor, covariances: Tensor) -> Tensor:
    r"""The log density of a mixture of normals at each point: a target with several modes.

    $$\log p(z) = \log \sum_c \pi_c \, \mathcal{N}(z; m_c, \Sigma_c)$$

    `points`: (M, d); `shares`: π, (C,), normalised here; `means`: (C, d); `covariances`: (C, d, d). Returns (M,).
    Raises `ValueError` for a singular or asymmetric covariance, a share that is not above 0, and arguments of another
    shape or not finite.
    """
    sizes = {}
    points = checks.array("points", points, "M", "d", sizes=sizes)
    shares = checks.array("shares", shares, "C", sizes=sizes, least=1)
    checks.check_positive("shares", shares)
    means = checks.array("means", means, "C", "d", sizes=sizes)
    covariances = checks.array("covariances", covariances, "C", "d", "d", sizes=sizes)
    points, shares, means, covariances = to_one_type(points, shares, means, covariances)
    factors = [cholesky("covariance", each) for each in covariances]
    parts = [log_density_by_factor(points, m, factor) for m, factor in zip(means, factors, strict=True)]
    return torch.logsumexp(torch.stack(parts) + (shares / shares.sum()).log().unsqueeze(1), 0)


def fit_covering(points: Tensor, log_density: Tensor) -> GaussianFit:
    r"""The Gaussian that minimises KL(p‖q): it has the target's mean and covariance, so it covers every mode.

    $$\arg\min_q \mathrm{KL}(p \,\|\, q) = \mathcal{N}\bigl(\mathbb{E}_p[z], \operatorname{Cov}_p[z]\bigr)$$

    `points`: (M, d), a regular grid; `log_density`: (M,), in nats, up to a constant. Computed in float64.
    Raises `ValueError` where the shapes differ, nothing is finite, or the grid sees no width in some direction.
    Source: Bishop 2006, “Pattern Recognition and Machine Learning”, section 10.7 (moment matching).
    """
    points, target = normalised(points, log_density)
    mass = target.exp()
    mean = mass @ points
    centred = points - mean
    covariance = centred.T @ (mass.unsqueeze(1) * centred)
    fitted = log_density_by_factor(points, mean, cholesky("the target's covariance", covariance))
    # Its own density times the cell, not its share of the grid: a wide q has mass beyond the grid's edge.
    return GaussianFit(mean, covariance, divergence(target, fitted + log_cell_volume(points)).item())


def fit_seeking(
    points: Tensor, log_density: Tensor, mean: Tensor, covariance: Tensor, diagonal: bool = False
) -> GaussianFit:
    r"""The Gaussian that minimises KL(q‖p) from a given start: where p is small q must be small, so it takes one mode.

    $$\mathrm{KL}(q \,\|\, p) = \mathbb{E}_q[\log q(z) - \log p(z)] \to \min_{m, \Sigma}$$

    What the ELBO does for p(z|x). A minimum near the start is found, by BFGS over the mean and the Cholesky factor;
    with two modes there are two. `mean`: (d,), `covariance`: (d, d), the start. `diagonal`: keep the axes independent,
    which drops the start's correlation. `points`, `log_density` as for `fit_covering`; a q narrower than the grid's
    spacing cannot be told from one a spacing wide. Deterministic, in float64.
    Raises `ValueError` as `fit_covering`, for a start whose covariance is singular or asymmetric, and for a target that
    is 0 somewhere on the grid.
    Source: Bishop 2006, section 10.1.2.
    """
    points, target = normalised(points, log_density)
    if not target.isfinite().all():
        raise ValueError("A Gaussian has mass everywhere: log_density must be finite at every point of the grid.")
    d = points.shape[1]
    origin = checks.array("mean", mean, d).detach().double()
    covariance = checks.array("covariance", covariance, d, d).detach().double()
    unit = cholesky("covariance", covariance)
    if diagonal:
        unit = covariance.diagonal().sqrt().diag()
    below = torch.tril_indices(d, d, offset=-1)

    def unpack(parameters: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and factor, in units of the start: d numbers for the shift, d for log widths, the rest below them."""
        relative = parameters[d : 2 * d].exp().diag()
        if not diagonal:
            relative = relative.index_put(tuple(below), parameters[2 * d :])
        return origin + unit @ parameters[:d], unit @ relative

    def cost(parameters: Tensor) -> Tensor:
        return divergence(on_grid(log_density_by_factor(points, *unpack(parameters))), target)

    best, value = minimise(cost, points.new_zeros(2 * d if diagonal else 2 * d + below.shape[1]))
    centre, factor = unpack(best)
    return GaussianFit(centre, factor @ factor.T, value)


def mean_field_variance(covariance: Tensor) -> Tensor:
    r"""The variances of the best diagonal q for a correlated Gaussian target under KL(q‖p): too narrow.

    $$\sigma_{q, i}^2 = \frac{1}{\Lambda_{ii}} \le \Sigma_{ii}, \qquad \Lambda = \Sigma^{-1}$$

    Under KL(p‖q) the best diagonal q has Σ_ii instead. `covariance`: Σ, (d, d). Returns (d,), in its units.
    Raises `ValueError` for a singular or asymmetric covariance.
    Source: Bishop 2006, section 10.1.2, eq. 10.11 to 10.15.
    """
    covariance = checks.array("covariance", covariance, "d", "d", least=1)
    return 1 / torch.cholesky_inverse(cholesky("covariance", covariance)).diagonal()


def log_density_by_factor(points: Tensor, mean: Tensor, factor: Tensor) -> Tensor:
    """log N(z; m, L Lᵀ) at each point, (M,)."""
    white = torch.linalg.solve_triangular(factor, (points - mean).T, upper=False)
    return -0.5 * white.square().sum(0) - factor.diagonal().log().sum() - 0.5 * len(factor) * math.log(2 * math.pi)


def normalised(points: Tensor, log_density: Tensor) -> tuple[Tensor, Tensor]:
    """Points and log mass in float64, the masses summing to 1."""
    points = checks.array("points", points, "M", "d", least=1).detach().double()
    log_density = checks.floats("log_density", log_density).detach().double()
    if log_density.shape != points.shape[:1]:
        shapes = f"{tuple(points.shape)} and {tuple(log_density.shape)}"
        raise ValueError(f"points must be (M, d) and log_density (M,), got {shapes}.")
    if log_density.isnan().any() or not log_density.max().isfinite():
        raise ValueError("log_density must be free of NaN and have a finite largest value.")
    return points, on_grid(log_density)


def log_cell_volume(points: Tensor) -> Tensor:
    """The log of the volume that each point of a regular grid (M, d) stands for."""
    counts = points.new_tensor([len(axis.unique()) for axis in points.T])
    return ((points.amax(0) - points.amin(0)) / (counts - 1)).log().sum()


def on_grid(log_density: Tensor) -> Tensor:
    """The log of each grid point's share of the mass."""
    return log_density - torch.logsumexp(log_density, 0)


def divergence(of: Tensor, to: Tensor) -> Tensor:
    """KL between two sets of log masses on one grid, in nats; a point without mass in the first costs nothing."""
    mass = of.exp()
    return torch.where(mass > 0, mass * (of - to), torch.zeros_like(mass)).sum()
