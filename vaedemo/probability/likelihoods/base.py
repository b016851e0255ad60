r"""What a likelihood's class gives, and what several of them share: where x may lie, and how they draw."""

from typing import NamedTuple

import torch
from torch import Tensor

from vaedemo.probability import checks
from vaedemo.probability.check_numbers import number, one_generator

__all__ = ["Likelihood"]

FAINTEST = 1e-4  # share of a grey in the data from which a bias starts: that of none would ask for minus infinity


class LinearForm(NamedTuple):
    r"""log p(x|z) = T(x)·η(z) − A(z) + B(x), of N examples at G codes.

    `features`: T(x), shape (N, F). `slopes`: η(z), shape (G, F). `offsets`: −A(z), shape (G,). `base`: B(x), shape
    (N,), or 0.
    """

    features: Tensor
    slopes: Tensor
    offsets: Tensor
    base: Tensor | float


class BrowserMean(NamedTuple):
    """How a browser finds the mean of one value of x from the decoder's raw output.

    `name`: of the formula; likelihoods of one formula share it. `formula`: a JavaScript function of `raw`, an array of
    `outputs` blocks of `size` values each, and of the value's place `at` in a block.
    """

    name: str
    formula: str


class Likelihood:
    """p(x|z), built from a decoder's raw output and, where its line in `likelihood_index` names one, its setting.

    A subclass has `shape` and `mean`, (N, ...), and defines `log_prob_unchecked(x)`, `checked(x)` and
    `sample(generator)`. What it leaves as it is here suits a likelihood with one number a value.
    """

    is_density = True  # False where x is discrete, and p(x|z) a mass
    browser_mean: BrowserMean
    shape: torch.Size
    mean: Tensor

    @staticmethod
    def outputs(levels: int) -> int:
        """How many numbers the decoder puts out for each value of x, given the config's `levels`."""
        return 1

    @staticmethod
    def start_of_bias(shares: Tensor) -> Tensor:
        """The decoder's raw output that is best without knowing z, of the shape of `shares`.

        `shares`: of the training data, the mean of each value (D,), or with the setting `levels` the share of each
        grey level (levels, D).
        """
        raise NotImplementedError

    @staticmethod
    def raw_of(prediction: Tensor, x: Tensor, levels: int) -> Tensor:
        """The raw output of the pixels x (N,) of which the decoder predicts `prediction` (N,); for curves of a loss."""
        raise NotImplementedError

    def log_prob(self, x: Tensor) -> Tensor:
        """log p(x|z) of each value of x, in nats; raises `ValueError` for x outside the support."""
        return self.log_prob_unchecked(self.checked(x))

    def loss_unchecked(self, x: Tensor) -> Tensor:
        """−log p(x|z) of each value of x as training computes it; x is known to lie in the support."""
        return -self.log_prob_unchecked(x)

    def linear_form_unchecked(self, x: Tensor) -> LinearForm | None:
        """log p of all x (N, ...) at all codes as one product; None where there is none: x is then taken one by one."""
        return None


class OfPixels(Likelihood):
    """What the likelihoods of values in [0, 1] have in common: `logits` and a bounded support."""

    logits: Tensor

    def checked(self, x: Tensor) -> Tensor:
        """x in [0, 1], in the type of the logits; bytes are read as x/255.

        Raises `ValueError` for other numbers or a shape that does not fit.
        """
        x = checks.to_like("x", checks.pixels("x", x), self.logits)
        checks.check_broadcast(x=x, likelihood=self.shape)
        return x


class OfLogits(OfPixels):
    """What both likelihoods with one logit a pixel have in common."""

    def __init__(self, logits: Tensor):
        self.logits = checks.floats("logits", logits)

    @property
    def shape(self) -> torch.Size:
        return self.logits.shape

    @staticmethod
    def start_of_bias(shares: Tensor) -> Tensor:
        """The log-odds of each pixel's mean m, log(m / (1 − m))."""
        return shares.clamp(FAINTEST, 1 - FAINTEST).logit()

    @staticmethod
    def raw_of(prediction: Tensor, x: Tensor, levels: int) -> Tensor:
        """The logit of the predicted λ."""
        return prediction.logit()


class OfReals(Likelihood):
    """What the likelihoods of any finite number have in common: the decoder puts out their mean, and all share σ².

    `mean`: any shape (N, ...), in the data's units. `variance`: σ², a number or a tensor that broadcasts against the
    mean, in the data's units squared; a tensor's entries are the caller's to keep positive.
    Raises `ValueError` for a variance that is a number but not positive and finite.
    """

    browser_mean = BrowserMean("identity", "(raw, at) => raw[at]")

    def __init__(self, mean: Tensor, variance: float | Tensor = 1.0):
        self.mean = checks.floats("mean", mean)
        self.variance = variance if isinstance(variance, Tensor) else number("variance", variance, above=0)

    @property
    def shape(self) -> torch.Size:
        return self.mean.shape

    @staticmethod
    def start_of_bias(shares: Tensor) -> Tensor:
        """The mean of each value."""
        return shares

    @staticmethod
    def raw_of(prediction: Tensor, x: Tensor, levels: int) -> Tensor:
        """The predicted mean itself."""
        return prediction

    def checked(self, x: Tensor) -> Tensor:
        """x in the type of the mean; raises `ValueError` for NaN, infinity or a shape that does not fit."""
        as_found = checks.as_tensor("x", x)
        is_bytes = as_found.dtype == torch.uint8 and self.mean.ndim > 2
        x = checks.pixels("x", as_found) if is_bytes else checks.array("x", as_found)
        checks.check_broadcast(x=x, likelihood=self.shape)
        return checks.to_like("x", x, self.mean)


def uniform(like: Tensor, generator: torch.Generator) -> Tensor:
    """Uniform numbers in [0, 1), drawn where the generator lives and moved to where `like` is."""
    one_generator(generator)
    return torch.rand(like.shape, generator=generator, dtype=like.dtype, device=generator.device).to(like.device)


def no_nan(name: str, raw: Tensor) -> Tensor:
    """A decoder's output as it is; raises `ValueError` for NaN, of which comparisons would make a plausible sample."""
    if raw.isnan().any():
        raise ValueError(f"{name} must be numbers, but {int(raw.isnan().sum()):,} of {raw.numel():,} are NaN.")
    return raw
