r"""The likelihoods p(x|z): what a decoder's output means as a distribution over the data.

Each is built from the decoder's raw output and treats every value of x (a pixel, a coordinate) as independent given z.
Each has `.mean` (the picture), `.log_prob(x)` (one number for each value of x, in nats) and `.sample(generator)`.
`log_prob` checks x; its twin `log_prob_unchecked` is for training, where the whole data set was checked before.
"""

import math

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from vaedemo.probability import checks
from vaedemo.probability.check_numbers import count, number, one_generator
from vaedemo.probability.continuous_bernoulli import ContinuousBernoulli
from vaedemo.probability.likelihood_support import OfLogits, OfPixels, no_nan, uniform

__all__ = [
    "NAMES",
    "Bernoulli",
    "Categorical",
    "ContinuousBernoulli",
    "Gaussian",
    "Likelihood",
    "check_name",
    "make",
    "parameters_per_pixel",
    "reconstruction",
    "reconstruction_unchecked",
]


class Bernoulli(OfLogits):
    r"""A Bernoulli on each pixel, with probability λ = sigmoid(logit) of being white.

    $$\log p(x \mid z) = x \log \lambda + (1 - x) \log (1 - \lambda) = x\,\eta - \log(1 + e^{\eta}),
    \qquad \eta = \log \frac{\lambda}{1 - \lambda}$$

    A log-mass when x is 0 or 1. On grey x in [0, 1] the same formula is the (negated) cross-entropy loss, which is no
    log-likelihood: it lacks the constant of `ContinuousBernoulli`.

    `logits`: η, any shape (N, ...). `log_prob` is in nats, elementwise, of x's shape.
    Source: Kingma & Welling 2013 (arXiv 1312.6114), appendix C.1.
    """

    @property
    def mean(self) -> Tensor:
        """λ, in [0, 1], of the logits' shape."""
        return self.logits.sigmoid()

    def log_prob_unchecked(self, x: Tensor) -> Tensor:
        """`log_prob` of x that is known to lie in [0, 1]."""
        return -binary_cross_entropy_with_logits(*torch.broadcast_tensors(self.logits, x), reduction="none")

    def cross_entropy_unchecked(self, x: Tensor) -> Tensor:
        """-log p(x|z), elementwise, as training computes it: (½ − x) η + ½|η| − log sigmoid |η|."""
        size = self.logits.abs()  # log1p, which torch's own kernel needs, takes ten times as long as log
        even = torch.sub(size.sigmoid().log().neg(), size, alpha=-0.5)  # of slope 0 at η = 0
        return torch.addcmul(even, 0.5 - x, self.logits)

    @torch.no_grad()
    def sample(self, generator: torch.Generator) -> Tensor:
        """Black and white images: 0 or 1, of the logits' shape and type. Raises `ValueError` for NaN logits."""
        return (uniform(no_nan("logits", self.logits), generator) < self.mean).to(self.logits.dtype)


class Gaussian:
    r"""A normal on each value of x, with its mean from the decoder; the constant C is kept.

    $$\log p(x \mid z) = -\frac{(x - m)^2}{2 \sigma^2} + C, \qquad C = -\tfrac{1}{2} \log(2 \pi \sigma^2)$$

    A log-density. `mean`: m, any shape (N, ...), in the data's units. `variance`: σ², a number or a tensor that
    broadcasts against the mean, in the data's units squared; a tensor's entries are the caller's to keep positive.
    `log_prob` is in nats, elementwise; it takes any finite x, and reads the bytes of images (N, C, H, W) as x/255.
    Raises `ValueError` for a variance that is a number but not positive and finite.
    Source: Kingma & Welling 2013 (arXiv 1312.6114), appendix C.2.
    """

    def __init__(self, mean: Tensor, variance: float | Tensor = 1.0):
        self.mean = checks.floats("mean", mean)
        self.variance = variance if isinstance(variance, Tensor) else number("variance", variance, above=0)

    @property
    def shape(self) -> torch.Size:
        return self.mean.shape

    def log_prob(self, x: Tensor) -> Tensor:
        """log p(x|z) of each value of x, in nats; raises `ValueError` for x that is not finite."""
        return self.log_prob_unchecked(self.checked(x))

    def checked(self, x: Tensor) -> Tensor:
        """x in the type of the mean; raises `ValueError` for NaN, infinity or a shape that does not fit."""
        as_found = checks.as_tensor("x", x)
        is_bytes = as_found.dtype == torch.uint8 and self.mean.ndim > 2
        x = checks.pixels("x", as_found) if is_bytes else checks.array("x", as_found)
        checks.check_broadcast(x=x, likelihood=self.shape)
        return checks.to_like("x", x, self.mean)

    def log_prob_unchecked(self, x: Tensor) -> Tensor:
        """`log_prob` of x that is known to be finite."""
        log_variance = self.variance.log() if isinstance(self.variance, Tensor) else math.log(self.variance)
        return -0.5 * ((x - self.mean).square() / self.variance + (log_variance + math.log(2 * math.pi)))

    @torch.no_grad()
    def sample(self, generator: torch.Generator) -> Tensor:
        """m + σε with ε ~ N(0, 1), of the mean's shape; on images it may leave [0, 1]."""
        one_generator(generator)
        no_nan("mean", self.mean)
        noise = torch.randn(self.shape, generator=generator, dtype=self.mean.dtype, device=generator.device)
        return self.mean + self.variance**0.5 * noise.to(self.mean.device)


