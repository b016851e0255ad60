r"""log p(x|z) of many images at many codes as one matrix product, so that no (images × codes × pixels) tensor is made.

Each likelihood is an exponential family in x: its log is a product of features of x with slopes that depend on z,
plus a term of z alone and a term of x alone.
"""

import math
from typing import NamedTuple

import torch
from torch import Tensor

from vaedemo.probability import checks
from vaedemo.probability.likelihoods import (
    Bernoulli,
    Categorical,
    ContinuousBernoulli,
    Gaussian,
    reconstruction_unchecked,
)

__all__ = ["log_likelihood", "log_likelihood_unchecked", "log_prior", "log_prior_unchecked"]

DECODED_VALUES = 2**21  # numbers that a decoder puts out at once: the bound on memory, and small enough for caches
MOST_CODES = 2**13  # decoded at once, for hidden layers may be wider than the output
# A product of this many factors between 1 and 2 stays far below float32's largest number, 2^128.
FACTORS_IN_A_PRODUCT = 112
# e to this power is lost beside 1, in float64 too; far below it a processor takes ten times as long for each number.
NOTHING_BESIDE_ONE = -40.0


class LinearForm(NamedTuple):
    r"""log p(x|z) = T(x)·η(z) − A(z) + B(x).

    `features`: T(x), shape (N, F). `slopes`: η(z), shape (G, F). `offsets`: −A(z), shape (G,). `base`: B(x), shape
    (N,), or 0.
    """

    features: Tensor
    slopes: Tensor
    offsets: Tensor
    base: Tensor | float


def log_likelihood(distribution, x: Tensor) -> Tensor:
    r"""log p(x|z) of each of N examples at each of G decoded codes.

    $$\log p(x_n \mid z_g) = T(x_n) \cdot \eta(z_g) - A(z_g) + B(x_n)$$

    For Bernoulli pixels T(x) = x, η are the logits and A = Σ log(1 + e^η). `distribution`: what `model.decode` gave
    for G codes. `x`: (N, ...). Returns (N, G), in nats per example; float64 where the likelihood is gaussian, for
    there the product is a small difference of large numbers. A distribution that is none of this project's four is
    asked for `log_prob` one example at a time.
    Raises `ValueError` for x of another shape or outside the likelihood's support.
    """
    if hasattr(distribution, "checked"):
        # One example at most is broadcast: the codes are another axis than the examples.
        x = checks.as_tensor("x", x)
        if x.ndim == 0 or x.shape[1:] != distribution.shape[1:]:
            raise ValueError(f"x has shape {tuple(x.shape)}, but the likelihood is over {tuple(distribution.shape)}.")
        x = distribution.checked(x.unsqueeze(1)).squeeze(1)
    return log_likelihood_unchecked(distribution, x)


def log_likelihood_unchecked(distribution, x: Tensor) -> Tensor:
    """`log_likelihood` of x that is known to lie in the support."""
    form = linear_form(distribution, x)
    if form is None:
        return torch.stack([-reconstruction_unchecked(distribution, example) for example in x.split(1)])
    values = form.features @ form.slopes.T
    values += form.offsets
    if isinstance(form.base, Tensor):
        values += form.base.unsqueeze(1)
    return values


def log_likelihood_of_own(distribution, x: Tensor) -> Tensor:
    """log p(x|z) where each of N examples has K codes of its own: N · K decoded codes, K in a row. Returns (N, K)."""
    form = linear_form(distribution, x)
    if form is None:
        copies = distribution.shape[0] // len(x)
        return -reconstruction_unchecked(distribution, x.repeat_interleave(copies, dim=0)).reshape(len(x), copies)
    slopes = form.slopes.reshape(len(x), -1, form.slopes.shape[1])
    values = (slopes @ form.features.unsqueeze(2)).squeeze(2) + form.offsets.reshape(len(x), -1)
    return values + form.base.unsqueeze(1) if isinstance(form.base, Tensor) else values


