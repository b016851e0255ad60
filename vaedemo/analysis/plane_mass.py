"""An exact density seen on the plane: its values at the nodes of a grid, and the mass that the grid holds."""

import math

import torch
from torch import Tensor

from vaedemo.analysis import latent

ROWS = 2**16  # points at once, so that memory does not grow with the grid


def nodes(low: float, high: float, count: int, dtype: torch.dtype = torch.float32) -> Tensor:
    """A grid of count² points (count², 2): the middles of equal cells from `low` to `high`, row by row, x₁ fastest."""
    middles = low + (high - low) * (torch.arange(count, dtype=torch.float64) + 0.5) / count
    second, first = torch.meshgrid(middles, middles, indexing="ij")
    return torch.stack([first.flatten(), second.flatten()], dim=1).to(dtype)


@torch.no_grad()
def log_density_map(model, low: float, high: float, count: int) -> Tensor:
    """log p at the cells' middles, (count, count): rows are x₂ upwards, columns x₁; nats, in the model's own type.

    `model`: anything with `log_prob(x)` and parameters.
    """
    dtype = next(model.parameters()).dtype
    parts = [model.log_prob(points) for points in nodes(low, high, count, dtype).split(ROWS)]
    return torch.cat(parts).reshape(count, count)


def mass(model, low: float, high: float, count: int) -> float:
    r"""How much of the probability lies in a square, by the midpoint rule.

    $$\int p(x)\, dx \approx \Delta^2 \sum_{i,j} p(x_{ij}), \qquad \Delta = \frac{b - a}{n}$$

    `low`, `high`: a and b, of both axes; `count`: n. 1 for a density whose mass is all inside; the change when n is
    doubled tells whether the cells are small enough.
    """
    cell = (high - low) / count
    return log_density_map(model, low, high, count).double().exp().sum().item() * cell**2


@torch.no_grad()
def decoded_density_map(model, low: float, high: float, count: int, side: int = 128) -> Tensor:
    r"""log p at the cells' middles, (count, count) as above, of a VAE with two latent axes and Gaussian noise.

    $$p(x) \approx \frac{1}{n^2} \sum_{k=1}^{n^2} \mathcal N\big(x;\, g(z_k),\, \sigma^2 I\big)$$

    z_k: the `side`² codes of the normal's quantile grid, each of which stands for as much of the prior. On a grid of x
    the normals are products over the axes, so that all of it is one matrix product.
    """
    decoded = model.decode(latent.manifold_grid(side))
    middles = nodes(low, high, count, torch.float64)[:count, 0]
    offsets = middles.unsqueeze(1) - decoded.mean.double().T.unsqueeze(1)  # (2, count, side²)
    variance = float(torch.as_tensor(decoded.variance).flatten()[0])
    first, second = (-0.5 * offsets.square() / variance).exp() / (2 * math.pi * variance) ** 0.5
    return (second @ first.T / side**2).log()
