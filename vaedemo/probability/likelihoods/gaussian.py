"""The Gaussian likelihood: the squared error, with its constant."""

import math

import torch
from torch import Tensor

from vaedemo.probability.check_numbers import one_generator
from vaedemo.probability.likelihoods.base import LinearForm, OfReals, no_nan

__all__ = ["Gaussian"]


class Gaussian(OfReals):
    r"""A normal on each value of x, with its mean from the decoder; the constant C is kept.

    $$\log p(x \mid z) = -\frac{(x - m)^2}{2 \sigma^2} + C, \qquad C = -\tfrac{1}{2} \log(2 \pi \sigma^2)$$

    A log-density. `mean`: m, any shape (N, ...), in the data's units. `variance`: σ², a number or a tensor that
    broadcasts against the mean, in the data's units squared; a tensor's entries are the caller's to keep positive.
    `log_prob` is in nats, elementwise; it takes any finite x, and reads the bytes of images (N, C, H, W) as x/255.
    Raises `ValueError` for a variance that is a number but not positive and finite.
    Source: Kingma & Welling 2013 (arXiv 1312.6114), appendix C.2.
    """

    def log_prob_unchecked(self, x: Tensor) -> Tensor:
        """`log_prob` of x that is known to be finite."""
        log_variance = self.variance.log() if isinstance(self.variance, Tensor) else math.log(self.variance)
        return -0.5 * ((x - self.mean).square() / self.variance + (log_variance + math.log(2 * math.pi)))

    def linear_form_unchecked(self, x: Tensor) -> LinearForm | None:
        """The square multiplied out, in float64: a small difference of large numbers. None for more than one σ²."""
        if torch.as_tensor(self.variance).numel() != 1:
            return None
        mean, data = self.mean.flatten(1).double(), x.flatten(1).double()
        variance = float(self.variance)
        constant = 0.5 * mean.shape[1] * math.log(2 * math.pi * variance)
        offsets = -0.5 * mean.square().sum(1) / variance - constant
        return LinearForm(data, mean / variance, offsets, -0.5 * data.square().sum(1) / variance)

    @torch.no_grad()
    def sample(self, generator: torch.Generator) -> Tensor:
        """m + σε with ε ~ N(0, 1), of the mean's shape; on images it may leave [0, 1]."""
        one_generator(generator)
        no_nan("mean", self.mean)
        noise = torch.randn(self.shape, generator=generator, dtype=self.mean.dtype, device=generator.device)
        return self.mean + self.variance**0.5 * noise.to(self.mean.device)
