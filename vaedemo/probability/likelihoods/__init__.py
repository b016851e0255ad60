r"""The likelihoods p(x|z): what a decoder's output means as a distribution over the data.

Each is built from the decoder's raw output and treats every value of x (a pixel, a coordinate) as independent given z.
Each has `.mean` (the picture), `.log_prob(x)` (one number for each value of x, in nats) and `.sample(generator)`.
`log_prob` checks x; its twin `log_prob_unchecked` is for training, where the whole data set was checked before.

A likelihood is one class in one file of this folder (`base.Likelihood` says what it gives) and a line in
`vaedemo.likelihood_index`; all else, from the config to the browser, asks the two.
"""

from importlib import import_module

from torch import Tensor

from vaedemo.likelihood_index import LIKELIHOODS
from vaedemo.probability.check_numbers import count
from vaedemo.probability.grey_levels import MOST_LEVELS
from vaedemo.probability.likelihoods.base import Likelihood

CLASSES: dict[str, type[Likelihood]] = {
    line.name: getattr(import_module(f"{__name__}.{line.name}"), line.title.replace(" ", ""))
    for line in LIKELIHOODS.values()
}
NAMES = tuple(CLASSES)
globals().update({kind.__name__: kind for kind in CLASSES.values()})  # likelihoods.Bernoulli, likelihoods.Gaussian, …

__all__ = [
    "CLASSES",
    "MOST_LEVELS",
    "NAMES",
    "Likelihood",
    "check_name",
    "make",
    "parameters_per_pixel",
    "reconstruction",
    "reconstruction_unchecked",
]
__all__ += [kind.__name__ for kind in CLASSES.values()]


def reconstruction(distribution: Likelihood, x: Tensor) -> Tensor:
    r"""The reconstruction loss of each example: summed over pixels, never averaged.

    $$l_{\mathrm{recon}}(x, z) = -\log p(x \mid z) = -\sum_{i=1}^{D} \log p(x_i \mid z)$$

    `x`: shape (N, ...) as the distribution's; a first axis of 1 is broadcast. Returns (N,), in nats per example.
    Raises `ValueError` where the shapes behind the first axis differ, or x is not in the likelihood's support.
    """
    return reconstruction_unchecked(distribution, distribution.checked(x))


def reconstruction_unchecked(distribution: Likelihood, x: Tensor) -> Tensor:
    """`reconstruction` of x that is known to lie in the support; of the checks only that of the shape is made."""
    shape = shape_of(distribution)
    if x.shape[1:] != shape[1:]:
        raise ValueError(f"x has shape {tuple(x.shape)}, but the likelihood is over {tuple(shape)}.")
    # A distribution from elsewhere, torch's own say, has its log_prob alone.
    loss = distribution.loss_unchecked(x) if isinstance(distribution, Likelihood) else -distribution.log_prob(x)
    return loss.flatten(1).sum(1) if loss.ndim > 1 else loss


def shape_of(distribution) -> tuple[int, ...]:
    """The shape of the data that a likelihood is over; of torch's own distributions, that of their mean."""
    return distribution.shape if hasattr(distribution, "shape") else tuple(distribution.mean.shape)


def parameters_per_pixel(name: str, levels: int = 2) -> int:
    """How many numbers the decoder puts out for each value of x: `levels` if categorical, else 1."""
    check_name(name)
    return CLASSES[name].outputs(count("levels", levels, 2, MOST_LEVELS))


def make(name: str, raw: Tensor, levels: int = 2, variance: float | Tensor = 1.0) -> Likelihood:
    """The likelihood called `name` over a decoder's raw output.

    `raw`: shape (N, ...) as x, the logits (or, of a likelihood of real numbers, the mean itself); for categorical
    (N, levels, ...). `variance`: of the noise, for a likelihood that has one.
    Half precision is widened to float32, for log p is a sum over hundreds of pixels.
    Raises `ValueError` for an unknown name, a wrong number of levels or a variance that is not positive.
    """
    check_name(name)
    own = {"levels": count("levels", levels, 2, MOST_LEVELS), "noise_variance": variance}
    setting = LIKELIHOODS[name].setting
    return CLASSES[name](raw, own[setting]) if setting else CLASSES[name](raw)


def check_name(name: str):
    """Raise `ValueError` for a name that none of the likelihoods has."""
    if name not in NAMES:
        raise ValueError(f"There is no likelihood {str(name)[:60]!r}; there are {', '.join(NAMES)}.")
