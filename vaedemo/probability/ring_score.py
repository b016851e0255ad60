r"""The ring blurred by Gaussian noise: its exact density, its score, and the best guess of the clean point."""

import math
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from vaedemo.probability import checks
from vaedemo.probability.check_numbers import number

__all__ = ["blurred_log_density", "blurred_score", "posterior_mean"]

NODES = 128  # of the quadrature over the radius
REACH = 9.0  # standard deviations to each side of the peak: there the integrand is e^-40 of its largest value
LONGEST_TAIL = 45.0  # of the peak's own distance from 0, above it: where the integrand is nearly exponential
LEAST_SIGMA = 0.01
FARTHEST = 1e100  # so that the square of a radius is finite
RADII_AT_ONCE = 2**13
RING_VARIANCE = 0.01  # of the radius on the ring: p(ρ) ∝ (ρ − 1) exp(−(ρ − 1)² / 2 · 0.01)


def blurred_log_density(x: Tensor, sigma: float) -> Tensor:
    r"""The log-density of $\tilde x = x + \sigma\varepsilon$, x on the ring and ε ~ N(0, I).

    $$p_\sigma(\tilde x) = \int p(x)\, \mathcal N(\tilde x;\, x, \sigma^2 I)\, dx
    = \int_1^\infty p(\rho)\, \frac{1}{2\pi\sigma^2}\,
    e^{-(r^2 + \rho^2)/2\sigma^2}\, I_0\Bigl(\frac{r\rho}{\sigma^2}\Bigr)\, d\rho, \qquad r = \lVert\tilde x\rVert$$

    The integral over the angle is the Bessel function I₀; the one over the radius is a Gauss–Legendre quadrature around
    the peak of the integrand, which moves outwards with r.
    `x`: (N, 2), entries up to 10¹⁰⁰. `sigma`: from 0.01. Returns (N,), float64. Raises `ValueError` for another shape,
    a smaller sigma, and numbers that are not finite.
    Source: polar coordinates; the law of the radius is Rice's.
    """
    radius, sigma = radius_of(x, sigma)
    return parts(radius, sigma)[0]


def blurred_score(x: Tensor, sigma: float) -> Tensor:
    r"""The score of the blurred ring: where its log-density grows fastest.

    $$\nabla \log p_\sigma(\tilde x) = \frac{\tilde x}{r}\,
    \frac{1}{\sigma^2} \Bigl( \mathbb E\Bigl[\rho\, \frac{I_1(r\rho/\sigma^2)}{I_0(r\rho/\sigma^2)}
    \Bigm| \tilde x\Bigr] - r \Bigr)$$

    The expectation is over the radius ρ that x had before the noise. `x`: (N, 2). Returns (N, 2), float64, per unit
    of length; zero at the origin, from where all directions look alike. Raises `ValueError` as `blurred_log_density`.
    """
    radius, sigma = radius_of(x, sigma)
    slope = (parts(radius, sigma)[1] - radius) / sigma**2
    direction = checks.floats("x", x).double() / radius.clamp(min=torch.finfo(torch.float64).tiny).unsqueeze(1)
    return torch.where(radius > 0, slope, 0.0).unsqueeze(1) * direction


def posterior_mean(x: Tensor, sigma: float) -> Tensor:
    r"""The best guess, in squared error, of the point before the noise: Tweedie's formula.

    $$\mathbb E[x \mid \tilde x] = \tilde x + \sigma^2\, \nabla \log p_\sigma(\tilde x)$$

    It is what a denoising autoencoder r with squared error learns, so that its arrows $r(\tilde x) - \tilde x$ are the
    score times σ². `x`: (N, 2), the noisy points. Returns (N, 2), float64. Raises `ValueError` as `blurred_score`.
    Source: Robbins 1956; Efron 2011; Vincent 2011; Alain & Bengio 2014, theorem 1.
    """
    score = blurred_score(x, sigma)
    return checks.floats("x", x).double() + float(sigma) ** 2 * score


def parts(radius: Tensor, sigma: float) -> tuple[Tensor, Tensor]:
    r"""log p_σ and E[ρ cos of the angle to x̃ | x̃] at each radius (N,)."""
    radius, back = radius.unique(return_inverse=True)  # a grid of points has few radii
    pieces = [parts_of_few(few, sigma) for few in radius.split(RADII_AT_ONCE)]
    log_density, mean_along = (torch.cat(each) for each in zip(*pieces, strict=True))
    return log_density[back], mean_along[back]


def parts_of_few(radius: Tensor, sigma: float) -> tuple[Tensor, Tensor]:
    r"""`parts` of radii (N,), with u = ρ − 1 as the variable of integration.

    The exponents of p(ρ) and of the noise are one square: with v = 0.01, the ring's variance,

    $$\frac{u^2}{2v} + \frac{(r - 1 - u)^2}{2\sigma^2} = \frac{(u - m)^2}{2s^2} + \frac{(r - 1)^2}{2(\sigma^2 + v)},
    \qquad m = \frac{(r - 1)\, v}{\sigma^2 + v}, \quad s^2 = \frac{\sigma^2 v}{\sigma^2 + v}$$

    Without the Bessel function, which varies slowly, the integrand is $u\, e^{-(u - m)^2 / 2 s^2}$: its peak is at
    $u^* = \tfrac{1}{2} (m + \sqrt{m^2 + 4 s^2})$, and it falls by more than e⁴⁰ up to the ends of the interval.
    """
    total = sigma**2 + RING_VARIANCE
    width = sigma * math.sqrt(RING_VARIANCE / total)
    centre = ((radius - 1) * (RING_VARIANCE / total)).unsqueeze(1)
    # The smaller root's form where m < 0: there the two terms of u* cancel.
    root = torch.hypot(centre, torch.full_like(centre, 2 * width))
    peak = torch.where(centre < 0, 2 * width**2 / (root - centre), (root + centre) / 2)
    below = peak.clamp(max=REACH * width)
    length = below + (LONGEST_TAIL * peak).clamp(max=REACH * width)
    nodes, weights = rule()
    u = (peak - below) + length * nodes
    # u − m, without the digits that are lost where both are large: u* − m = s² / u*.
    beyond = (length * nodes - below) + width**2 / peak
    argument = radius.unsqueeze(1) * (1 + u) / sigma**2
    bessel = torch.special.i0e(argument)  # times e^{-argument}, which completes the square
    log_terms = (weights * length).log() + u.log() - (beyond / width).square() / 2 + bessel.log()
    along = (1 + u) * torch.special.i1e(argument) / bessel
    mean_along = (torch.softmax(log_terms, dim=1) * along).sum(1)
    log_density = torch.logsumexp(log_terms, dim=1) - (radius - 1).square() / (2 * total)
    return log_density - math.log(RING_VARIANCE * 2 * math.pi * sigma**2), mean_along


@lru_cache(maxsize=1)
def rule() -> tuple[Tensor, Tensor]:
    """Nodes and weights over [0, 1], (NODES,) each, float64."""
    nodes, weights = (torch.from_numpy(each) for each in np.polynomial.legendre.leggauss(NODES))
    return (nodes + 1) / 2, weights / 2


def radius_of(x: Tensor, sigma: float) -> tuple[Tensor, float]:
    """The radius of each checked point (N,), float64, and the checked sigma."""
    x = checks.array("x", x, "N", 2, low=-FARTHEST, high=FARTHEST).double()
    return torch.hypot(x[:, 0], x[:, 1]), number("sigma", sigma, low=LEAST_SIGMA, high=FARTHEST)
