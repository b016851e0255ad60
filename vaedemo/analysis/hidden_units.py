r"""The units of one wide layer: the features of each, when it fires, and how much noise the layer passes.

For autoencoders 784-d-784 (network "linear"), $h = s(Vx + c)$ and $\hat x = Wh + b$.
"""

import torch
from torch import Tensor
from torch.nn import functional

from vaedemo.analysis.check_arguments import data_for
from vaedemo.models.autoencoder import Autoencoder
from vaedemo.models.doors import behind
from vaedemo.models.networks import UnitColumnLinear
from vaedemo.probability import check_numbers, checks

FIRING = {"relu": 0.0, "sigmoid": 0.5, "linear": 0.0}
BATCH = 1_000


def encoder_features(model: Autoencoder) -> Tensor:
    r"""The input feature of each unit: row $v_j$ of the encoder's weights, as an image.

    $$h_j = s(v_j^\top x + c_j)$$

    Of all images with the same norm, the one parallel to $v_j$ activates unit j most. Returns (d, *data_shape).
    Raises ValueError for an encoder of several layers.
    """
    layer = _only_layer(model.encoder)
    return layer.weight.detach().reshape(model.latent_dim, *model.data_shape)


def decoder_features(model: Autoencoder) -> Tensor:
    r"""The output feature of each unit: column $w_j$ of the decoder's weights, as an image.

    $$\hat x = b + \sum_j h_j\, w_j$$

    Columns have length one under an L1 penalty. Returns (d, *data_shape). Raises ValueError for a decoder of several
    layers.
    """
    layer = _only_layer(model.decoder)
    weight = functional.normalize(layer.weight, dim=0) if isinstance(layer, UnitColumnLinear) else layer.weight
    return weight.detach().T.reshape(model.latent_dim, *model.data_shape)


def _only_layer(network: torch.nn.Sequential) -> torch.nn.Linear:
    found = [module for module in network if isinstance(module, torch.nn.Linear)]
    if len(found) != 1 or len(list(network.parameters())) != 2:
        raise ValueError('Features are images only in a network of one dense layer: choose network="linear".')
    return found[0]


def fires(code: Tensor, units: str) -> Tensor:
    """Which units of a code (N, d) fire: "relu" units above 0, "sigmoid" units above ½, "linear" units not equal to 0.

    Raises `ValueError` for other units or a code that is not finite.
    """
    code, units = checks.array("code", code, "N", "d"), check_numbers.choice("units", units, tuple(FIRING))
    return (code.abs() if units == "linear" else code) > FIRING[units]


@torch.no_grad()
def codes(model: Autoencoder, x: Tensor) -> Tensor:
    """The codes (N, d) of x (N, *data_shape), computed in batches."""
    encode = behind(model, "encode")
    return torch.cat([encode(piece).mean for piece in data_for(model, x).split(BATCH)])


@torch.no_grad()
def squared_error(model: Autoencoder, x: Tensor) -> float:
    r"""Mean squared error per pixel, $\frac{1}{ND}\sum_n \lVert x_n - \hat x_n \rVert^2$, with grey from 0 to 1.

    Raises `ValueError` for no example, or what `reconstruct` raises.
    """
    x, reconstruct = data_for(model, x, least=1), behind(model, "reconstruct")
    return sum((reconstruct(piece) - piece).square().sum().item() for piece in x.split(BATCH)) / x.numel()


@torch.no_grad()
def noise_passed(model: Autoencoder, x: Tensor, noise: Tensor) -> float:
    r"""The share of the noise added to images that is in the output: 0 if all is removed, 1 if all is copied.

    $$\frac{\sum_n \varepsilon_n^\top \bigl( r(x_n + \varepsilon_n) - r(x_n) \bigr)}
    {\sum_n \lVert \varepsilon_n \rVert^2}$$

    For small isotropic noise its mean is $\operatorname{tr} J / D$, with J the Jacobian of the reconstruction r. For a
    linear map this holds for noise of any size: PCA with d axes passes d/D, the identity passes 1.
    `x`, `noise`: (N, *data_shape). The noisy images are not clipped. Raises `ValueError` for other shapes, noise
    that is 0 everywhere, or numbers that are not finite.
    """
    x = data_for(model, x, least=1)
    noise = checks.to_like("noise", checks.array("noise", noise, *x.shape), x)
    if not noise.any():
        raise ValueError("noise must not be 0 throughout: no share of it could be told.")
    reconstruct = behind(model, "reconstruct")
    pairs = zip(x.split(BATCH), noise.split(BATCH), strict=True)
    passed = sum((each * (reconstruct(piece + each) - reconstruct(piece))).sum().item() for piece, each in pairs)
    return passed / noise.square().sum().item()


@torch.no_grad()
def error_on(model: Autoencoder, x: Tensor) -> float:
    r"""The mean relative distance between r(x) and x: 0 for a copy.

    $$\frac1N \sum_n \frac{\lVert r(x_n) - x_n \rVert}{\lVert x_n \rVert}$$

    Raises `ValueError` for no example or one that is 0 everywhere.
    """
    x, reconstruct = data_for(model, x, least=1), behind(model, "reconstruct")
    if not x.flatten(1).any(dim=1).all():
        raise ValueError("x must hold no example that is 0 throughout: an error relative to it is not defined.")
    out = torch.cat([reconstruct(piece) for piece in x.split(BATCH)])
    return ((out - x).flatten(1).norm(dim=1) / x.flatten(1).norm(dim=1)).mean().item()


def shuffled_pixels(x: Tensor, generator: torch.Generator) -> Tensor:
    """Images with randomly permuted pixels, a new order for each: noise with the grey values of the image.

    `x`: (N, ...), of any type; the result has the same. Raises `ValueError` for numbers that are not finite.
    """
    x, generator = checks.as_tensor("x", x), check_numbers.one_generator(generator)
    checks.check_shape("x", x, ("N", "D", ...))
    checks.check_range("x", x)
    order = torch.rand(x.flatten(1).shape, generator=generator).argsort(dim=1)
    return x.flatten(1).gather(1, order).reshape(x.shape)
