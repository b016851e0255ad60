r"""What the reconstruction loss of one pixel looks like, and why σ² and β are one knob."""

import math

import torch
from torch import Tensor

from vaedemo.likelihood_index import POINT_LIKELIHOODS
from vaedemo.probability import checks, likelihoods
from vaedemo.probability.check_numbers import count, number

__all__ = ["gaussian_objective", "one_knob", "pixel_loss", "true_level_logits"]


def pixel_loss(
    name: str, x: float | Tensor, prediction: Tensor, *, noise_variance: float = 1.0, levels: int = 2
) -> Tensor:
    r"""The reconstruction loss of one pixel as its prediction moves.

    $$-\log p(x \mid \hat{x}) = \begin{cases}
    \frac{(x - \hat{x})^2}{2 \sigma^2} + \tfrac{1}{2} \log(2 \pi \sigma^2) & \text{gaussian} \\
    -x \log \hat{x} - (1 - x) \log (1 - \hat{x}) & \text{bernoulli} \\
    -x \log \hat{x} - (1 - x) \log (1 - \hat{x}) - \log C(\hat{x}) & \text{continuous Bernoulli} \\
    -\sum_c x_c \log p_c = -\log \hat{x} & \text{categorical} \end{cases}$$

    `x`: the pixel, in [0, 1]. `prediction`: x̂, any shape: the mean of a likelihood of real numbers; the λ of the
    two Bernoullis; for categorical the probability given to the level nearest x, the others sharing the rest evenly.
    Returns x̂'s shape (broadcast with x's), in nats; a density's loss may lie below 0. On grey x the bernoulli row is
    the cross-entropy loss, no −log p.
    Raises `ValueError` for an unknown name, a σ² not above 0, and x̂ not between 0 and 1 where x must be.
    Source: `likelihoods`, whose classes do the computing (of all there are): the curve is what a model is trained
    with.
    """
    likelihoods.check_name(name)
    noise_variance, levels = (
        number("noise_variance", noise_variance, above=0),
        count("levels", levels, 2, likelihoods.MOST_LEVELS),
    )
    prediction = checks.floats("prediction", prediction)
    if isinstance(x, int | float):  # read in the prediction's precision
        x = prediction.new_tensor(x)
    if name in POINT_LIKELIHOODS:
        x = checks.array("x", x)
        checks.check_range("prediction", prediction)
    else:
        x = checks.pixels("x", x)
    checks.check_broadcast(x=x, prediction=prediction)
    x, prediction = torch.broadcast_tensors(x.to(prediction.dtype), prediction)
    shape, x, prediction = prediction.shape, x.reshape(-1), prediction.reshape(-1)
    if name not in POINT_LIKELIHOODS and not ((prediction > 0) & (prediction < 1)).all():
        raise ValueError(f"The prediction of a {name} pixel must lie between 0 and 1, both left out.")
    raw = likelihoods.CLASSES[name].raw_of(prediction, x, levels)
    distribution = likelihoods.make(name, raw, levels=levels, variance=noise_variance)
    return likelihoods.reconstruction_unchecked(distribution, x).reshape(shape)


def true_level_logits(x: Tensor, probability: Tensor, levels: int) -> Tensor:
    """Logits (N, levels) with this probability (N,) on the level nearest each x (N,) and the rest shared evenly.

    Raises `ValueError` for x outside [0, 1], a probability that is not between 0 and 1, or fewer than 2 levels.
    """
    sizes, levels = {}, count("levels", levels, 2, likelihoods.MOST_LEVELS)
    x = checks.pixels("x", x, "N", sizes=sizes)
    probability = checks.array("probability", probability, "N", sizes=sizes)
    if not ((probability > 0) & (probability < 1)).all():
        raise ValueError("Each probability must lie between 0 and 1, both left out.")
    return likelihoods.CLASSES["categorical"].raw_of(probability, x, levels)


def gaussian_objective(
    squared_error: Tensor, kl: Tensor, dimension: int, noise_variance: float = 1.0, beta: float = 1.0
) -> Tensor:
    r"""The loss of a VAE with a Gaussian likelihood, with its constant.

    $$L(\sigma^2, \beta) = \frac{\lVert x - \hat{x} \rVert^2}{2 \sigma^2} + \frac{D}{2} \log(2 \pi \sigma^2)
    + \beta \, \mathrm{KL}\bigl(q(z \mid x) \,\|\, p(z)\bigr)$$

    `squared_error`: ‖x − x̂‖² summed over the D pixels, (N,). `kl`: nats, (N,). `dimension`: D. Returns (N,), in nats.
    With σ² = 1, β = 1 and the constant dropped it is the lecture's ½‖x − x̂‖² + KL.
    Raises `ValueError` for a σ² that is not above 0, a negative β or error, and numbers that are not finite.
    """
    noise_variance, beta = number("noise_variance", noise_variance, above=0), number("beta", beta, 0)
    squared_error, kl = checks.array("squared_error", squared_error, low=0), checks.array("kl", kl)
    checks.check_broadcast(squared_error=squared_error, kl=kl)
    dimension = count("dimension", dimension)
    constant = 0.5 * dimension * math.log(2 * math.pi * noise_variance)
    return squared_error / (2 * noise_variance) + constant + beta * kl


def one_knob(
    squared_error: Tensor, kl: Tensor, dimension: int, noise_variance: float, beta: float
) -> tuple[Tensor, Tensor]:
    r"""Both sides of the identity that makes σ² and β one knob: equal gradients up to the factor 1/σ².

    $$L(\sigma^2, \beta) = \frac{1}{\sigma^2} L(1, \beta \sigma^2) + \frac{D}{2} \Bigl[
    \log(2 \pi \sigma^2) - \frac{1}{\sigma^2} \log(2 \pi) \Bigr]$$

    Arguments as for `gaussian_objective`. Returns the left and the right side, (N,) each, in nats. The bracket does
    not depend on the weights, so training with (σ², β) at a rate r is training with (1, βσ²) at the rate r/σ².
    """
    left = gaussian_objective(squared_error, kl, dimension, noise_variance, beta)
    unit = gaussian_objective(squared_error, kl, dimension, 1.0, beta * noise_variance)
    bracket = math.log(2 * math.pi * noise_variance) - math.log(2 * math.pi) / noise_variance
    return left, unit / noise_variance + 0.5 * dimension * bracket
