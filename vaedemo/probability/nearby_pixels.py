r"""log p(x|z) of one image at many codes close together, and its slope in z, in a few passes over the pixels."""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from vaedemo.probability import checks, gradients
from vaedemo.probability.check_models import one_image
from vaedemo.probability.likelihood_matrix import own_log_likelihood
from vaedemo.probability.likelihoods.bernoulli import Bernoulli
from vaedemo.probability.nearby import nearby_unchecked
from vaedemo.probability.softplus import sum_softplus

__all__ = [
    "log_likelihood",
    "log_likelihood_unchecked",
    "value_and_slope",
    "value_and_slope_unchecked",
]

CODES_AT_ONCE = 256  # their pixels stay in a processor core's own cache
CERTAIN = 18.0  # nats: e to the minus this is below the rounding of 1 in float32
MOST_UNITS = 0.5  # share of the hidden units that bend between the codes: with more, there is nothing to gain
PIXELS_IN_A_PRODUCT = 64
SMALLEST = 1e-36  # of a product of probabilities; float32 goes to 1e-38


class Pixels(NamedTuple):
    r"""log p(x|z) in a box of codes: a linear form of the hidden units, less what the pixels' uncertainty costs.

    $$\log p(x|z) = g^\top h + g_0 + \sum_i \log \sigma(\kappa_i), \qquad
    h = \mathrm{relu}(A z + c), \quad \kappa = B h + b$$

    σ(κ) is the probability of a pixel's own side, black or white, that on which it is in the middle of the box: κ is
    its logit η where it is white, −η where it is black. What x has on the other side is linear in η, and in g and g₀.
    `into`: A and c of the M hidden units. `linear`: g (M,) and g₀, float64. `sides`: B (P, M) and b (P, 1) of the P
    pixels that are not certain.
    """

    into: tuple[Tensor, Tensor]
    linear: tuple[Tensor, Tensor]
    sides: tuple[Tensor, Tensor]


@torch.no_grad()
def log_likelihood(model, x: Tensor, z: Tensor) -> Tensor:
    r"""log p(x|z) of one image x (1, ...) at codes z (N, d): (N,), float64, in nats.

    For a Bernoulli decoder of one hidden layer the work is that of `Pixels`; any other, or codes far apart, are decoded
    as they are. Raises `ValueError` for more than one image, and for x or z of another shape, range or not finite.
    """
    x, z = one_image("log_likelihood", model, x), checks.codes_for(model, z)
    return log_likelihood_unchecked(model, x, z) if len(z) else z.new_zeros(0, dtype=torch.float64)


@torch.no_grad()
def log_likelihood_unchecked(model, x: Tensor, z: Tensor) -> Tensor:
    """`log_likelihood` of a checked image at checked codes, for searches that call it many times."""
    found = pixels(model, x, z)
    if found is None:
        return own_log_likelihood(nearby_unchecked(model, z), x, z.unsqueeze(0))[0].double()
    return torch.cat([value_of(found, *outputs(found, part)) for part in z.split(CODES_AT_ONCE)])


@torch.no_grad()
def value_and_slope(model, x: Tensor, z: Tensor) -> tuple[Tensor, Tensor]:
    r"""`log_likelihood` (N,), float64, and its gradient with respect to each z, (N, d).

    $$\nabla_z \log p(x|z) = A^\top \Bigl[\mathbb{1}(h > 0) \odot \bigl(g + B^\top (1 - \sigma(\kappa))\bigr)\Bigr]$$

    Raises `ValueError` as `log_likelihood`.
    """
    x, z = one_image("value_and_slope", model, x), checks.codes_for(model, z)
    if len(z) == 0:
        return z.new_zeros(0, dtype=torch.float64), torch.zeros_like(z)
    return value_and_slope_unchecked(model, x, z)


@torch.no_grad()
def value_and_slope_unchecked(model, x: Tensor, z: Tensor) -> tuple[Tensor, Tensor]:
    """`value_and_slope` of a checked image at checked codes, for searches that call it many times."""
    found = pixels(model, x, z)
    if found is None:
        value, slope = gradients.value_and_slope(nearby_unchecked(model, z), x, z)
        return value.double(), slope
    values, slopes = [], []
    for part in z.split(CODES_AT_ONCE):
        hidden, certainty = outputs(found, part)
        values.append(value_of(found, hidden, certainty))
        doubt = certainty.neg_().add_(1)
        pull = torch.addmm(found.linear[0].to(z).unsqueeze(1), found.sides[0].T, doubt).mul_(hidden > 0)
        slopes.append((found.into[0].T @ pull).T)
    return torch.cat(values), torch.cat(slopes)


def outputs(found: Pixels, z: Tensor) -> tuple[Tensor, Tensor]:
    """The hidden units h (M, n) and σ(κ), the probability of each pixel's own side, (P, n)."""
    (weight, shift), (rows, offset) = found.into, found.sides
    hidden = torch.addmm(shift, weight, z.T).relu_()
    return hidden, torch.addmm(offset, rows, hidden).sigmoid_()


def value_of(found: Pixels, hidden: Tensor, certainty: Tensor) -> Tensor:
    """log p(x|z) of each code, (n,), float64."""
    slope, constant = found.linear
    value = slope @ hidden.double() + constant
    # One logarithm for many pixels.
    products = torch.stack([run.prod(0) for run in certainty.split(PIXELS_IN_A_PRODUCT)])
    if products.amin() > SMALLEST:
        return value + products.double().log_().sum(0)
    rows, offset = found.sides  # codes so far apart that many pixels change sides
    return value - sum_softplus(-torch.addmm(offset, rows, hidden).T)


def pixels(model, x: Tensor, z: Tensor) -> Pixels | None:
    """The pixels of an image x (1, ...) in the box around the codes z (N, d); None where that is no help."""
    smaller = nearby_unchecked(model, z)
    if smaller is model or smaller.decoder[0].out_features > MOST_UNITS * model.decoder[0].out_features:
        return None
    if type(smaller.decode(z[:1])) is not Bernoulli or not only_reshapes(smaller.decoder, z):
        return None
    first, _, second = smaller.decoder[:3]
    middle, reach = box_through(first, 0.5 * (z.amax(0) + z.amin(0)), 0.5 * (z.amax(0) - z.amin(0)))
    low, high = (middle - reach).relu(), (middle + reach).relu()
    middle, reach = box_through(second, 0.5 * (high + low), 0.5 * (high - low))
    white = middle > 0
    own_side = 2 * white.to(z) - 1
    uncertain = (own_side * middle - reach < CERTAIN).nonzero().squeeze(1)
    rows = torch.cat([second.weight, second.bias.unsqueeze(1)], dim=1)
    linear = (x.flatten() - white.to(x)).double() @ rows.double()
    weight, offset = (own_side.unsqueeze(1) * rows)[uncertain].split([len(linear) - 1, 1], dim=1)
    return Pixels((first.weight, first.bias.unsqueeze(1)), (linear[:-1], linear[-1]), (weight.contiguous(), offset))


def box_through(layer: nn.Linear, middle: Tensor, reach: Tensor) -> tuple[Tensor, Tensor]:
    """The middle and the half width of what a dense layer puts out for a box of inputs."""
    return layer(middle), layer.weight.abs() @ reach


def only_reshapes(decoder: nn.Sequential, like: Tensor) -> bool:
    """Whether what follows the two dense layers leaves the numbers as they are."""
    numbers = torch.linspace(-1, 1, decoder[2].out_features).to(like)
    return torch.equal(decoder[3:](numbers.unsqueeze(0)).flatten(), numbers)
