"""Every layer's activations, against the same network computed by hand."""

import math

import pytest
import torch
from torch.nn import functional

from vaedemo.analysis.activations import Layer, layers, nearly_square, tiles
from vaedemo.config import RunConfig
from vaedemo.models import build
from vaedemo.models.networks import count_parameters

IMAGE = torch.rand(1, 1, 28, 28, generator=torch.Generator().manual_seed(0))
DENSE = RunConfig(model="autoencoder", hidden=(30, 12), latent_dim=3)
CONVOLUTIONS = RunConfig(model="autoencoder", network="conv", hidden=(4, 6), latent_dim=5)
SPARSE = RunConfig(model="autoencoder", network="linear", latent_dim=20, code_units="relu", likelihood="gaussian")


def test_dense_layers_are_the_products_done_by_hand():
    model = build(DENSE, (1, 28, 28))
    weights = {name: value.detach().double().numpy() for name, value in model.state_dict().items()}
    h, by_hand = IMAGE.double().numpy().ravel(), []
    for network, places in (("encoder", (1, 3, 5)), ("decoder", (0, 2, 4))):
        for place in places:
            h = weights[f"{network}.{place}.weight"] @ h + weights[f"{network}.{place}.bias"]
            if place != places[-1]:
                h = h.clip(min=0)
            by_hand.append(h)
    by_hand[-1] = 1 / (1 + math.e ** -by_hand[-1])
    found = layers(model, IMAGE)
    assert [layer.part for layer in found] == ["input", "encoder", "encoder", "code", "decoder", "decoder", "output"]
    for layer, expected in zip(found[1:], by_hand, strict=True):
        assert torch.allclose(layer.values.flatten().double(), torch.tensor(expected), atol=1e-5)
    assert [layer.parameters for layer in found] == [0, 784 * 30 + 30, 372, 39, 48, 390, 30 * 784 + 784]
    assert [layer.shape_text for layer in found] == ["28 × 28", "30", "12", "3", "12", "30", "28 × 28"]


def test_convolutions_keep_their_channels():
    model = build(CONVOLUTIONS, (1, 28, 28))
    found = layers(model, IMAGE)
    first = functional.conv2d(IMAGE, model.encoder[0].weight, model.encoder[0].bias, stride=2, padding=1).relu()
    assert torch.allclose(found[1].values, first[0], atol=1e-6)
    assert [tuple(layer.values.shape) for layer in found] == [
        (1, 28, 28), (4, 14, 14), (6, 7, 7), (5,), (6, 7, 7), (4, 14, 14), (1, 28, 28)
    ]  # fmt: skip
    assert [layer.kind for layer in found[1:]] == ["convolution"] * 2 + ["dense"] * 2 + ["upsampling"] * 2
    assert found[2].shape_text == "6 × 7 × 7" and found[2].size == 294


@pytest.mark.parametrize("config", [DENSE, CONVOLUTIONS, SPARSE], ids=lambda config: config.title)
def test_the_ends_are_the_model_s_own_and_every_parameter_is_counted(config):
    model = build(config, (1, 28, 28))
    found = layers(model, IMAGE)
    (code,) = [layer.values for layer in found if layer.part == "code"]
    assert torch.equal(code, model.encode(IMAGE).mean[0])
    assert torch.equal(found[-1].values, model.reconstruct(IMAGE)[0])
    assert sum(layer.parameters for layer in found) == count_parameters(model)


def test_one_image_at_a_time():
    with pytest.raises(ValueError, match="one example at a time, got 2"):
        layers(build(DENSE, (1, 28, 28)), IMAGE.expand(2, -1, -1, -1))


def test_tiles_hold_every_value_once():
    picture, columns = tiles(Layer("code", "dense", 1, torch.arange(5.0)))
    assert columns == 1 and picture.shape == (1, 3, 2)
    assert picture.flatten()[:5].tolist() == [0, 1, 2, 3, 4] and picture.isnan().sum() == 1
    channels = torch.rand(8, 3, 3)
    picture, columns = tiles(Layer("encoder", "convolution", 1, channels))
    assert torch.equal(picture, channels) and columns == 2
    assert [nearly_square(count) for count in (1, 2, 16, 80, 128, 97)] == [1, 1, 4, 8, 8, 9]
