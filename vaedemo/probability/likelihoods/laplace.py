"""The Laplace likelihood: the absolute error, with its constant."""

import math

import torch
from torch import Tensor

from vaedemo.probability.likelihoods.base import OfReals, no_nan, uniform

__all__ = ["Laplace"]


class Laplace(OfReals):
    r"""A Laplace density on each value of x, with its mean from the decoder; the constant is kept.

    $$\log p(x \mid z) = -\frac{|x - m|}{b} - \log 2b, \qquad b = \sqrt{\sigma^2 / 2}$$

    A log-density. Its variance is 2b² = σ², so that σ² means what it means for the Gaussian. The best m without z is
    the data's median; training starts at their mean, as for the Gaussian.

    `mean`: m, any shape (N, ...), in the data's units. `variance`: σ², a number or a tensor that broadcasts against
    the mean, in the data's units squared; a tensor's entries are the caller's to keep positive.
    `log_prob` is in nats, elementwise; it takes any finite x, and reads the bytes of images (N, C, H, W) as x/255.
    Raises `ValueError` for a variance that is a number but not positive and finite.
    Source: Bishop 2006, Pattern Recognition and Machine Learning, section 1.5.5 (Minkowski loss with q = 1).
    """

    @property
    def scale(self) -> Tensor | float:
        """b, the mean of |x − m|."""
        return (self.variance / 2) ** 0.5

    def log_prob_unchecked(self, x: Tensor) -> Tensor:
        """`log_prob` of x that is known to be finite."""
        log_scale = self.scale.log() if isinstance(self.variance, Tensor) else math.log(self.scale)
        return -((x - self.mean).abs() / self.scale + (log_scale + math.log(2)))

    @torch.no_grad()
    def sample(self, generator: torch.Generator) -> Tensor:
        """m + b (e₁ − e₂), e₁ and e₂ exponential, of the mean's shape; on images it may leave [0, 1]."""
        no_nan("mean", self.mean)
        one, other = (torch.log1p(-uniform(self.mean, generator)) for _ in range(2))
        return self.mean + self.scale * (other - one)
