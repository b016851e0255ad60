r"""The continuous Bernoulli likelihood, without loss of digits at λ = ½."""

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from vaedemo.probability.likelihoods.base import BrowserMean, LinearForm, OfLogits, no_nan, uniform

__all__ = ["ContinuousBernoulli"]

# of h², h⁴, … h¹² in log(sinh(h) / h)
LOG_SINH_SERIES = (1 / 6, -1 / 180, 1 / 2835, -1 / 37800, 1 / 467775, -691 / 3831077250)
SERIES_BELOW = 0.5  # |logit| up to which the series is exact to rounding, in float64 too; above it the closed form is
# 1/(1 − e^−η) − 1/η; near η = 0 both terms are huge, and ½ + η/12 − η³/720 is exact to 1e-9.
GREY = """(raw, at) => {
    const eta = raw[at];
    return Math.abs(eta) < 0.1 ? 0.5 + eta / 12 - eta ** 3 / 720 : -1 / Math.expm1(-eta) - 1 / eta;
  }"""


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

    browser_mean = BrowserMean("continuous_bernoulli", GREY)

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

    def log_prob_unchecked(self, x: Tensor) -> Tensor:
        """`log_prob` of x that is known to lie in [0, 1]."""
        return self.logits * (x - 0.5) - log_sinh_ratio(self.logits)

    def linear_form_unchecked(self, x: Tensor) -> LinearForm:
        """T(x) = x, the slopes are the logits, −A is log p of a black image."""
        logits = self.logits.flatten(1)
        at_zero = self.log_prob_unchecked(torch.zeros_like(self.logits)).flatten(1).sum(1)
        return LinearForm(x.flatten(1).to(logits.dtype), logits, at_zero, 0.0)

    @torch.no_grad()
    def sample(self, generator: torch.Generator) -> Tensor:
        """Grey values in [0, 1] by the inverse of the distribution function, of the logits' shape."""
        u = uniform(no_nan("logits", self.logits), generator)
        positive = self.logits > 0
        # Mirrored for η > 0, so that no exponential overflows; at |η| < eps the answer is u itself.
        size = self.logits.abs().clamp(min=torch.finfo(self.logits.dtype).eps)
        x = -torch.log1p(torch.where(positive, 1 - u, u) * torch.expm1(-size)) / size
        return torch.where(positive, 1 - x, x).clamp(0, 1)


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
