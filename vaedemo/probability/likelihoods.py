r"""The likelihoods p(x|z): what a decoder's output means as a distribution over the data.

Each is built from the decoder's raw output and treats every value of x (a pixel, a coordinate) as independent given z.
Each has `.mean` (the picture), `.log_prob(x)` (one number for each value of x, in nats) and `.sample(generator)`.
"""

import math

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, logsigmoid

# of h², h⁴, … h¹² in log(sinh(h) / h)
LOG_SINH_SERIES = (1 / 6, -1 / 180, 1 / 2835, -1 / 37800, 1 / 467775, -691 / 3831077250)
SERIES_BELOW = 0.5  # |logit| up to which the series is exact to rounding, in float64 too; above it the closed form is


class OfLogits:
    """What both likelihoods with one logit a pixel have in common."""

    def __init__(self, logits: Tensor):
        self.logits = logits

    @property
    def shape(self) -> torch.Size:
        return self.logits.shape


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

    def log_prob(self, x: Tensor) -> Tensor:
        return -binary_cross_entropy_with_logits(*torch.broadcast_tensors(self.logits, x), reduction="none")

    def cross_entropy(self, x: Tensor) -> Tensor:
        """-log p(x|z), elementwise, as training computes it: (½ − x) η + ½|η| − log sigmoid |η|."""
        size = self.logits.abs()  # log1p, which torch's own kernel needs, takes ten times as long as log
        even = torch.sub(size.sigmoid().log().neg(), size, alpha=-0.5)  # of slope 0 at η = 0
        return torch.addcmul(even, 0.5 - x, self.logits)

    @torch.no_grad()
    def sample(self, generator: torch.Generator) -> Tensor:
        """Black and white images: 0 or 1, of the logits' shape and type."""
        return (uniform(self.logits, generator) < self.mean).to(self.logits.dtype)


class Gaussian:
    r"""A normal on each value of x, with its mean from the decoder; the constant C is kept.

    $$\log p(x \mid z) = -\frac{(x - m)^2}{2 \sigma^2} + C, \qquad C = -\tfrac{1}{2} \log(2 \pi \sigma^2)$$

    A log-density. `mean`: m, any shape (N, ...), in the data's units. `variance`: σ², a number or a tensor that
    broadcasts against the mean, in the data's units squared; a tensor's entries are the caller's to keep positive.
    `log_prob` is in nats, elementwise.
    Raises `ValueError` for a variance that is a number but not positive and finite.
    Source: Kingma & Welling 2013 (arXiv 1312.6114), appendix C.2.
    """

    def __init__(self, mean: Tensor, variance: float | Tensor = 1.0):
        if not isinstance(variance, Tensor) and not (variance > 0 and math.isfinite(variance)):
            raise ValueError(f"The variance of a Gaussian likelihood must be a positive finite number, got {variance}.")
        self.mean = mean
        self.variance = variance

    @property
    def shape(self) -> torch.Size:
        return self.mean.shape

    def log_prob(self, x: Tensor) -> Tensor:
        log_variance = self.variance.log() if isinstance(self.variance, Tensor) else math.log(self.variance)
        return -0.5 * ((x - self.mean).square() / self.variance + (log_variance + math.log(2 * math.pi)))

    @torch.no_grad()
    def sample(self, generator: torch.Generator) -> Tensor:
        """m + σε with ε ~ N(0, 1), of the mean's shape; on images it may leave [0, 1]."""
        noise = torch.randn(self.shape, generator=generator, dtype=self.mean.dtype, device=generator.device)
        return self.mean + self.variance**0.5 * noise.to(self.mean.device)


class ContinuousBernoulli(OfLogits):
    r"""The continuous Bernoulli: the density on [0, 1] that the cross-entropy of grey pixels stands for.

    $$p(x \mid z) = C(\lambda)\, \lambda^{x} (1 - \lambda)^{1 - x}, \qquad
    C(\lambda) = \frac{2 \operatorname{artanh}(1 - 2 \lambda)}{1 - 2 \lambda}, \quad C(\tfrac{1}{2}) = 2$$

    A log-density. It is computed from the logit η = log(λ / (1 − λ)) as
    log p = η (x − ½) − log(sinh(η/2) / (η/2)), the last term by its series near η = 0, so that neither the value nor
    its gradient loses digits at λ = ½.

    `logits`: η, any shape (N, ...). `log_prob` is in nats, elementwise.
    Source: Loaiza-Ganem & Cunningham 2019 (arXiv 1907.06845), section 3.
    """

    @property
    def mean(self) -> Tensor:
        r"""The expected grey value, 1 / (1 − e^{−η}) − 1/η, and ½ at η = 0; nearer to ½ than λ is."""
        near, half, size = split_near_zero(self.logits)
        square = half.square()
        series = torch.zeros_like(square)
        for order in range(len(LOG_SINH_SERIES), 0, -1):
            series = series * square + order * LOG_SINH_SERIES[order - 1]
        direct = self.logits.sign() * (-1 / torch.expm1(-size) - 0.5 - 1 / size)
        return 0.5 + torch.where(near, half * series, direct)

    @property
    def log_constant(self) -> Tensor:
        """log C(λ) in nats, elementwise: what the cross-entropy loss leaves out; log 2 at λ = ½ and more elsewhere."""
        return -logsigmoid(-self.logits) - self.logits / 2 - log_sinh_ratio(self.logits)

    def log_prob(self, x: Tensor) -> Tensor:
        return self.logits * (x - 0.5) - log_sinh_ratio(self.logits)

    @torch.no_grad()
    def sample(self, generator: torch.Generator) -> Tensor:
        """Grey values in [0, 1] by the inverse of the distribution function, of the logits' shape."""
        u = uniform(self.logits, generator)
        positive = self.logits > 0
        # Mirrored for η > 0, so that no exponential overflows; at |η| < eps the answer is u itself.
        size = self.logits.abs().clamp(min=torch.finfo(self.logits.dtype).eps)
        x = -torch.log1p(torch.where(positive, 1 - u, u) * torch.expm1(-size)) / size
        return torch.where(positive, 1 - x, x).clamp(0, 1)


