"""σ² and β on a small VAE: loss and gradient by hand, and proportional gradients."""

import pytest
import torch

from vaedemo import models
from vaedemo.analysis.one_knob import terms_and_gradient
from vaedemo.config import RunConfig

CONFIG = RunConfig(dataset="ring", hidden=(8,), noise_variance=0.01)


def small_model(config: RunConfig = CONFIG):
    torch.manual_seed(0)
    return models.build(config, (2,)).eval().requires_grad_(False)


def data() -> torch.Tensor:
    return torch.randn(40, 2, generator=torch.Generator().manual_seed(2))


def generator() -> torch.Generator:
    return torch.Generator().manual_seed(3)


@pytest.mark.parametrize(("variance", "beta"), [(0.1, 1.0), (0.02, 5.0), (3.0, 0.2)])
def test_gradients_are_proportional(variance, beta):
    *_, gradient = terms_and_gradient(small_model(), data(), variance, beta, generator())
    *_, twin = terms_and_gradient(small_model(), data(), 1.0, beta * variance, generator())
    assert gradient.norm() > 1e-3
    torch.testing.assert_close(gradient, twin / variance, rtol=1e-10, atol=1e-12 / variance)


def test_the_gradient_is_the_slope_of_the_loss():
    model, step = small_model().double(), 1e-6
    squared_error, kl, loss, gradient = terms_and_gradient(model, data(), 0.1, 2.0, generator())
    by_hand = squared_error / 0.2 + 2 * kl + torch.log(torch.tensor(2 * torch.pi * 0.1).double())
    assert loss.item() == pytest.approx(by_hand.mean().item(), abs=1e-6)
    weight = next(model.encoder.parameters())
    losses = []
    for sign in (1, -1):
        weight.view(-1)[0] += sign * step
        losses.append(terms_and_gradient(model, data(), 0.1, 2.0, generator())[2].item())
        weight.view(-1)[0] -= sign * step
    assert gradient[0].item() == pytest.approx((losses[0] - losses[1]) / (2 * step), rel=1e-5)


def test_the_model_is_left_as_it_was():
    model = small_model()
    before = [weight.clone() for weight in model.parameters()]
    terms_and_gradient(model, data(), 0.1, 1.0, generator())
    assert all(weight.grad is None and not weight.requires_grad for weight in model.parameters())
    assert all(torch.equal(old, new) for old, new in zip(before, model.parameters(), strict=True))


def test_another_likelihood_is_refused():
    config = RunConfig(dataset="digits", hidden=(8,))
    torch.manual_seed(0)
    with pytest.raises(ValueError, match="must be gaussian, this model's is bernoulli"):
        terms_and_gradient(models.build(config, (1, 28, 28)), torch.zeros(2, 1, 28, 28), 1.0, 1.0, generator())
