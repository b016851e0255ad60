"""Subclasses with other networks and another loss: they train as a plain loop with torch's autograd trains them."""

import pytest
import torch
from torch import nn

from vaedemo import models
from vaedemo.config import RunConfig
from vaedemo.models import VAE, Autoencoder, build
from vaedemo.models.ensemble import ensemble
from vaedemo.models.networks import Reshape
from vaedemo.training import engine, loop
from vaedemo.training.randomness import stream
from vaedemo.training.subset import balanced

SHAPE = (1, 28, 28)
SMALL = RunConfig(hidden=(12,), latent_dim=3, train_size=170, batch_size=50, epochs=5, seed=4)


class OtherLoss(VAE):
    """The squared error of the decoder's mean, three times, and a KL that counts twice."""

    def loss(self, x, y, generator):
        x = self.as_data(x)
        mu, logvar = self.posterior(x)
        z = mu + (0.5 * logvar).exp() * torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
        error = 3 * (self.decode(z).mean - x).square().flatten(1).sum(1)
        kl = (mu.square() + logvar.exp() - logvar - 1).sum(1)
        return {"total": error + self.config.beta * kl, "reconstruction": error, "kl": kl}


class OtherDecoder(VAE):
    """Tanh between the decoder's layers."""

    def __init__(self, config, data_shape):
        super().__init__(config, data_shape)
        self.decoder = nn.Sequential(
            nn.Linear(config.latent_dim, 20), nn.Tanh(), nn.Linear(20, 784), Reshape(1, *data_shape)
        )


class OtherBoth(OtherDecoder, OtherLoss):
    """Both at once."""


class OtherEncoder(VAE):
    """Sees the square of x, through an encoder that is no `nn.Sequential`."""

    class Squares(nn.Module):
        def __init__(self, inputs, outputs):
            super().__init__()
            self.linear = nn.Linear(inputs, outputs)

        def forward(self, x):
            return self.linear(x.flatten(1).square())

    def __init__(self, config, data_shape):
        super().__init__(config, data_shape)
        self.encoder = self.Squares(784, 2 * config.latent_dim)


class OtherAutoencoder(Autoencoder):
    """The squared error of the picture."""

    def loss(self, x, y, generator):
        error = (self.reconstruct(x) - self.as_data(x)).square().flatten(1).sum(1)
        return {"total": error, "reconstruction": error}


def trained_by_hand(config: RunConfig, images: torch.Tensor, rates=lambda step, steps: 1.0, betas=(0.9, 0.999)):
    """A plain training loop in float64: this order, this noise, the model's own loss, `torch.optim.Adam`."""
    model = build(config, SHAPE).double()
    optimizer = torch.optim.Adam(model.parameters(), betas=betas, foreach=False)
    order, noise = stream(config.seed, "order"), stream(config.seed, "noise")
    steps, step = config.epochs * -(-len(images) // config.batch_size), 0
    for _ in range(config.epochs):
        for chosen in torch.randperm(len(images), generator=order).split(config.batch_size):
            optimizer.zero_grad()
            model.loss(images[chosen].double() / 255, None, noise)["total"].mean().backward()
            optimizer.param_groups[0]["lr"] = config.learning_rate * rates(step, steps)
            optimizer.step()
            step += 1
    return model


def same(ours: nn.Module, theirs: nn.Module, tolerance: float) -> None:
    for name, expected in theirs.state_dict().items():
        torch.testing.assert_close(ours.state_dict()[name], expected, rtol=0, atol=tolerance)


@pytest.mark.parametrize("kind", [OtherLoss, OtherDecoder, OtherBoth, OtherEncoder])
def test_twenty_steps_are_those_of_a_plain_loop(kind, few_digits, monkeypatch):
    monkeypatch.setitem(models.KINDS, "vae", kind)
    (run,) = loop.fit_stack([SMALL], *few_digits, dtype=torch.float64)
    assert type(run.model) is kind and run.metrics["steps_done"] == 20
    by_hand = trained_by_hand(SMALL, balanced(few_digits[0], SMALL.train_size).x)
    same(run.model, by_hand, 1e-9)
    assert not torch.allclose(next(by_hand.parameters()), next(build(SMALL, SHAPE).double().parameters()), atol=1e-3)


@pytest.mark.parametrize("kind", [OtherBoth, OtherEncoder])
def test_by_the_fast_recipe_too(kind, few_digits, monkeypatch):
    """No head start and one rate for all layers: both know only this package's own networks."""
    monkeypatch.setitem(models.KINDS, "vae", kind)
    config = SMALL.replace(recipe="fast", latent_dim=5)
    (run,) = loop.fit_stack([config], *few_digits, dtype=torch.float64)

    def rates(step, steps):  # one step up, for 5 % of 20 steps is one, and down in a straight line
        return min(step + 1, (steps - step) / (steps - 1))

    by_hand = trained_by_hand(config, balanced(few_digits[0], config.train_size).x, rates, (0.9, 0.95))
    same(run.model, by_hand, 1e-9)


@pytest.mark.parametrize(("name", "kind"), [("vae", OtherLoss), ("vae", OtherBoth), ("autoencoder", OtherAutoencoder)])
def test_a_sweep_of_altered_models_trains_each_by_its_own_loss(name, kind, few_digits, monkeypatch):
    monkeypatch.setitem(models.KINDS, name, kind)
    configs = [SMALL.replace(model=name, seed=seed) for seed in (0, 1)]
    apart = engine.stacks(configs)
    assert apart == [[config] for config in configs]
    for (config,) in apart:
        (run,) = loop.fit_stack([config], *few_digits, dtype=torch.float64)
        same(run.model, trained_by_hand(config, balanced(few_digits[0], config.train_size).x), 1e-9)
    with pytest.raises(ValueError, match="no subclasses"):
        ensemble([build(config, SHAPE) for config in configs])


class Doubling(nn.Linear):
    """A linear layer that doubles what it is given."""

    def forward(self, x):
        return super().forward(2 * x)


def test_a_layer_of_another_class_is_not_stacked_as_the_one_it_comes_from():
    altered = [build(SMALL, SHAPE) for _ in range(2)]
    for model in altered:
        model.encoder[1] = Doubling(784, 12)
    with pytest.raises(TypeError, match="Doubling layers cannot be stacked"):
        ensemble(altered)
    mixed = [build(SMALL, SHAPE) for _ in range(2)]
    mixed[1].encoder[1] = Doubling(784, 12)
    with pytest.raises(TypeError, match="Doubling layers cannot be stacked"):
        ensemble(mixed)
