r"""log p(x|z) of many images at many codes as one matrix product, so that no (images × codes × pixels) tensor is made.

Most likelihoods are an exponential family in x: the log is a product of features of x with slopes that depend on z,
plus a term of z alone and a term of x alone. The others, such as one of |x − m|, take the examples one by one.
"""

import math

import torch
from torch import Tensor

from vaedemo.probability import checks, likelihoods
from vaedemo.probability.likelihoods import reconstruction_unchecked, shape_of
from vaedemo.probability.likelihoods.base import LinearForm

__all__ = ["log_likelihood", "log_likelihood_unchecked", "log_prior", "log_prior_unchecked"]

DECODED_VALUES = 2**21  # numbers that a decoder puts out at once: the bound on memory, and small enough for caches
MOST_CODES = 2**13  # decoded at once, for hidden layers may be wider than the output


def log_likelihood(distribution, x: Tensor) -> Tensor:
    r"""log p(x|z) of each of N examples at each of G decoded codes.

    $$\log p(x_n \mid z_g) = T(x_n) \cdot \eta(z_g) - A(z_g) + B(x_n)$$

    For Bernoulli pixels T(x) = x, η are the logits and A = Σ log(1 + e^η). `distribution`: what `model.decode` gave
    for G codes. `x`: (N, ...). Returns (N, G), in nats per example; float64 where the likelihood is gaussian, for
    there the product is a small difference of large numbers. A distribution without such a form, or none of this
    project's, is asked for `log_prob` one example at a time.
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
        copies = shape_of(distribution)[0] // len(x)
        return -reconstruction_unchecked(distribution, x.repeat_interleave(copies, dim=0)).reshape(len(x), copies)
    slopes = form.slopes.reshape(len(x), -1, form.slopes.shape[1])
    values = (slopes @ form.features.unsqueeze(2)).squeeze(2) + form.offsets.reshape(len(x), -1)
    return values + form.base.unsqueeze(1) if isinstance(form.base, Tensor) else values


def linear_form(distribution, x: Tensor) -> LinearForm | None:
    """The exponential-family form of a likelihood at x; None for one without, and for a class from elsewhere."""
    own = type(distribution) in likelihoods.CLASSES.values()  # a subclass may have another density
    return distribution.linear_form_unchecked(x) if own else None


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
