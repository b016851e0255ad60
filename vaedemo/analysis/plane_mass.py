"""A density on the plane: its values at the nodes of a grid, and the mass inside the grid."""

import math

import torch
from torch import Tensor

from vaedemo.analysis import latent
from vaedemo.probability import check_numbers
from vaedemo.probability.likelihoods.base import Likelihood
from vaedemo.probability.likelihoods.gaussian import Gaussian

ROWS = 2**16  # points per chunk, so that memory does not grow with the grid
TERMS = 2**22  # terms per chunk of sums in logarithms
SMALLEST_LOG = -600.0  # below this a sum of products is computed in logarithms: float64 loses digits below e^−708
ROUNDINGS = 64  # least width of a cell in rounding errors of its coordinates


def nodes(low: float, high: float, count: int, dtype: torch.dtype = torch.float32) -> Tensor:
    """A grid of count² points (count², 2): the centres of equal cells from `low` to `high`, row by row, x₁ fastest.

    Raises `ValueError` unless `low` is below `high`, for no cell, or for cells too narrow for the type's digits.
    """
    low, high = check_numbers.number("low", low), check_numbers.number("high", high)
    count = check_numbers.count("count", count)
    narrowest = ROUNDINGS * torch.finfo(dtype).eps * max(abs(low), abs(high))
    if not (high - low) / count > narrowest:
        wanted = f"low must be below high, with cells wider than {narrowest:.3g}, what {dtype} can tell apart there"
        raise ValueError(f"{wanted}; got {count} cells from {low:g} to {high:g}.")
    middles = low + (high - low) * (torch.arange(count, dtype=torch.float64) + 0.5) / count
    second, first = torch.meshgrid(middles, middles, indexing="ij")
    return torch.stack([first.flatten(), second.flatten()], dim=1).to(dtype)


@torch.no_grad()
def log_density_map(model, low: float, high: float, count: int) -> Tensor:
    """log p at the cells' centres, (count, count): rows are ascending x₂, columns x₁; nats, in the model's type.

    `model`: anything with `log_prob(x)` and parameters.
    """
    dtype = next(model.parameters()).dtype
    parts = [model.log_prob(points) for points in nodes(low, high, count, dtype).split(ROWS)]
    return torch.cat(parts).reshape(count, count)


def mass(model, low: float, high: float, count: int) -> float:
    r"""The probability of a square, by the midpoint rule.

    $$\int p(x)\, dx \approx \Delta^2 \sum_{i,j} p(x_{ij}), \qquad \Delta = \frac{b - a}{n}$$

    `low`, `high`: a and b, of both axes; `count`: n. It is 1 for a density with all its mass inside. Double n to check
    whether the cells are small enough.
    """
    found = log_density_map(model, low, high, count).double().exp().sum().item()
    return found * ((high - low) / count) ** 2


@torch.no_grad()
def decoded_density_map(model, low: float, high: float, count: int, side: int = 128) -> Tensor:
    r"""log p at the cells' centres, (count, count) as above, of a VAE with two latent axes and Gaussian noise.

    $$p(x) \approx \frac{1}{n^2} \sum_{k=1}^{n^2} \mathcal N\big(x;\, g(z_k),\, \sigma^2 I\big)$$

    z_k: the `side`² codes of the normal's quantile grid, each with the same share of the prior. On a grid of x the
    normals are products over the axes, so the sum is one matrix product.
    Raises `ValueError` for a model of another likelihood.
    """
    middles = nodes(low, high, count, torch.float64)[:count, 0]
    decoded = model.decode(latent.manifold_grid(side))
    if isinstance(decoded, Likelihood) and not isinstance(decoded, Gaussian):
        raise ValueError(f"The likelihood must be gaussian, this model's is {model.config.resolved_likelihood}.")
    offsets = middles.unsqueeze(1) - decoded.mean.double().T.unsqueeze(1)  # (2, count, side²)
    # A Python number has float64 precision.
    variance = float(decoded.variance.flatten()[0]) if isinstance(decoded.variance, Tensor) else decoded.variance
    first, second = -0.5 * offsets.square() / variance - 0.5 * math.log(2 * math.pi * variance)
    found = (second.exp() @ first.exp().T).log()
    # Far from all decoded points the product underflows; there the sum is computed in logarithms.
    rows, columns = (found < SMALLEST_LOG).nonzero(as_tuple=True)
    at_once = max(1, TERMS // side**2)
    for row, column in zip(rows.split(at_once), columns.split(at_once), strict=True):
        found[row, column] = (second[row] + first[column]).logsumexp(dim=1)
    return found - 2 * math.log(side)
