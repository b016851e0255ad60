"""Encoders and decoders: plain multi-layer, convolutional and linear networks, described by a `RunConfig`.

An encoder maps data (N, *data_shape) to (N, outputs); a decoder maps codes (N, latent_dim) to
(N, channels, *data_shape), where `channels` counts the parameters of each value's distribution.
"""

import math
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

from vaedemo.config import RunConfig


class UnitColumnLinear(nn.Linear):
    r"""A linear layer $y = \hat W z + b$ whose columns are scaled to length one, $\hat w_j = w_j / \lVert w_j \rVert$.

    An L1 penalty on the code needs it: otherwise codes shrink and weights grow, and the penalty has no effect.
    """

    def forward(self, z: Tensor) -> Tensor:
        return functional.linear(z, functional.normalize(self.weight, dim=0), self.bias)


class CentredLinear(nn.Linear):
    r"""A linear layer that subtracts a fixed mean from its input, $y = W(x - m) + b$; only for training.

    It shares the parameters of `layer`. The gradient of W then has no component along the mean, which all examples
    share, so one learning rate suits more of its directions. `mean`: (inputs,), not saved with the weights.
    """

    def __init__(self, layer: nn.Linear, mean: Tensor):
        super().__init__(layer.in_features, layer.out_features, device="meta")
        self.weight, self.bias = layer.weight, layer.bias
        self.register_buffer("mean", mean.to(layer.weight), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        return functional.linear(x - self.mean, self.weight, self.bias)

    @torch.no_grad()
    def plain(self) -> nn.Linear:
        """An ordinary layer with the same parameters and outputs: −Wm is added to the bias, in place."""
        self.bias -= self.weight @ self.mean
        layer = nn.Linear(self.in_features, self.out_features, device="meta")
        layer.weight, layer.bias = self.weight, self.bias
        return layer


class Reshape(nn.Module):
    """(N, …) to (N, *shape)."""

    def __init__(self, *shape: int):
        super().__init__()
        self.shape = shape

    def forward(self, x: Tensor) -> Tensor:
        return x.reshape(x.shape[0], *self.shape)


class UpsampleStage(nn.Module):
    """Double the height and width by a convolution and a pixel shuffle, cropped to the encoder's size."""

    def __init__(self, channels_in: int, channels_out: int, size: tuple[int, int]):
        super().__init__()
        self.convolution = nn.Conv2d(channels_in, 4 * channels_out, kernel_size=3, padding=1)
        self.size = size

    def forward(self, x: Tensor) -> Tensor:
        height, width = self.size
        return functional.pixel_shuffle(self.convolution(x), 2)[..., :height, :width]


def layers(widths: list[int]) -> list[nn.Module]:
    """Linear layers of these widths with a ReLU after each."""
    return [module for before, after in pairwise(widths) for module in (nn.Linear(before, after), nn.ReLU())]


def stage_sizes(height: int, width: int, stages: int) -> list[tuple[int, int]]:
    """Heights and widths before the first stage and after each stride-2 convolution (kernel 3, padding 1)."""
    sizes = [(height, width)]
    for _ in range(stages):
        sizes.append(((sizes[-1][0] + 1) // 2, (sizes[-1][1] + 1) // 2))
    return sizes


def encoder(config: RunConfig, data_shape: tuple[int, ...], outputs: int) -> nn.Sequential:
    """The encoder of a config: (N, *data_shape) to (N, outputs); ReLU between layers, none at the end."""
    if config.network == "conv":
        channels, height, width = data_shape
        sizes = stage_sizes(height, width, len(config.hidden))
        modules: list[nn.Module] = []
        for before, after in zip((channels, *config.hidden), config.hidden, strict=False):
            modules += [nn.Conv2d(before, after, kernel_size=3, stride=2, padding=1), nn.ReLU()]
        features = config.hidden[-1] * math.prod(sizes[-1])
        return nn.Sequential(*modules, nn.Flatten(), nn.Linear(features, outputs))
    widths = [math.prod(data_shape), *config.hidden]
    return nn.Sequential(nn.Flatten(), *layers(widths), nn.Linear(widths[-1], outputs))


def decoder(config: RunConfig, data_shape: tuple[int, ...], channels: int) -> nn.Sequential:
    """The decoder of a config, its encoder mirrored: (N, latent_dim) to (N, channels, *data_shape)."""
    unit_columns = config.sparsity > 0 and config.sparsity_kind == "l1"
    first_layer = UnitColumnLinear if unit_columns else nn.Linear
    if config.network == "conv":
        depth, height, width = data_shape
        sizes = stage_sizes(height, width, len(config.hidden))
        small = (config.hidden[-1], *sizes[-1])
        modules = [first_layer(config.latent_dim, math.prod(small)), nn.ReLU(), Reshape(*small)]
        outputs = [*reversed(config.hidden[:-1]), channels * depth]
        for before, after, size in zip(reversed(config.hidden), outputs, reversed(sizes[:-1]), strict=True):
            modules += [UpsampleStage(before, after, size), nn.ReLU()]
        return nn.Sequential(*modules[:-1], Reshape(channels, *data_shape))
    widths = [config.latent_dim, *reversed(config.hidden), channels * math.prod(data_shape)]
    modules = [first_layer(widths[0], widths[1])]
    for before, after in pairwise(widths[1:]):
        modules += [nn.ReLU(), nn.Linear(before, after)]
    return nn.Sequential(*modules, Reshape(channels, *data_shape))


@torch.no_grad()
def settle(network: nn.Sequential) -> None:
    """Replace the layers that are only for training by ordinary ones; the network's function stays the same."""
    for place, layer in enumerate(network):
        if isinstance(layer, CentredLinear):
            network[place] = layer.plain()


def count_parameters(module: nn.Module) -> int:
    """The number of trainable parameters."""
    return sum(parameter.numel() for parameter in module.parameters())


def soften(raw: Tensor, limit: float = 12.0) -> Tensor:
    r"""Keep a log-variance in a safe range with a gradient that is never zero.

    $$\operatorname{soften}(v) = v \text{ for } |v| \le \ell, \qquad
    \operatorname{sign}(v)\,(\ell + \log(1 + |v| - \ell)) \text{ beyond}$$

    A hard clamp has gradient zero outside its range, so an axis that leaves the range never returns. This function
    grows like a logarithm, so $\exp$ of it grows only linearly, and its slope $1/(1+|v|-\ell)$ is always positive.
    """
    beyond = (raw.abs() - limit).clamp(min=0)
    return torch.where(beyond > 0, raw.sign() * (limit + torch.log1p(beyond)), raw)