class Categorical:
    r"""A free distribution over a few grey levels k/(L − 1), k = 0 … L − 1, on each pixel.

    $$p\Bigl(x = \tfrac{k}{L - 1} \,\Big|\, z\Bigr) = \frac{e^{\eta_k}}{\sum_{j=0}^{L-1} e^{\eta_j}}$$

    A log-mass. `logits`: η, shape (N, levels, ...), the levels on the second axis; `mean` and `sample` drop that axis.
    `log_prob(x)` takes x in [0, 1] of shape (N, ...), moves it to the nearest level (ties to the brighter one) and is
    in nats, of x's shape. With two levels it is the Bernoulli with logit η₁ − η₀.
    Raises `ValueError` where the second axis does not hold `levels` >= 2 entries.
    Source: van den Oord 2016 (arXiv 1601.06759), “Pixels as discrete variables”.
    """

    def __init__(self, logits: Tensor, levels: int | None = None):
        found = logits.shape[1] if logits.ndim > 1 else 0
        if found < 2 or levels not in (None, found):
            wanted = "at least 2" if levels is None else max(levels, 2)
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
        level = torch.floor(x * (self.levels - 1) + 0.5).clamp(0, self.levels - 1).long()
        shape = torch.broadcast_tensors(level, self.logits[:, 0])[0].shape  # broadcast_shapes imports SymPy, 40 MB
        log_mass = self.logits.log_softmax(1).expand(*shape[:1], self.levels, *shape[1:])
        return log_mass.gather(1, level.expand(shape).unsqueeze(1)).squeeze(1)

    @torch.no_grad()
    def sample(self, generator: torch.Generator) -> Tensor:
        """Grey levels in [0, 1], shape (N, ...), from one uniform number a pixel."""
        u = uniform(self.logits[:, 0], generator).unsqueeze(1)
        level = (self.logits.softmax(1).cumsum(1) <= u).sum(1).clamp(max=self.levels - 1)
        return level.to(self.logits.dtype) / (self.levels - 1)


Likelihood = Bernoulli | Gaussian | ContinuousBernoulli | Categorical
NAMES = ("bernoulli", "gaussian", "continuous_bernoulli", "categorical")


def reconstruction(distribution: Likelihood, x: Tensor) -> Tensor:
    r"""The reconstruction loss of each example: summed over pixels, never averaged.

    $$l_{\mathrm{recon}}(x, z) = -\log p(x \mid z) = -\sum_{i=1}^{D} \log p(x_i \mid z)$$

    `x`: shape (N, ...) as the distribution's; a first axis of 1 is broadcast. Returns (N,), in nats per example.
    Raises `ValueError` where the shapes behind the first axis differ.
    """
    if x.shape[1:] != distribution.shape[1:]:
        raise ValueError(f"x has shape {tuple(x.shape)}, but the likelihood is over {tuple(distribution.shape)}.")
    loss = distribution.cross_entropy(x) if isinstance(distribution, Bernoulli) else -distribution.log_prob(x)
    return loss.flatten(1).sum(1) if loss.ndim > 1 else loss


def parameters_per_pixel(name: str, levels: int = 2) -> int:
    """How many numbers the decoder puts out for each value of x: `levels` if categorical, else 1."""
    check_name(name)
    return levels if name == "categorical" else 1


def make(name: str, raw: Tensor, levels: int = 2, variance: float | Tensor = 1.0) -> Likelihood:
    """The likelihood called `name` over a decoder's raw output.

    `raw`: shape (N, ...) as x, the logits (or, for gaussian, the mean itself); for categorical (N, levels, ...).
    Half precision is widened to float32, for log p is a sum over hundreds of pixels.
    Raises `ValueError` for an unknown name, a wrong number of levels or a variance that is not positive.
    """
    check_name(name)
    if raw.dtype in (torch.float16, torch.bfloat16):
        raw = raw.float()
    if name == "gaussian":
        return Gaussian(raw, variance)
    if name == "categorical":
        return Categorical(raw, levels)
    return Bernoulli(raw) if name == "bernoulli" else ContinuousBernoulli(raw)


def check_name(name: str):
    if name not in NAMES:
        raise ValueError(f"There is no likelihood {str(name)[:60]!r}; there are {', '.join(NAMES)}.")


def uniform(like: Tensor, generator: torch.Generator) -> Tensor:
    """Uniform numbers in [0, 1), drawn where the generator lives and moved to where `like` is."""
    return torch.rand(like.shape, generator=generator, dtype=like.dtype, device=generator.device).to(like.device)


def split_near_zero(logits: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Where the series holds; η/2 there (else 0); |η| elsewhere (else 1): neither branch may make a NaN gradient."""
    near = logits.abs() < SERIES_BELOW
    return near, torch.where(near, logits, 0.0) / 2, torch.where(near, 1.0, logits.abs())


def log_sinh_ratio(logits: Tensor) -> Tensor:
    """log(sinh(η/2) / (η/2)): even, 0 at η = 0, about |η|/2 − log|η| far out."""
    near, half, size = split_near_zero(logits)
    square = half.square()
    series = torch.zeros_like(square)
    for coefficient in reversed(LOG_SINH_SERIES):
        series = (series + coefficient) * square
    direct = size / 2 + torch.log(torch.expm1(-size) / -size)
    return torch.where(near, series, direct)
