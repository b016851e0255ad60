"""The categorical likelihood: a pixel is one of a few grey levels."""

import math

import torch
from torch import Tensor

from vaedemo.probability import checks
from vaedemo.probability.check_numbers import count
from vaedemo.probability.grey_levels import MOST_LEVELS, nearest_level
from vaedemo.probability.likelihoods.base import FAINTEST, BrowserMean, LinearForm, OfPixels, no_nan, uniform

__all__ = ["Categorical"]

EXPECTATION = """(raw, at, size, outputs) => {
    let highest = -Infinity;
    for (let level = 0; level < outputs; level++) highest = Math.max(highest, raw[level * size + at]);
    let [mass, grey] = [0, 0];
    for (let level = 0; level < outputs; level++) {
      const share = Math.exp(raw[level * size + at] - highest);
      mass += share;
      grey += (share * level) / (outputs - 1);
    }
    return grey / mass;
  }"""


class Categorical(OfPixels):
    r"""A free distribution over a few grey levels k/(L − 1), k = 0 … L − 1, on each pixel.

    $$p\Bigl(x = \tfrac{k}{L - 1} \,\Big|\, z\Bigr) = \frac{e^{\eta_k}}{\sum_{j=0}^{L-1} e^{\eta_j}}$$

    A log-mass. `logits`: η, shape (N, levels, ...), the levels on the second axis; `mean` and `sample` drop that axis.
    `log_prob(x)` takes x in [0, 1] of shape (N, ...), moves it to the nearest level (ties to the brighter one) and is
    in nats, of x's shape. With two levels it is the Bernoulli with logit η₁ − η₀.
    Raises `ValueError` where the second axis does not hold `levels` >= 2 entries.
    Source: van den Oord 2016 (arXiv 1601.06759), “Pixels as discrete variables”.
    """

    is_density = False
    browser_mean = BrowserMean("expectation", EXPECTATION)

    def __init__(self, logits: Tensor, levels: int | None = None):
        logits = checks.floats("logits", logits)
        found = logits.shape[1] if logits.ndim > 1 else 0
        if found < 2 or levels not in (None, found):
            wanted = "at least 2" if levels is None else count("levels", levels, 2, MOST_LEVELS)
            raise ValueError(
                f"A categorical likelihood needs {wanted} levels on its logits' second axis, got {tuple(logits.shape)}."
            )
        self.logits = logits
        self.levels = found

    @property
    def shape(self) -> torch.Size:
        return self.logits.shape[:1] + self.logits.shape[2:]

    @property
    def mean(self) -> Tensor:
        """The expected grey value, in [0, 1], shape (N, ...)."""
        greys = torch.linspace(0, 1, self.levels, dtype=self.logits.dtype, device=self.logits.device)
        return self.logits.softmax(1).movedim(1, -1) @ greys

    @staticmethod
    def outputs(levels: int) -> int:
        """One number a grey level."""
        return levels

    @staticmethod
    def start_of_bias(shares: Tensor) -> Tensor:
        """The logarithm of each level's share."""
        return shares.clamp(min=FAINTEST).log()

    @staticmethod
    def raw_of(prediction: Tensor, x: Tensor, levels: int) -> Tensor:
        """Logits (N, levels) with this probability on the level nearest x and the rest shared evenly."""
        others = torch.log1p(-prediction) - math.log(levels - 1)
        own = nearest_level(x, levels).long().unsqueeze(1)
        return others.unsqueeze(1).repeat(1, levels).scatter(1, own, prediction.log().unsqueeze(1))

    def log_prob(self, x: Tensor) -> Tensor:
        """log p(x|z) of each value of x, in nats; raises `ValueError` for x outside [0, 1] or of more axes."""
        x = self.checked(x)
        if x.ndim > len(self.shape):
            raise ValueError(f"x must have the axes of the likelihood's {tuple(self.shape)}, got {tuple(x.shape)}.")
        return self.log_prob_unchecked(x)

    def log_prob_unchecked(self, x: Tensor) -> Tensor:
        """`log_prob` of x that is known to lie in [0, 1]."""
        level = nearest_level(x, self.levels).long()
        shape = torch.broadcast_tensors(level, self.logits[:, 0])[0].shape  # broadcast_shapes imports SymPy, 40 MB
        log_mass = self.logits.log_softmax(1).expand(*shape[:1], self.levels, *shape[1:])
        return log_mass.gather(1, level.expand(shape).unsqueeze(1)).squeeze(1)

    def linear_form_unchecked(self, x: Tensor) -> LinearForm:
        """T(x) is the one-hot vector of each pixel, the slopes are the log-masses."""
        log_masses = self.logits.log_softmax(1).flatten(1)
        grey = torch.arange(self.levels, dtype=x.dtype, device=x.device).reshape(-1, *[1] * (x.ndim - 1))
        one_hot = (nearest_level(x, self.levels).unsqueeze(1) == grey).flatten(1)
        return LinearForm(one_hot.to(log_masses.dtype), log_masses, log_masses.new_zeros(len(log_masses)), 0.0)

    @torch.no_grad()
    def sample(self, generator: torch.Generator) -> Tensor:
        """Grey levels in [0, 1], shape (N, ...), from one uniform number a pixel."""
        u = uniform(no_nan("logits", self.logits)[:, 0], generator).unsqueeze(1)
        level = (self.logits.softmax(1).cumsum(1) <= u).sum(1).clamp(max=self.levels - 1)
        return level.to(self.logits.dtype) / (self.levels - 1)
