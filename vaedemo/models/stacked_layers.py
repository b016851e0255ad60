"""Layers of K networks at once: one tensor with the weights of K equal layers, one batched product.

All layers map (K, N, …) to (K, N, …). All K networks share an input of shape (1, N, …).
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from vaedemo.models.networks import CentredLinear, Reshape, UnitColumnLinear, UpsampleStage


class StackedLinear(nn.Module):
    r"""$y_k = x_k W_k^\top + b_k$: weights (K, outputs, inputs), biases (K, outputs)."""

    def __init__(self, members: Sequence[nn.Linear]):
        super().__init__()
        self.unit_columns = isinstance(members[0], UnitColumnLinear)
        self.mean = members[0].mean if isinstance(members[0], CentredLinear) else None  # of the shared data
        self.weight, self.bias = together(members, "weight"), together(members, "bias")

    def forward(self, x: Tensor) -> Tensor:
        weight = functional.normalize(self.weight, dim=1) if self.unit_columns else self.weight
        own = (x if self.mean is None else x - self.mean).expand(len(weight), *x.shape[1:])
        return torch.baddbmm(self.bias.unsqueeze(1), own, weight.transpose(1, 2))


class StackedConvolution(nn.Module):
    """K convolutions of the same form: weights (K, out, in, height, width).

    They run in sequence: one convolution with K groups gives the same result and was twice as slow on the CPU.
    """

    def __init__(self, members: Sequence[nn.Conv2d]):
        super().__init__()
        self.stride, self.padding = members[0].stride, members[0].padding
        self.weight, self.bias = together(members, "weight"), together(members, "bias")

    def forward(self, x: Tensor) -> Tensor:
        own = x.expand(len(self.weight), *x.shape[1:])
        parts = zip(own, self.weight, self.bias, strict=True)
        return torch.stack([functional.conv2d(*part, self.stride, self.padding) for part in parts])


class StackedUpsampleStage(nn.Module):
    """K of `UpsampleStage`."""

    def __init__(self, members: Sequence[UpsampleStage]):
        super().__init__()
        self.convolution = StackedConvolution([member.convolution for member in members])
        self.size = members[0].size

    def forward(self, x: Tensor) -> Tensor:
        height, width = self.size
        return functional.pixel_shuffle(self.convolution(x), 2)[..., :height, :width]


class Behind(nn.Module):
    """A layer without weights, applied to each network's (N, …)."""

    def __init__(self, layer: nn.Module):
        super().__init__()
        self.layer = layer

    def forward(self, x: Tensor) -> Tensor:
        return self.layer(x.flatten(0, 1)).unflatten(0, x.shape[:2])


def together(members: Sequence[nn.Module], name: str) -> nn.Parameter:
    """Stack the members' parameters into one (K, …) and make theirs views of it, so both train together."""
    own = [getattr(member, name) for member in members]
    stacked = nn.Parameter(torch.stack([parameter.detach() for parameter in own]))
    for parameter, part in zip(own, stacked.detach(), strict=True):
        parameter.data = part
    return stacked


def stacked_network(members: Sequence[nn.Sequential]) -> nn.Sequential:
    """K networks of one form as a single network. Raises TypeError for a kind of layer that cannot be stacked."""
    return nn.Sequential(*(stacked_layer(layers) for layers in zip(*members, strict=True)))


STACKED = {
    nn.Linear: StackedLinear,
    UnitColumnLinear: StackedLinear,
    CentredLinear: StackedLinear,
    nn.Conv2d: StackedConvolution,
    UpsampleStage: StackedUpsampleStage,
    nn.ReLU: lambda members: nn.ReLU(),
    nn.Flatten: lambda members: Behind(members[0]),
    Reshape: lambda members: Behind(members[0]),
}


def stacked_layer(members: Sequence[nn.Module]) -> nn.Module:
    """K layers as one. Only exactly these classes, because a subclass may compute something else."""
    kinds = {type(member) for member in members}
    unknown = sorted(kind.__name__ for kind in kinds if kind not in STACKED)
    if unknown or len(kinds) > 1:
        names = ", ".join(unknown or sorted(kind.__name__ for kind in kinds))
        raise TypeError(f"{names} layers cannot be stacked.")
    return STACKED[kinds.pop()](members)
