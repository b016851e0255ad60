"""The quick cross-entropy against torch's own in float64, its gradient against sigmoid(η) − x, far out and at zero."""

import pytest
import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from vaedemo.probability import likelihoods


def cross_entropy(logits, x):
    """Elementwise, as training computes it: each logit an example of one pixel."""
    pairs = torch.broadcast_tensors(logits, x)
    rows = [each.reshape(-1, 1) for each in pairs]
    return likelihoods.reconstruction(likelihoods.make("bernoulli", rows[0]), rows[1]).reshape(pairs[0].shape)


LOGITS = torch.cat([torch.linspace(-40, 40, 1601), torch.tensor([0.0, -0.0, 1e-30, 300.0, -300.0, 1e4, -1e4])])
GREYS = torch.tensor([0.0, 1 / 255, 0.5, 0.9, 1.0])


@pytest.mark.parametrize(("dtype", "rounding"), [(torch.float32, 1.2e-7), (torch.float64, 2.3e-16)])
def test_values_and_gradients_are_exact_to_rounding(dtype, rounding):
    logits = LOGITS.to(dtype).requires_grad_()
    x = GREYS.to(dtype)[:, None]
    found = cross_entropy(logits, x)
    wide, target = LOGITS.to(dtype).double(), x.double()
    true = binary_cross_entropy_with_logits(*torch.broadcast_tensors(wide, target), reduction="none")
    assert found.shape == true.shape and found.dtype == dtype
    assert ((found.double() - true).abs() <= 2 * rounding * wide.abs().clamp(min=1)).all()
    (gradient,) = torch.autograd.grad(found.sum(), logits)
    exact = (wide.sigmoid() - target).sum(0)
    torch.testing.assert_close(gradient.double(), exact, rtol=0, atol=8 * rounding)


def test_at_zero_the_slope_is_a_half_less_x():
    logits = torch.zeros(5, requires_grad=True)
    cross_entropy(logits, GREYS).sum().backward()
    assert torch.equal(logits.grad, 0.5 - GREYS)


def test_training_s_reconstruction_is_minus_the_log_probability():
    generator = torch.Generator().manual_seed(0)
    logits = 5 * torch.randn(4, 1, 6, 5, generator=generator)
    x = torch.rand(4, 1, 6, 5, generator=generator)
    distribution = likelihoods.make("bernoulli", logits)
    expected = -distribution.log_prob(x).flatten(1).sum(1)
    torch.testing.assert_close(likelihoods.reconstruction(distribution, x), expected, rtol=1e-6, atol=0)
