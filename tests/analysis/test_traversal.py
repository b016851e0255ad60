"""Along one latent axis: which codes, which images, what it costs."""

import pytest
import torch

from vaedemo.analysis import traversal
from vaedemo.config import RunConfig
from vaedemo.models import build
from vaedemo.models.autoencoder import NoBoundError


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    return build(RunConfig(dataset="digits", hidden=(12,), latent_dim=5), (1, 28, 28)).eval().requires_grad_(False)


@pytest.fixture(scope="module")
def x():
    return torch.rand(40, 1, 28, 28, generator=torch.Generator().manual_seed(1))


def test_only_its_axis_moves(model, x):
    codes, images = traversal.traverse(model, x[:1], 3, limit=2.0, steps=5)
    assert codes[:, 3].tolist() == [-2.0, -1.0, 0.0, 1.0, 2.0]
    others = [0, 1, 2, 4]
    assert torch.equal(codes[:, others], model.encode(x[:1]).mean[:, others].expand(5, 4))
    assert torch.equal(images, model.decode(codes).mean) and images.shape == (5, 1, 28, 28)


def test_kl_is_torch_s(model, x):
    q = model.encode(x)
    prior = torch.distributions.Normal(torch.zeros(40, 5), torch.ones(40, 5))
    expected = torch.distributions.kl_divergence(q, prior).mean(0).double()
    torch.testing.assert_close(traversal.axis_kl(model, x), expected, atol=1e-5, rtol=1e-4)


def test_what_is_refused(model, x):
    with pytest.raises(ValueError, match="from 0 to 4, got 5"):
        traversal.traverse(model, x[:1], 5)
    with pytest.raises(ValueError, match="one image, got 2"):
        traversal.traverse(model, x[:2], 0)
    with pytest.raises(ValueError, match="steps must be a whole number of at least 2"):
        traversal.traverse(model, x[:1], 0, steps=1)
    autoencoder = build(RunConfig(dataset="digits", model="autoencoder", hidden=(4,)), (1, 28, 28))
    with pytest.raises(NoBoundError):
        traversal.axis_kl(autoencoder, x)
