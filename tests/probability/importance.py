"""log p(x) of one image by importance sampling from a heavy-tailed mixture: an oracle that shares no quadrature."""

import math

import torch
from torch import Tensor

from vaedemo.probability.likelihood_matrix import own_log_likelihood

DEGREES = 4  # of freedom of Student's t: its tails are far heavier than any posterior's


def modes(log_joint: Tensor, depth: float = 15.0) -> Tensor:
    """Rows and columns of the local maxima of a grid that come within `depth` nats of the highest one."""
    padded = torch.nn.functional.max_pool2d(log_joint[None, None], 3, stride=1, padding=1)[0, 0]
    return ((log_joint == padded) & (log_joint > log_joint.max() - depth)).nonzero()


def mixture(picture) -> tuple[Tensor, Tensor, Tensor]:
    """Weights, centres (M, 2) and Cholesky factors of the scales (M, 2, 2): one component a mode of a grid."""
    found = modes(picture.log_joint)
    columns, rows = picture.axes
    codes = torch.stack(torch.meshgrid(columns, rows, indexing="xy"), dim=-1).flatten(0, 1)
    centres = torch.stack([columns[found[:, 1]], rows[found[:, 0]]], dim=1)
    nearest = torch.cdist(codes, centres).argmin(1)
    mass = picture.log_joint.flatten().softmax(0)
    weights, factors = [], []
    for mode, centre in enumerate(centres):
        own = mass * (nearest == mode)
        away = codes - centre
        spread = (own[:, None, None] * away[:, :, None] * away[:, None, :]).sum(0) / own.sum()
        factors.append(torch.linalg.cholesky(spread + 1e-6 * torch.eye(2, dtype=torch.float64)))
        weights.append(own.sum())
    weights = torch.stack(weights) + 0.01
    return weights / weights.sum(), centres, torch.stack(factors)


def log_marginal(model, x: Tensor, picture, samples: int, generator: torch.Generator) -> tuple[float, float]:
    """log p(x) of one image and its standard error, by `samples` draws from the mixture at a grid's modes."""
    weights, centres, factors = mixture(picture)
    total, squares, pieces = [], [], samples // 10_000
    like = next(model.parameters())
    for _ in range(pieces):
        which = torch.multinomial(weights, 10_000, replacement=True, generator=generator)
        noise = torch.randn(10_000, 2, generator=generator, dtype=torch.float64)
        chi_square = torch.randn(10_000, DEGREES, generator=generator, dtype=torch.float64).square().sum(1)
        step = noise * (DEGREES / chi_square).sqrt().unsqueeze(1)
        z = centres[which] + (factors[which] @ step.unsqueeze(2)).squeeze(2)
        with torch.no_grad():
            log_likelihood = own_log_likelihood(model, x, z.to(like).unsqueeze(0))[0].double()
        log_prior = torch.distributions.Normal(0.0, 1.0).log_prob(z).sum(1)
        log_weight = log_likelihood + log_prior - log_density(z, weights, centres, factors)
        total.append(log_weight.logsumexp(0))
        squares.append((2 * log_weight).logsumexp(0))
    log_total, log_squares = torch.stack(total).logsumexp(0), torch.stack(squares).logsumexp(0)
    # The relative variance of a mean of weights: (mean of squares / squared mean - 1) / samples.
    relative = ((log_squares - 2 * log_total).exp() - 1 / samples).clamp(min=0).sqrt()
    return float(log_total - math.log(samples)), float(relative)


def log_density(z: Tensor, weights: Tensor, centres: Tensor, factors: Tensor) -> Tensor:
    """The mixture's log-density: each component a two-dimensional Student's t, 1/(2π|L|) (1 + r²/ν)^(-(ν+2)/2)."""
    away = (z.unsqueeze(1) - centres).unsqueeze(3)
    distance = torch.linalg.solve_triangular(factors, away, upper=False).square().sum((2, 3))
    log_scale = factors.diagonal(dim1=1, dim2=2).log().sum(1) + math.log(2 * math.pi)
    components = -(DEGREES + 2) / 2 * torch.log1p(distance / DEGREES) - log_scale + weights.log()
    return components.logsumexp(1)
