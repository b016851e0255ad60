"""The layers of an autoencoder for one image: names, sizes, parameters, activations."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from vaedemo.models.autoencoder import Autoencoder
from vaedemo.models.networks import UpsampleStage, count_parameters
from vaedemo.probability import check_numbers


@dataclass(frozen=True)
class Layer:
    """One layer: `values` (n,) of a dense layer or (channels, height, width), and its number of parameters.

    `part`: input, encoder, code, decoder or output; `kind`: dense, convolution or upsampling, empty for the input.
    """

    part: str
    kind: str
    parameters: int
    values: Tensor

    @property
    def size(self) -> int:
        """The number of values of the layer."""
        return self.values.numel()

    @property
    def shape_text(self) -> str:
        """ "80", or "8 × 14 × 14" (channels, height, width); a single channel is omitted."""
        shape = [side for index, side in enumerate(self.values.shape) if index or side > 1 or self.values.ndim == 1]
        return " × ".join(map(str, shape))


@torch.no_grad()
def layers(model: Autoencoder, x: Tensor) -> list[Layer]:
    r"""The activations of all layers, from the image to its reconstruction.

    $$h^{(0)} = x, \qquad h^{(l)} = \mathrm{relu}\bigl(W^{(l)} h^{(l-1)} + b^{(l)}\bigr), \qquad
    z = h^{(L)} \text{ without relu}, \qquad \hat x = h^{(2L)} \text{ through the likelihood's mean}$$

    `x`: one example, (1, *data_shape), as the model reads it. Returns one `Layer` for the input and one for each
    layer with weights; the last layer of the encoder is the code, that of the decoder the reconstruction. Raises
    ValueError for more than one example, or what `encode` raises.
    """
    x = model.as_data(x)
    if len(x) != 1:
        raise ValueError(f"Activations are shown of one example at a time, got {len(x)}.")
    code = model.encode(x).mean
    found = [Layer("input", "", 0, x[0])]
    found += _walk("encoder", model.encoder, x)
    found[-1] = Layer("code", found[-1].kind, found[-1].parameters, code[0])
    found += _walk("decoder", model.decoder, code)
    found[-1] = Layer("output", found[-1].kind, found[-1].parameters, model.decode(code).mean[0])
    return found


def _walk(part: str, network: nn.Sequential, h: Tensor) -> list[Layer]:
    """The layers of one network: each module with weights, with the activation or reshape that follows it."""
    found: list[Layer] = []
    for module in network:
        h = module(h)
        if parameters := count_parameters(module):
            found.append(Layer(part, _kind_of(module), parameters, h[0]))
        elif found and not isinstance(module, nn.Flatten):
            found[-1] = Layer(part, found[-1].kind, found[-1].parameters, h[0])
    return found


def _kind_of(module: nn.Module) -> str:
    """dense, convolution or upsampling."""
    if isinstance(module, UpsampleStage):
        return "upsampling"
    return "convolution" if isinstance(module, nn.Conv2d) else "dense"


def tiles(layer: Layer) -> tuple[Tensor, int]:
    """A layer's values as images (n, height, width), and the number of images per row of a nearly square sheet.

    A dense layer is one image of its units, row by row, with NaN after the last unit. Each channel is one image.
    """
    values = layer.values
    if values.ndim == 1:
        columns = nearly_square(len(values))
        rows = -(-len(values) // columns)
        picture = values.new_full((rows * columns,), math.nan)
        picture[: len(values)] = values
        return picture.reshape(1, rows, columns), 1
    return values, nearly_square(len(values))


def nearly_square(count: int) -> int:
    """The largest divisor of `count` up to √count as the number of columns; ⌊√count⌋ when only 1 divides.

    Raises `ValueError` for a count below 1.
    """
    count = check_numbers.count("count", count)
    root = math.isqrt(count)
    whole = [columns for columns in range(root, max(root // 2, 1) - 1, -1) if count % columns == 0]
    return whole[0] if whole and (whole[0] > 1 or count < 4) else max(root, 1)
