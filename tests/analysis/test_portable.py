"""Decoders taken out of torch: numpy runs them in float64 and must find the model's own means."""

import numpy as np
import pytest
import torch

from vaedemo import models
from vaedemo.analysis import portable
from vaedemo.config import RunConfig
from vaedemo.likelihood_index import IMAGE_LIKELIHOODS, POINT_LIKELIHOODS

IMAGE = (1, 5, 4)


def built(shape=IMAGE, **settings):
    torch.manual_seed(0)
    model = models.build(RunConfig(**settings), shape).eval().requires_grad_(False)
    for parameter in model.decoder.parameters():
        parameter.mul_(3)  # means far from one half
    return model


def run_by_numpy(layers: portable.Layers, z: np.ndarray) -> np.ndarray:
    """The forward pass of the docstring, in float64."""
    hidden = z.astype(np.float64)
    for index, (matrix, bias) in enumerate(layers.weights):
        hidden = hidden @ matrix.astype(np.float64).T + bias
        if index < len(layers.weights) - 1:
            hidden = np.maximum(hidden, 0)
    if layers.mean == "sigmoid":
        mean = 1 / (1 + np.exp(-hidden))
    elif layers.mean == "continuous_bernoulli":
        mean = 1 / (1 - np.exp(-hidden)) - 1 / hidden
    elif layers.mean == "expectation":
        raw = hidden.reshape(len(z), layers.levels, -1)
        share = np.exp(raw - raw.max(1, keepdims=True))
        mean = (share / share.sum(1, keepdims=True) * np.linspace(0, 1, layers.levels)[:, None]).sum(1)
    else:
        mean = hidden
    return mean.reshape(len(z), *layers.shape)


@pytest.mark.parametrize(
    ("settings", "shape"),
    [
        ({"hidden": (7, 6)}, IMAGE),
        *(({"hidden": (7,), "likelihood": name, "levels": 6, "latent_dim": 5}, IMAGE) for name in IMAGE_LIKELIHOODS),
        ({"network": "linear", "hidden": ()}, IMAGE),
        *(({"dataset": "ring", "likelihood": name, "hidden": (8, 8)}, (2,)) for name in POINT_LIKELIHOODS),
        ({"model": "autoencoder", "hidden": (7,), "sparsity": 0.1, "sparsity_kind": "l1"}, IMAGE),
    ],
    ids=str,
)
def test_the_layers_are_the_decoder(settings, shape):
    model = built(shape, **settings)
    layers = portable.layers(model)
    z = 2 * torch.randn(9, model.latent_dim, generator=torch.Generator().manual_seed(1))
    expected = model.decode(z).mean.numpy()
    assert layers.shape == shape
    assert np.abs(run_by_numpy(layers, z.numpy()) - expected).max() < 2e-5
    assert expected.std() > 0.05
    assert layers.numbers == sum(parameter.numel() for parameter in model.decoder.parameters())


def test_the_arrays_are_copies():
    model = built(hidden=(7,))
    layers = portable.layers(model)
    before = layers.weights[0][0].copy()
    model.decoder[0].weight.zero_()
    assert np.array_equal(layers.weights[0][0], before)


def test_a_convolutional_decoder_has_no_such_layers():
    assert portable.layers(built((1, 28, 28), network="conv", hidden=(4, 8))) is None


def test_a_sheet_is_decoded_node_by_node():
    model = built(hidden=(7,), latent_dim=3)
    base = torch.tensor([0.5, -1.0, 2.0])
    sheet = portable.sheet(model, base, (2, 0), extent=4.0, side=5)
    assert sheet.shape == (5, 5, *IMAGE)
    for row, column in ((0, 0), (4, 1), (2, 3)):
        z = torch.tensor([[-4.0 + 2 * row, -1.0, -4.0 + 2 * column]])
        assert np.allclose(sheet[row, column], model.decode(z).mean[0].numpy(), atol=1e-6)


@pytest.mark.parametrize(
    ("axes", "extent", "side", "words"),
    [
        ((0, 0), 4.0, 5, "2 different axes from 0 to 1"),
        ((0, 2), 4.0, 5, "axis must be a whole number from 0 to 1, got 2"),
        ((0, 1), 0.0, 5, "extent must be a positive"),
        ((0, 1), 4.0, 1, "side must be a whole number of at least 2"),
    ],
)
def test_a_sheet_that_cannot_be_is_refused(axes, extent, side, words):
    with pytest.raises(ValueError, match=words):
        portable.sheet(built(hidden=(7,)), torch.zeros(2), axes, extent, side)


def test_a_code_keeps_what_is_off_the_plane():
    codes = portable.on_plane(torch.tensor([1.0, 2.0, 3.0]), (2, 1), torch.tensor([[7.0, 8.0], [9.0, 0.0]]))
    assert codes.tolist() == [[1, 8, 7], [1, 0, 9]]
