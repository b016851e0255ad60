"""The Bernoulli likelihood, and the cross-entropy loss of grey pixels that has the same formula."""

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from vaedemo.probability.likelihoods.base import BrowserMean, LinearForm, OfLogits, no_nan, uniform
from vaedemo.probability.softplus import sum_softplus

__all__ = ["Bernoulli"]


class Bernoulli(OfLogits):
    r"""A Bernoulli on each pixel, with probability λ = sigmoid(logit) of being white.

    $$\log p(x \mid z) = x \log \lambda + (1 - x) \log (1 - \lambda) = x\,\eta - \log(1 + e^{\eta}),
    \qquad \eta = \log \frac{\lambda}{1 - \lambda}$$

    A log-mass when x is 0 or 1. On grey x in [0, 1] the same formula is the (negated) cross-entropy loss, which is no
    log-likelihood: it lacks the constant of `ContinuousBernoulli`.

    `logits`: η, any shape (N, ...). `log_prob` is in nats, elementwise, of x's shape.
    Source: Kingma & Welling 2013 (arXiv 1312.6114), appendix C.1.
    """

    is_density = False
    browser_mean = BrowserMean("sigmoid", "(raw, at) => 1 / (1 + Math.exp(-raw[at]))")

    @property
    def mean(self) -> Tensor:
        """λ, in [0, 1], of the logits' shape."""
        return self.logits.sigmoid()

    def log_prob_unchecked(self, x: Tensor) -> Tensor:
        """`log_prob` of x that is known to lie in [0, 1]."""
        return -binary_cross_entropy_with_logits(*torch.broadcast_tensors(self.logits, x), reduction="none")

    def loss_unchecked(self, x: Tensor) -> Tensor:
        return self.cross_entropy_unchecked(x)

    def cross_entropy_unchecked(self, x: Tensor) -> Tensor:
        """-log p(x|z), elementwise, as training computes it: (½ − x) η + ½|η| − log sigmoid |η|."""
        size = self.logits.abs()  # log1p, which torch's own kernel needs, takes ten times as long as log
        even = torch.sub(size.sigmoid().log().neg(), size, alpha=-0.5)  # of slope 0 at η = 0
        return torch.addcmul(even, 0.5 - x, self.logits)

    def linear_form_unchecked(self, x: Tensor) -> LinearForm:
        """T(x) = x, the slopes are the logits, A = Σ log(1 + e^η)."""
        logits = self.logits.flatten(1)
        return LinearForm(x.flatten(1).to(logits.dtype), logits, -sum_softplus(logits), 0.0)

    @torch.no_grad()
    def sample(self, generator: torch.Generator) -> Tensor:
        """Black and white images: 0 or 1, of the logits' shape and type. Raises `ValueError` for NaN logits."""
        return (uniform(no_nan("logits", self.logits), generator) < self.mean).to(self.logits.dtype)
