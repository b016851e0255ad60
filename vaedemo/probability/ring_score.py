r"""The ring blurred by Gaussian noise: its exact density, its score, and the best guess of the clean point."""

import math
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from vaedemo.probability.transforms import check_plane, ring_radius_density

NODES = 200  # of the quadrature over the radius
REACH = 1.3  # of the ring's radii above 1: beyond it there is less than 10⁻³⁶ of the mass
LEAST_SIGMA = 0.01  # below it the nodes are too few


def blurred_log_density(x: Tensor, sigma: float) -> Tensor:
    r"""The log-density of $\tilde x = x + \sigma\varepsilon$, x on the ring and ε ~ N(0, I).

    $$p_\sigma(\tilde x) = \int p(x)\, \mathcal N(\tilde x;\, x, \sigma^2 I)\, dx
    = \int_1^\infty p(\rho)\, \frac{1}{2\pi\sigma^2}\,
    e^{-(r^2 + \rho^2)/2\sigma^2}\, I_0\Bigl(\frac{r\rho}{\sigma^2}\Bigr)\, d\rho, \qquad r = \lVert\tilde x\rVert$$

    The integral over the angle is the Bessel function I₀; the one over the radius is a Gauss–Legendre quadrature.
    `x`: (N, 2). `sigma`: from 0.01. Returns (N,), float64. Raises `ValueError` for another shape or a smaller sigma.
    Source: polar coordinates; the law of the radius is Rice's.
    """
    radius = torch.linalg.vector_norm(points("blurred_log_density", x, sigma), dim=1)
    return parts(radius, sigma)[0]


def blurred_score(x: Tensor, sigma: float) -> Tensor:
    r"""The score of the blurred ring: where its log-density grows fastest.

    $$\nabla \log p_\sigma(\tilde x) = \frac{\tilde x}{r}\,
    \frac{1}{\sigma^2} \Bigl( \mathbb E\Bigl[\rho\, \frac{I_1(r\rho/\sigma^2)}{I_0(r\rho/\sigma^2)}
    \Bigm| \tilde x\Bigr] - r \Bigr)$$

    The expectation is over the radius ρ that x had before the noise. `x`: (N, 2). Returns (N, 2), float64, per unit
    of length; zero at the origin, from where all directions look alike. Raises `ValueError` as `blurred_log_density`.
    """
    x = points("blurred_score", x, sigma)
    radius = torch.linalg.vector_norm(x, dim=1)
    mean_along = parts(radius, sigma)[1]
    slope = (mean_along - radius) / sigma**2
    return torch.where(radius > 0, slope / radius.clamp(min=torch.finfo(x.dtype).tiny), 0.0).unsqueeze(1) * x


def posterior_mean(x: Tensor, sigma: float) -> Tensor:
    r"""The best guess, in squared error, of the point before the noise: Tweedie's formula.

    $$\mathbb E[x \mid \tilde x] = \tilde x + \sigma^2\, \nabla \log p_\sigma(\tilde x)$$

    It is what a denoising autoencoder r with squared error learns, so that its arrows $r(\tilde x) - \tilde x$ are the
    score times σ². `x`: (N, 2), the noisy points. Returns (N, 2), float64.
    Source: Robbins 1956; Efron 2011; Vincent 2011; Alain & Bengio 2014, theorem 1.
    """
    return x.double() + sigma**2 * blurred_score(x, sigma)


def parts(radius: Tensor, sigma: float) -> tuple[Tensor, Tensor]:
    r"""log p_σ and E[ρ cos of the angle to x̃ | x̃] at each radius (N,)."""
    nodes, weights = rule()
    radius, back = radius.unique(return_inverse=True)  # a grid of points has few radii
    argument = radius.unsqueeze(1) * nodes / sigma**2
    bessel = torch.special.i0e(argument)  # times e^{-argument}, which completes the square below
    log_terms = (
        weights.log()
        + ring_radius_density(nodes).log()
        - (radius.unsqueeze(1) - nodes).square() / (2 * sigma**2)
        + bessel.log()
    )
    along = nodes * torch.special.i1e(argument) / bessel
    mean_along = (torch.softmax(log_terms, dim=1) * along).sum(1)
    log_density = torch.logsumexp(log_terms, dim=1) - math.log(2 * math.pi * sigma**2)
    return log_density[back], mean_along[back]


@lru_cache(maxsize=1)
def rule() -> tuple[Tensor, Tensor]:
    """Nodes and weights over the ring's radii, (NODES,) each, float64."""
    nodes, weights = (torch.from_numpy(each) for each in np.polynomial.legendre.leggauss(NODES))
    return 1 + REACH * (nodes + 1) / 2, weights * REACH / 2


def points(name: str, x: Tensor, sigma: float) -> Tensor:
    check_plane(name, x)
    if not LEAST_SIGMA <= sigma < math.inf:
        raise ValueError(f"sigma accepts a number from {LEAST_SIGMA}, got {sigma}.")
    return x.double()
