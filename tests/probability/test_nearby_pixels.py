"""log p(x|z) at codes close together: against the whole decoder in float64, where it is certain and where it is not."""

import copy

import pytest
import torch

from vaedemo.config import RunConfig
from vaedemo.models import build
from vaedemo.probability import gradients, nearby_pixels

WIDTHS = [0.0, 0.05, 0.3]


def model_of(gain=1.0, **settings):
    torch.manual_seed(5)
    config = RunConfig(**({"dataset": "digits", "hidden": (64,)} | settings))
    model = build(config, (1, 28, 28)).requires_grad_(False).eval()
    for layer in model.decoder[::2] if gain != 1 else ():
        layer.weight *= gain
    return model


def image():
    return (torch.rand(1, 1, 28, 28, generator=torch.Generator().manual_seed(2)) < 0.3).float()


def codes(width, axes=2, count=300):
    return 0.3 + width * torch.randn(count, axes, generator=torch.Generator().manual_seed(1))


def check(model, z):
    """Compare value and slope with autograd's through the whole decoder, in float64."""
    x, whole = image(), copy.deepcopy(model).double()
    values, slopes = nearby_pixels.value_and_slope(model, x, z)
    expected, expected_slopes = gradients.value_and_slope(whole, x.double(), z.double())
    assert values.dtype == torch.float64
    torch.testing.assert_close(values, expected, rtol=2e-6, atol=2e-4)
    # On the very line where a unit bends, float32 may stand on its other side.
    wrong = ((slopes.double() - expected_slopes).abs() > 1e-4 * expected_slopes.abs().max()).any(1)
    assert wrong.sum() <= 1
    torch.testing.assert_close(nearby_pixels.log_likelihood(model, x, z), values, rtol=2e-6, atol=2e-4)
    return nearby_pixels.pixels(model, x, z)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("settings", [{}, {"latent_dim": 5}])
def test_values_and_slopes_are_those_of_the_whole_decoder(width, settings):
    model = model_of(**settings)
    found = check(model, codes(width, model.latent_dim))
    assert found is None or len(found.sides[0]) == 784


@pytest.mark.parametrize("width", [0.0, 0.02, 0.05])
def test_certain_pixels_are_left_out_and_change_nothing(width):
    found = check(model_of(gain=20.0), codes(width))
    assert found is not None
    assert 0 < len(found.sides[0]) < 784


def test_pixels_that_change_sides_take_the_long_way(monkeypatch):
    model, z = model_of(gain=20.0), codes(1.0)
    monkeypatch.setattr(nearby_pixels, "MOST_UNITS", 2.0)
    found = check(model, z)
    hidden, certainty = nearby_pixels.outputs(found, z)
    assert certainty[:64].prod(0).min() == 0  # one product would have lost it
    assert nearby_pixels.value_of(found, hidden, certainty).isfinite().all()


def test_codes_far_apart_and_other_decoders_are_decoded_as_they_are():
    assert nearby_pixels.pixels(model_of(), image(), codes(3.0)) is None
    check(model_of(), codes(3.0))
    convolutional = {"network": "conv", "hidden": (4, 8)}
    for settings in (convolutional, {"likelihood": "continuous_bernoulli"}, {"likelihood": "gaussian"}):
        assert check(model_of(**settings), codes(0.05)) is None


def test_what_does_more_than_reshape_is_not_taken_for_it():
    model = model_of()
    model.decoder.append(torch.nn.Hardtanh(-0.5, 0.5))
    assert check(model, codes(0.05)) is None
