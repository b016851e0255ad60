"""The loss of one pixel against torch.distributions; σ² and β as one knob on a real VAE, in float64."""

import math

import pytest
import torch
from torch.distributions import Categorical, Normal
from torch.distributions import ContinuousBernoulli as TorchContinuousBernoulli
from torch.nn.functional import binary_cross_entropy

from vaedemo.config import RunConfig
from vaedemo.models import build
from vaedemo.probability import losses

PREDICTIONS = torch.linspace(0.02, 0.98, 49, dtype=torch.float64)
PIXELS = (0.0, 0.2, 0.5, 0.9, 1.0)


@pytest.mark.parametrize("x", PIXELS)
def test_one_pixel_costs_what_torch_distributions_says(x):
    pixel = torch.full_like(PREDICTIONS, x)
    gaussian = -Normal(PREDICTIONS, math.sqrt(0.3)).log_prob(pixel)
    crossed = binary_cross_entropy(PREDICTIONS, pixel, reduction="none")
    continuous = -TorchContinuousBernoulli(PREDICTIONS).log_prob(pixel)
    for name, options, expected in (
        ("gaussian", {"noise_variance": 0.3}, gaussian),
        ("bernoulli", {}, crossed),
        ("continuous_bernoulli", {}, continuous),
    ):
        found = losses.pixel_loss(name, x, PREDICTIONS, **options)
        # torch's continuous Bernoulli takes a short series within 0.001 of ½.
        torch.testing.assert_close(found, expected, rtol=1e-6 if name == "continuous_bernoulli" else 1e-11, atol=1e-9)


@pytest.mark.parametrize("levels", [2, 4, 16])
@pytest.mark.parametrize("x", PIXELS)
def test_a_categorical_pixel_is_a_dot_product_with_one_hot(x, levels):
    level = math.floor(x * (levels - 1) + 0.5)
    for prediction in (0.1, 0.5, 0.97):
        masses = torch.full((levels,), (1 - prediction) / (levels - 1), dtype=torch.float64)
        masses[level] = prediction
        expected = -Categorical(masses).log_prob(torch.tensor(level)).item()
        found = losses.pixel_loss("categorical", x, torch.tensor(prediction, dtype=torch.float64), levels=levels)
        assert found.shape == () and found.item() == pytest.approx(expected, abs=1e-12)
        logits = losses.true_level_logits(torch.tensor([x]), torch.tensor([prediction]), levels)
        torch.testing.assert_close(logits.double().exp()[0], masses, rtol=1e-5, atol=1e-6)


def test_curves_broadcast():
    pixels = torch.tensor(PIXELS, dtype=torch.float64).unsqueeze(1)
    for name in ("gaussian", "bernoulli", "continuous_bernoulli", "categorical"):
        found = losses.pixel_loss(name, pixels, PREDICTIONS, levels=4)
        assert found.shape == (5, 49)
        torch.testing.assert_close(found[3], losses.pixel_loss(name, 0.9, PREDICTIONS, levels=4), rtol=1e-12, atol=0)


def test_the_lectures_squared_error_is_unit_noise_without_its_constant():
    found = losses.pixel_loss("gaussian", 0.7, PREDICTIONS) - 0.5 * math.log(2 * math.pi)
    torch.testing.assert_close(found, 0.5 * (0.7 - PREDICTIONS) ** 2, rtol=1e-12, atol=1e-14)


def flat_gradient(noise_variance, beta, x, seed=4):
    """The training loss of a small VAE, 12 pixels, and its gradient with respect to every weight, float64."""
    options = {"dataset": "digits", "likelihood": "gaussian", "hidden": (9,), "latent_dim": 3}
    model = build(RunConfig(noise_variance=noise_variance, beta=beta, **options), (1, 3, 4)).double()
    loss = model.loss(x, None, torch.Generator().manual_seed(seed))["total"].mean()
    loss.backward()
    return loss.item(), torch.cat([parameter.grad.flatten() for parameter in model.parameters()])


@pytest.mark.parametrize("noise_variance, beta", [(0.1, 1.0), (0.04, 3.0), (2.5, 0.2)])
def test_noise_and_beta_are_one_knob_on_a_real_vae(noise_variance, beta):
    x = torch.rand(20, 1, 3, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    left_loss, left = flat_gradient(noise_variance, beta, x)
    right_loss, right = flat_gradient(1.0, beta * noise_variance, x)
    assert left.norm() > 0.1
    assert (left - right / noise_variance).norm() < 1e-10 * left.norm()
    # Another β is not proportional: the test above can fail.
    assert (left - flat_gradient(1.0, beta, x)[1] / noise_variance).norm() > 1e-4 * left.norm()
    constant = 6 * (math.log(2 * math.pi * noise_variance) - math.log(2 * math.pi) / noise_variance)
    assert left_loss == pytest.approx(right_loss / noise_variance + constant, rel=1e-12)


def test_both_sides_of_the_identity_are_equal_and_are_the_models_loss():
    x = torch.rand(20, 1, 3, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    config = RunConfig(likelihood="gaussian", noise_variance=0.1, beta=3.0, hidden=(9,), latent_dim=3)
    model = build(config, (1, 3, 4)).double()
    mu, logvar = model.posterior(x)
    noise = torch.randn(mu.shape, generator=torch.Generator().manual_seed(4), dtype=torch.float64)
    squared_error = (x - model.decode(mu + (0.5 * logvar).exp() * noise).mean).square().flatten(1).sum(1)
    terms = model.loss(x, None, torch.Generator().manual_seed(4))
    left, right = losses.one_knob(squared_error, terms["kl"], 12, noise_variance=0.1, beta=3.0)
    torch.testing.assert_close(left, right, rtol=1e-12, atol=1e-12)
    torch.testing.assert_close(left, terms["total"], rtol=1e-12, atol=1e-12)


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match="There is no likelihood 'poisson'"):
        losses.pixel_loss("poisson", 0.5, PREDICTIONS)
    for name in ("bernoulli", "continuous_bernoulli", "categorical"):
        for bad in (0.0, 1.0, -0.2, math.nan):
            with pytest.raises(ValueError, match=f"prediction of a {name} pixel must lie between 0 and 1"):
                losses.pixel_loss(name, 0.5, torch.tensor([0.5, bad]))
    with pytest.raises(ValueError, match="levels must be a whole number from 2 to 256, got 1"):
        losses.pixel_loss("categorical", 0.5, PREDICTIONS, levels=1)
    for bad in (0.0, -1.0, math.inf):
        with pytest.raises(ValueError, match="positive finite number"):
            losses.pixel_loss("gaussian", 0.5, PREDICTIONS, noise_variance=bad)
        with pytest.raises(ValueError, match="positive finite number"):
            losses.gaussian_objective(torch.ones(1), torch.ones(1), 1, noise_variance=bad)
