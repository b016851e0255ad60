"""A subclass of the VAE with methods or networks of its own is trained on what it does."""

import pytest
import torch

from vaedemo.config import RunConfig
from vaedemo.models import VAE, build

IMAGE = (1, 6, 5)
CONFIG = RunConfig(hidden=(9,), latent_dim=3)


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


class OwnDecode(VAE):
    """A decoder of its own, written where a stranger would write it."""

    def decode(self, z):
        found = super().decode(z)
        found.logits = 3 * found.logits.tanh()
        return found


class OwnPosterior(VAE):
    def posterior(self, x):
        mu, logvar = super().posterior(x)
        return 2 * mu, logvar


class OwnTwin(VAE):
    def decode_unchecked(self, z):
        found = super().decode_unchecked(z)
        found.logits = 3 * found.logits.tanh()
        return found


@pytest.mark.parametrize("kind", [OwnDecode, OwnPosterior, OwnTwin])
def test_a_subclass_is_trained_on_what_it_does(kind):
    """Its loss is the formula with its own methods, and the bound and the reconstruction use them too."""
    torch.manual_seed(0)
    model = kind(CONFIG, IMAGE)
    x = torch.rand(4, *IMAGE, generator=generator())
    mu, logvar = model.posterior(x)
    z = mu + (0.5 * logvar).exp() * torch.randn(mu.shape, generator=generator(1))
    logits = model.decode(z).logits
    by_hand = torch.nn.functional.binary_cross_entropy_with_logits(logits, x, reduction="none").flatten(1).sum(1)
    terms = model.loss(x, None, generator(1))
    torch.testing.assert_close(terms["reconstruction"], by_hand)
    torch.testing.assert_close(model.elbo(x, generator=generator(1)).reconstruction, by_hand)
    torch.testing.assert_close(model.encode(x).mean, mu)
    torch.testing.assert_close(model.reconstruct(x), model.decode(mu).mean)
    plain = VAE(CONFIG, IMAGE)
    plain.load_state_dict(model.state_dict())
    assert (plain.loss(x, None, generator(1))["reconstruction"] - by_hand).abs().min() > 1e-3


def test_a_decoder_put_in_place_of_the_network_is_used():
    model = build(CONFIG, IMAGE)
    model.decoder = torch.nn.Sequential(*model.decoder, torch.nn.Tanh())
    z = torch.randn(4, 3, generator=generator())
    assert model.decode(50 * z).logits.abs().max() <= 1
