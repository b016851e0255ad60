"""The head start of the fast recipe: what it tells a network, and that nothing but ordinary layers is left of it."""

import pytest
import torch
from torch import nn

from vaedemo.config import RunConfig
from vaedemo.datasets import ImageSet
from vaedemo.likelihood_index import POINT_LIKELIHOODS
from vaedemo.models import build
from vaedemo.models.ensemble import ensemble
from vaedemo.models.networks import CentredLinear
from vaedemo.training.data_initialization import DataInitialization, level_shares
from vaedemo.training.loop import fit, fit_stack

FAST = RunConfig(hidden=(16,), latent_dim=5, epochs=2, batch_size=50, learning_rate=0.01, recipe="fast")


@pytest.fixture(scope="module")
def images() -> ImageSet:
    """300 images with pixels that are black in all of them."""
    generator = torch.Generator().manual_seed(3)
    x = torch.randint(0, 256, (300, 1, 28, 28), generator=generator).to(torch.uint8)
    x[..., :4] = 0
    return ImageSet(x, torch.zeros(300, dtype=torch.int64), "digits")


def test_the_mean_is_the_data_s_and_shares_of_levels_sum_to_one(images):
    exact = images.x.double().mean(dim=0).flatten() / 255
    torch.testing.assert_close(level_shares(images, 0).double(), exact, rtol=0, atol=1e-7)
    shares = level_shares(images, 4)
    torch.testing.assert_close(shares.sum(dim=0), torch.ones(784), rtol=0, atol=1e-6)
    nearest = (images.x.double() / 255 * 3).round().flatten(1)
    torch.testing.assert_close(shares[2].double(), (nearest == 2).double().mean(dim=0), rtol=0, atol=1e-6)


@pytest.mark.parametrize("likelihood", ["bernoulli", *POINT_LIKELIHOODS, "categorical"])
@pytest.mark.parametrize("network", ["mlp", "conv"])
def test_a_decoder_without_other_weights_puts_out_the_mean_image(images, likelihood, network):
    hidden = (4,) if network == "conv" else (16,)
    config = FAST.replace(likelihood=likelihood, levels=4, network=network, hidden=hidden)
    model = build(config, (1, 28, 28))
    DataInitialization(images, config).apply(model, fresh=True)
    last = [module for module in model.decoder.modules() if isinstance(module, nn.Linear | nn.Conv2d)][-1]
    with torch.no_grad():
        last.weight.zero_()
        out = model.decode(torch.zeros(1, 5)).mean.flatten()
    mean = DataInitialization(images, config).mean
    if network == "mlp":
        torch.testing.assert_close(out, mean, rtol=0, atol=6e-4)  # a black pixel is given 1e-4 of white
    else:
        assert out.std() < 1e-6  # one bias a channel: the same grey everywhere
        assert 0 < out.mean() < 1


def test_centring_a_trained_encoder_keeps_its_function_and_a_fresh_one_sees_the_difference(images):
    x = images.as_data()[:10]
    trained, fresh = build(FAST, (1, 28, 28)), build(FAST, (1, 28, 28))
    before = trained.encoder(x)
    start = DataInitialization(images, FAST)
    start.apply(trained, fresh=False)
    start.apply(fresh, fresh=True)
    torch.testing.assert_close(trained.encoder(x), before, rtol=0, atol=1e-5)
    plain = build(FAST, (1, 28, 28)).encoder
    torch.testing.assert_close(fresh.encoder(x), plain(x - start.mean.reshape(1, 28, 28)), rtol=0, atol=1e-5)


@pytest.mark.parametrize("count", [1, 3])
def test_settling_leaves_ordinary_layers_that_compute_the_same(images, count):
    configs = [FAST.replace(seed=seed) for seed in range(count)]
    models = [build(config, (1, 28, 28)) for config in configs]
    for model in models:
        DataInitialization(images, FAST).apply(model, fresh=True)
    together = ensemble(models)
    x = images.as_data()[:20]
    before = together.code_means(x)
    assert any(isinstance(layer, CentredLinear) for layer in models[0].encoder)
    together.settle()
    assert not any(isinstance(layer, CentredLinear) for model in models for layer in model.encoder)
    torch.testing.assert_close(together.code_means(x), before, rtol=0, atol=1e-5)
    for model, own in zip(models, before, strict=True):
        torch.testing.assert_close(model.encode(x).mean, own, rtol=0, atol=1e-5)


def test_few_axes_and_points_are_not_centred(images):
    for config in (FAST.replace(latent_dim=3), RunConfig(dataset="ring", latent_dim=5, recipe="fast")):
        data = images if not config.on_points else ImageSet(torch.rand(9, 2), torch.zeros(9, dtype=torch.int64), "ring")
        assert not DataInitialization(data, config).centres


def test_a_fast_run_is_an_ordinary_run_and_beats_the_textbook_s_sizes(few_digits):
    fast = fit(FAST, *few_digits)
    plain = fit(FAST.replace(recipe="textbook", learning_rate=1e-3), *few_digits)
    assert fast.metrics["test_negative_elbo"] < plain.metrics["test_negative_elbo"]
    assert not any(isinstance(layer, CentredLinear) for layer in fast.model.encoder)
    rebuilt = build(fast.config, (1, 28, 28))
    rebuilt.load_state_dict(fast.model.state_dict())
    x = few_digits[1].as_data()
    torch.testing.assert_close(rebuilt.encode(x).mean, fast.model.encode(x).mean, rtol=0, atol=0)


def test_a_fast_stack_gives_what_its_members_give_alone(few_digits):
    """In float64, where half precision is off: the mathematics is the same, whatever the hardware."""
    configs = [FAST.replace(beta=beta, seed=seed) for beta, seed in ((1.0, 0), (4.0, 0), (1.0, 1))]
    together = fit_stack(configs, *few_digits, dtype=torch.float64)
    for config, run in zip(configs, together, strict=True):
        (alone,) = fit_stack([config], *few_digits, dtype=torch.float64)
        for mine, theirs in zip(run.model.parameters(), alone.model.parameters(), strict=True):
            torch.testing.assert_close(mine, theirs, rtol=0, atol=1e-9)


def test_a_fast_run_can_start_from_another(few_digits):
    first = fit(FAST, *few_digits)
    again = FAST.replace(seed=1, epochs=1, learning_rate=1e-6, start_from=first.digest)
    continued = fit(again, *few_digits, start=first)
    assert continued.metrics["test_negative_elbo"] == pytest.approx(first.metrics["test_negative_elbo"], abs=1.0)