def linear_form(distribution, x: Tensor) -> LinearForm | None:
    """The exponential-family form of a likelihood at x; None for a distribution without a known one."""
    if type(distribution) is Bernoulli:
        logits = distribution.logits.flatten(1)
        return LinearForm(x.flatten(1).to(logits.dtype), logits, -sum_softplus(logits), 0.0)
    if type(distribution) is ContinuousBernoulli:
        logits = distribution.logits.flatten(1)
        at_zero = distribution.log_prob_unchecked(torch.zeros_like(distribution.logits)).flatten(1).sum(1)
        return LinearForm(x.flatten(1).to(logits.dtype), logits, at_zero, 0.0)
    if type(distribution) is Categorical:
        log_masses = distribution.logits.log_softmax(1).flatten(1)
        return LinearForm(
            one_hot(x, distribution.levels).to(log_masses.dtype), log_masses, log_masses.new_zeros(len(log_masses)), 0
        )
    if type(distribution) is Gaussian and torch.as_tensor(distribution.variance).numel() == 1:
        mean, data = distribution.mean.flatten(1).double(), x.flatten(1).double()
        variance = float(distribution.variance)
        constant = 0.5 * mean.shape[1] * math.log(2 * math.pi * variance)
        offsets = -0.5 * mean.square().sum(1) / variance - constant
        return LinearForm(data, mean / variance, offsets, -0.5 * data.square().sum(1) / variance)
    return None


def sum_softplus(logits: Tensor) -> Tensor:
    r"""Σ log(1 + e^η) over all but the first axis, ten times faster than one logarithm for each pixel.

    $$\sum_i \log(1 + e^{\eta_i}) = \sum_i \max(\eta_i, 0) + \log \prod_i \bigl(1 + e^{-|\eta_i|}\bigr)$$

    `logits`: η, shape (G, D). Returns (G,), in nats. The product is taken over `FACTORS_IN_A_PRODUCT` pixels at a
    time, so that it cannot overflow.
    """
    size = logits.abs()
    positive_part = 0.5 * (logits.sum(1) + size.sum(1))
    factors = size.neg_().clamp_(min=NOTHING_BESIDE_ONE).exp_().add_(1)
    return positive_part + sum(group.prod(1).log() for group in factors.split(FACTORS_IN_A_PRODUCT, dim=1))


def one_hot(x: Tensor, levels: int) -> Tensor:
    """x in [0, 1] as (N, levels · D) zeros and ones, by the rule of `Categorical.log_prob`."""
    level = torch.floor(x * (levels - 1) + 0.5).clamp(0, levels - 1)
    grey = torch.arange(levels, dtype=level.dtype, device=x.device)
    return (level.unsqueeze(1) == grey.reshape(-1, *[1] * (x.ndim - 1))).flatten(1)


def log_prior(z: Tensor) -> Tensor:
    r"""The log-density of the prior.

    $$\log p(z) = -\tfrac{1}{2} \lVert z \rVert^2 - \tfrac{d}{2} \log 2\pi$$

    `z`: (..., d). Returns (...), in nats. Raises `ValueError` for z that is not finite.
    """
    return log_prior_unchecked(checks.array("z", z, ..., "d"))


def log_prior_unchecked(z: Tensor) -> Tensor:
    """`log_prior` without checks."""
    return -0.5 * (z.square().sum(-1) + z.shape[-1] * math.log(2 * math.pi))


def codes_at_once(model, x: Tensor) -> int:
    """How many codes to decode at once, so that at most `DECODED_VALUES` numbers stand in memory."""
    outputs = x[0].numel() * getattr(getattr(model, "config", None), "levels", 1)
    return min(MOST_CODES, max(1, DECODED_VALUES // max(1, outputs)))


def own_log_likelihood(model, x: Tensor, z: Tensor) -> Tensor:
    """log p(x|z), (N, K), of codes z (N, K, d), K for each of the checked x (N, ...): a few are decoded at once."""
    if len(x) == 0:
        return z.new_empty(z.shape[:2])
    at_once = codes_at_once(model, x)
    if z.shape[1] > at_once:
        pieces = [own_log_likelihood(model, x, part) for part in z.split(at_once, dim=1)]
        return torch.cat(pieces, dim=1)
    rows = max(1, at_once // z.shape[1])
    values = None
    for start in range(0, max(len(x), 1), rows):
        part, own = x[start : start + rows], z[start : start + rows]
        found = log_likelihood_of_own(model.decode(own.flatten(0, 1)), part)
        if values is None:
            values = found.new_empty(len(x), z.shape[1])
        # Into one place: small results, if kept, come to lie between large blocks, which then are not used again.
        values[start : start + rows] = found
    return values