class Categorical(OfPixels):
    r"""A free distribution over a few grey levels k/(L − 1), k = 0 … L − 1, on each pixel.

    $$p\Bigl(x = \tfrac{k}{L - 1} \,\Big|\, z\Bigr) = \frac{e^{\eta_k}}{\sum_{j=0}^{L-1} e^{\eta_j}}$$

    A log-mass. `logits`: η, shape (N, levels, ...), the levels on the second axis; `mean` and `sample` drop that axis.
    `log_prob(x)` takes x in [0, 1] of shape (N, ...), moves it to the nearest level (ties to the brighter one) and is
    in nats, of x's shape. With two levels it is the Bernoulli with logit η₁ − η₀.
    Raises `ValueError` where the second axis does not hold `levels` >= 2 entries.
    Source: van den Oord 2016 (arXiv 1601.06759), “Pixels as discrete variables”.
    """

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

    def log_prob(self, x: Tensor) -> Tensor:
        """log p(x|z) of each value of x, in nats; raises `ValueError` for x outside [0, 1] or of more axes."""
        x = self.checked(x)
        if x.ndim > len(self.shape):
            raise ValueError(f"x must have the axes of the likelihood's {tuple(self.shape)}, got {tuple(x.shape)}.")
        return self.log_prob_unchecked(x)

    def log_prob_unchecked(self, x: Tensor) -> Tensor:
        """`log_prob` of x that is known to lie in [0, 1]."""
        level = torch.floor(x * (self.levels - 1) + 0.5).clamp(0, self.levels - 1).long()
        shape = torch.broadcast_tensors(level, self.logits[:, 0])[0].shape  # broadcast_shapes imports SymPy, 40 MB
        log_mass = self.logits.log_softmax(1).expand(*shape[:1], self.levels, *shape[1:])
        return log_mass.gather(1, level.expand(shape).unsqueeze(1)).squeeze(1)

    @torch.no_grad()
    def sample(self, generator: torch.Generator) -> Tensor:
        """Grey levels in [0, 1], shape (N, ...), from one uniform number a pixel."""
        u = uniform(no_nan("logits", self.logits)[:, 0], generator).unsqueeze(1)
        level = (self.logits.softmax(1).cumsum(1) <= u).sum(1).clamp(max=self.levels - 1)
        return level.to(self.logits.dtype) / (self.levels - 1)


Likelihood = Bernoulli | Gaussian | ContinuousBernoulli | Categorical
MOST_LEVELS = 256  # of a grey pixel
NAMES = ("bernoulli", "gaussian", "continuous_bernoulli", "categorical")


def reconstruction(distribution: Likelihood, x: Tensor) -> Tensor:
    r"""The reconstruction loss of each example: summed over pixels, never averaged.

    $$l_{\mathrm{recon}}(x, z) = -\log p(x \mid z) = -\sum_{i=1}^{D} \log p(x_i \mid z)$$

    `x`: shape (N, ...) as the distribution's; a first axis of 1 is broadcast. Returns (N,), in nats per example.
    Raises `ValueError` where the shapes behind the first axis differ, or x is not in the likelihood's support.
    """
    return reconstruction_unchecked(distribution, distribution.checked(x))


def reconstruction_unchecked(distribution: Likelihood, x: Tensor) -> Tensor:
    """`reconstruction` of x that is known to lie in the support; of the checks only that of the shape is made."""
    if x.shape[1:] != distribution.shape[1:]:
        raise ValueError(f"x has shape {tuple(x.shape)}, but the likelihood is over {tuple(distribution.shape)}.")
    if isinstance(distribution, Bernoulli):
        loss = distribution.cross_entropy_unchecked(x)
    else:
        loss = -getattr(distribution, "log_prob_unchecked", distribution.log_prob)(x)
    return loss.flatten(1).sum(1) if loss.ndim > 1 else loss


def parameters_per_pixel(name: str, levels: int = 2) -> int:
    """How many numbers the decoder puts out for each value of x: `levels` if categorical, else 1."""
    check_name(name)
    levels = count("levels", levels, 2, MOST_LEVELS)
    return levels if name == "categorical" else 1


def make(name: str, raw: Tensor, levels: int = 2, variance: float | Tensor = 1.0) -> Likelihood:
    """The likelihood called `name` over a decoder's raw output.

    `raw`: shape (N, ...) as x, the logits (or, for gaussian, the mean itself); for categorical (N, levels, ...).
    Half precision is widened to float32, for log p is a sum over hundreds of pixels.
    Raises `ValueError` for an unknown name, a wrong number of levels or a variance that is not positive.
    """
    check_name(name)
    levels = count("levels", levels, 2, MOST_LEVELS)
    if name == "gaussian":
        return Gaussian(raw, variance)
    if name == "categorical":
        return Categorical(raw, levels)
    return Bernoulli(raw) if name == "bernoulli" else ContinuousBernoulli(raw)


def check_name(name: str):
    """Raise `ValueError` for a name that none of the likelihoods has."""
    if name not in NAMES:
        raise ValueError(f"There is no likelihood {str(name)[:60]!r}; there are {', '.join(NAMES)}.")
