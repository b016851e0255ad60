r"""Gauss–Hermite quadrature: expectations under q(z|x) without any sampling, for one or two latent axes."""

from functools import cache

import numpy
import torch
from torch import Tensor

from vaedemo.probability import checks
from vaedemo.probability.check_models import q_for
from vaedemo.probability.check_numbers import count
from vaedemo.probability.divergences import kl_standard_normal_unchecked
from vaedemo.probability.likelihood_matrix import own_log_likelihood

__all__ = ["elbo_hermite", "expected_log_likelihood", "standard_normal_nodes"]

LARGEST_DIMENSION = 2
LARGEST_ORDER = 256  # above 370 the recurrence that gives the weights overflows
NEGLIGIBLE_WEIGHT = 1e-17  # such nodes lie 8 standard deviations out and change nothing in float64


def standard_normal_nodes(order: int, dimension: int) -> tuple[Tensor, Tensor]:
    r"""Nodes and weights for the expectation of a function under N(0, I).

    $$\mathbb{E}[f(\varepsilon)] \approx \sum_{g} w_g\, f(\varepsilon_g), \qquad \sum_g w_g = 1$$

    Exact for polynomials up to degree 2 · order − 1 on each axis. `order`: nodes an axis, 1 to 256. `dimension`: 1 or
    2. Returns float64 nodes (G, dimension) and weights (G,), without the nodes of negligible weight.
    Raises `ValueError` for another order, and for more than two axes, where a product of nodes costs too much.
    Source: Golub & Welsch 1969, "Calculation of Gauss quadrature rules".
    """
    if count("dimension", dimension) > LARGEST_DIMENSION:
        raise ValueError(
            f"Gauss–Hermite quadrature works for latent_dim 1 or 2, not {dimension}: use bounds.elbo instead."
        )
    return rule(count("order", order, 1, LARGEST_ORDER), int(dimension))


@cache
def rule(order: int, dimension: int) -> tuple[Tensor, Tensor]:
    """`standard_normal_nodes` of a checked order and dimension."""
    roots, masses = numpy.polynomial.hermite_e.hermegauss(order)
    axis, mass = torch.from_numpy(roots), torch.from_numpy(masses / masses.sum())
    if dimension == 1:
        nodes, weights = axis.unsqueeze(1), mass
    else:
        nodes, weights = torch.cartesian_prod(axis, axis), torch.outer(mass, mass).flatten()
    keep = weights > NEGLIGIBLE_WEIGHT
    return nodes[keep], weights[keep] / weights[keep].sum()


@torch.no_grad()
def expected_log_likelihood(model, x: Tensor, mu: Tensor, logvar: Tensor, order: int = 64) -> Tensor:
    r"""The negated reconstruction loss under a diagonal Gaussian q, without sampling.

    $$\mathbb{E}_{q}[\log p(x \mid z)] \approx \sum_g w_g \log p(x \mid \mu + \sigma \odot \varepsilon_g)$$

    `x`: (N, ...). `mu`, `logvar`: (N, d), d at most 2. Returns (N,) in float64, in nats per image.
    Raises `ValueError` for d > 2, and for x, mu or logvar that are not finite or of another shape.
    """
    x = checks.data_for(model, x)
    return expected_unchecked(model, x, *q_for(model, x, mu, logvar), order)


def expected_unchecked(model, x: Tensor, mu: Tensor, logvar: Tensor, order: int) -> Tensor:
    """`expected_log_likelihood` of checked arguments."""
    nodes, weights = standard_normal_nodes(order, mu.shape[1])
    nodes, weights = nodes.to(mu), weights.to(mu.device)
    rows = max(1, 2**22 // len(nodes))
    expected = []
    for example, centre, spread in zip(x.split(rows), mu.split(rows), logvar.split(rows), strict=True):
        z = centre.unsqueeze(1) + (0.5 * spread).exp().unsqueeze(1) * nodes
        expected.append(own_log_likelihood(model, example, z).double() @ weights)
    return torch.cat(expected)


@torch.no_grad()
def elbo_hermite(model, x: Tensor, order: int = 64, mu: Tensor | None = None, logvar: Tensor | None = None) -> Tensor:
    r"""The evidence lower bound without sampling: Gauss–Hermite over ε, the KL in closed form.

    $$\mathrm{ELBO}(x) = \mathbb{E}_{\varepsilon \sim \mathcal{N}(0, I)}
    \bigl[\log p(x \mid \mu + \sigma \odot \varepsilon)\bigr] - \mathrm{KL}\bigl(q(z|x) \,\|\, p(z)\bigr)$$

    `x`: (N, ...). `order`: nodes an axis. `mu`, `logvar`: (N, d), a q of one's own; left out, the encoder's. Returns
    (N,) in float64, in nats per image.
    Raises `ValueError` for latent_dim > 2.
    """
    x = checks.data_for(model, x)
    mu, logvar = q_for(model, x, mu, logvar)
    kl = kl_standard_normal_unchecked(mu, logvar).double().sum(1)
    return expected_unchecked(model, x, mu, logvar, order) - kl
