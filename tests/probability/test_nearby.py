"""A decoder near a few codes puts out what the whole one does, with fewer units."""

import pytest
import torch
from torch import nn

from vaedemo.config import RunConfig
from vaedemo.models import build
from vaedemo.probability import gradients
from vaedemo.probability.nearby import nearby


def model_of(hidden=(64,), **settings):
    torch.manual_seed(5)
    config = RunConfig(dataset="digits", hidden=hidden, **settings)
    return build(config, (1, 28, 28)).requires_grad_(False).eval()


def codes(width, axes=2, count=200):
    return 0.3 + width * torch.randn(count, axes, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("width", [0.0, 0.05, 1.0])
@pytest.mark.parametrize("settings", [{}, {"hidden": (48, 40)}, {"latent_dim": 5}])
def test_it_puts_out_what_the_whole_decoder_does(width, settings):
    model = model_of(**settings)
    z = codes(width, model.latent_dim)
    with torch.no_grad():
        torch.testing.assert_close(nearby(model, z).decode(z).logits, model.decode(z).logits, rtol=1e-5, atol=1e-5)


def test_its_slopes_are_those_of_the_whole_decoder_at_the_ends_of_the_box_too():
    model, z = model_of(), codes(0.05)
    x = (torch.rand(1, 1, 28, 28, generator=torch.Generator().manual_seed(2)) < 0.3).float()
    values, slopes = gradients.value_and_slope(nearby(model, z), x, z)
    expected_values, expected_slopes = gradients.value_and_slope(model, x, z)
    torch.testing.assert_close(values, expected_values, rtol=1e-5, atol=1e-3)
    torch.testing.assert_close(slopes, expected_slopes, rtol=1e-4, atol=1e-4)


def test_few_units_are_left_in_a_small_box_and_the_model_itself_keeps_all():
    model = model_of(hidden=(400,))
    z = codes(0.05)
    assert nearby(model, z).decoder[0].out_features < 130
    assert model.decoder[0].out_features == 400
    assert nearby(model, z[:1]).decoder[0].out_features == 2


def test_another_kind_of_decoder_is_left_as_it_is():
    model = model_of(network="conv", hidden=(4, 8))
    assert nearby(model, codes(0.1)) is model
    assert nearby(nn.Identity(), codes(0.1)).__class__ is nn.Identity
