r"""A decoder without torch: its layers as plain arrays, or, if that is impossible, a sheet of decoded codes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from vaedemo.models.networks import Reshape, UnitColumnLinear
from vaedemo.probability import check_numbers, checks
from vaedemo.probability.likelihoods import CLASSES

MOST_NUMBERS = 2_000_000  # most weights sent to a browser: 8 MB, and about 2 ms per decode there
SHEET_SIDE = 33


@dataclass(frozen=True)
class Layers:
    r"""A decoder of linear layers with ReLU between them, as arrays that any language can run.

    $$h_0 = z, \qquad h_l = \max(0,\, W_l h_{l-1} + b_l), \qquad a = W_L h_{L-1} + b_L, \qquad \hat x = m(a)$$

    m is the mean of p(x|z), by the likelihood's `browser_mean`: the sigmoid of a (bernoulli), a itself (gaussian),
    1/(1 − e^{−a}) − 1/a (continuous bernoulli), or Σ_k k/(L − 1) softmax_k(a) over a pixel's L grey levels.

    `weights`: pairs W (outputs, inputs), b (outputs,), float32. `mean`: the name of m. `levels`: the output holds so
    many blocks of pixels. `shape`: of one x, (C, H, W) or (2,).
    """

    weights: Sequence[tuple[np.ndarray, np.ndarray]]
    mean: str
    levels: int
    shape: tuple[int, ...]

    @property
    def numbers(self) -> int:
        """The number of weights."""
        return sum(matrix.size + bias.size for matrix, bias in self.weights)


@torch.no_grad()
def layers(model) -> Layers | None:
    """The layers of a model's decoder, or None if it has others than linear layers and ReLUs."""
    modules = list(model.decoder)
    *body, last = modules
    sound = all(isinstance(module, nn.Linear if index % 2 == 0 else nn.ReLU) for index, module in enumerate(body))
    if not sound or len(body) % 2 == 0 or not isinstance(last, Reshape):
        return None
    weights = [(_effective(module).numpy().copy(), module.bias.numpy().copy()) for module in body[::2]]
    likelihood = CLASSES[model.config.resolved_likelihood]
    return Layers(weights, likelihood.browser_mean.name, likelihood.outputs(model.config.levels), model.data_shape)


def _effective(module: nn.Linear) -> Tensor:
    """The matrix that multiplies the input, with unit columns if the layer normalises them."""
    weight = module.weight.detach()
    return functional.normalize(weight, dim=0) if isinstance(module, UnitColumnLinear) else weight


@torch.no_grad()
def sheet(model, base: Tensor, axes: tuple[int, int], extent: float, side: int = SHEET_SIDE) -> np.ndarray:
    r"""Decoded means on a regular grid of codes, a square in the plane of two latent axes.

    $$z_{ij} = \text{base} \text{ with } z_{a} = -e + \frac{2 e\, i}{s - 1}, \quad z_{b} = -e + \frac{2 e\, j}{s - 1}$$

    `base`: the code (latent_dim,) that gives the other axes. `axes`: (a, b), horizontal and vertical. `extent`: e, in
    the units of z. `side`: s. Returns float32 (s, s, *data_shape): rows from the lowest z_b to the highest.
    Between its nodes a sheet can only be interpolated: pixels fade where the decoder would move them.
    Raises `ValueError` for axes that are equal or do not exist, an extent that is not positive or a side below 2.
    """
    extent, side = check_numbers.number("extent", extent, above=0), check_numbers.count("side", side, 2)
    along = torch.linspace(-extent, extent, side)
    codes = on_plane(base, axes, torch.cartesian_prod(along, along).flip(1))
    decoded = torch.cat([model.decode(part).mean for part in codes.split(256)])
    return decoded.reshape(side, side, *model.data_shape).numpy()


def on_plane(base: Tensor, axes: tuple[int, int], places: Tensor) -> Tensor:
    """Codes (n, latent_dim): `base` (latent_dim,), with its entries on two axes replaced by each of (n, 2).

    Raises `ValueError` for axes that are equal or do not exist, or numbers that are not finite.
    """
    base, places = checks.array("base", base, "d", least=2), checks.array("places", places, "n", 2)
    axes = tuple(check_numbers.count("axis", axis, 0, len(base) - 1) for axis in axes)
    if len(axes) != 2 or axes[0] == axes[1]:
        raise ValueError(f"Codes on a plane take 2 different axes from 0 to {len(base) - 1}, got {axes}.")
    codes = base.repeat(len(places), 1)
    codes[:, list(axes)] = places.to(base.dtype)
    return codes
