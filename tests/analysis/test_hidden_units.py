"""Units of wide layers: features against what they do to images, passed noise against traces done by hand."""

import pytest
import torch

from vaedemo.analysis import hidden_units
from vaedemo.config import RunConfig
from vaedemo.models import build

LINEAR = RunConfig(model="autoencoder", network="linear", latent_dim=40, likelihood="gaussian")
RELU = LINEAR.replace(code_units="relu")
L1 = RELU.replace(sparsity=1.0, sparsity_kind="l1")
X = torch.rand(6, 1, 28, 28, generator=torch.Generator().manual_seed(1))


def model_of(config):
    return build(config, (1, 28, 28))


@pytest.mark.parametrize("config", [RELU, L1], ids=["free", "l1"])
def test_features_rebuild_code_and_image(config):
    model = model_of(config)
    v, w = hidden_units.encoder_features(model), hidden_units.decoder_features(model)
    code = (X.flatten(1) @ v.flatten(1).T + model.encoder[1].bias).relu()
    assert torch.allclose(code, model.encode(X).mean, atol=1e-5)
    image = (code @ w.flatten(1) + model.decoder[0].bias).reshape(X.shape)
    assert torch.allclose(image, model.reconstruct(X), atol=1e-5)
    if config is L1:
        assert torch.allclose(w.flatten(1).norm(dim=1), torch.ones(40), atol=1e-6)


def test_noise_passed_by_a_linear_net_is_the_trace_over_the_pixels():
    model = model_of(LINEAR)
    v, w = hidden_units.encoder_features(model).flatten(1), hidden_units.decoder_features(model).flatten(1)
    basis = 0.7 * torch.eye(784).reshape(784, 1, 28, 28)  # in every direction once: no sampling error
    trace = (v.double() * w.double()).sum().item()
    passed = hidden_units.noise_passed(model, X[:1].expand(784, -1, -1, -1), basis)
    assert passed == pytest.approx(trace / 784, abs=1e-6)


def test_a_copy_passes_all_and_leaves_nothing_out():
    model = model_of(LINEAR.replace(latent_dim=784))
    with torch.no_grad():
        model.encoder[1].weight.copy_(torch.eye(784))
        model.decoder[0].weight.copy_(torch.eye(784))
        model.encoder[1].bias.zero_()
        model.decoder[0].bias.zero_()
    assert hidden_units.noise_passed(model, X, torch.randn(X.shape)) == pytest.approx(1, abs=1e-5)
    assert hidden_units.error_on(model, X) == pytest.approx(0, abs=1e-6)
    assert hidden_units.squared_error(model, X) == pytest.approx(0, abs=1e-10)


def test_a_net_that_answers_black_leaves_all_out():
    model = model_of(LINEAR)
    with torch.no_grad():
        for parameter in model.decoder.parameters():
            parameter.zero_()
    assert hidden_units.error_on(model, X) == pytest.approx(1, abs=1e-6)
    assert hidden_units.squared_error(model, X) == pytest.approx(X.square().mean().item(), rel=1e-5)
    assert hidden_units.noise_passed(model, X, torch.ones_like(X)) == 0


def test_firing_is_above_zero_or_above_one_half():
    code = torch.tensor([[-1.0, 0.0, 0.3, 0.7]])
    assert hidden_units.fires(code, "relu").tolist() == [[False, False, True, True]]
    assert hidden_units.fires(code, "sigmoid").tolist() == [[False, False, False, True]]
    assert hidden_units.fires(code, "linear").tolist() == [[True, False, True, True]]


def test_shuffled_pixels_keep_their_greys_and_lose_their_places():
    shuffled = hidden_units.shuffled_pixels(X, torch.Generator().manual_seed(0))
    assert torch.equal(shuffled.flatten(1).sort(dim=1).values, X.flatten(1).sort(dim=1).values)
    assert (shuffled == X).float().mean() < 0.02
    assert torch.equal(shuffled, hidden_units.shuffled_pixels(X, torch.Generator().manual_seed(0)))


def test_a_deep_net_has_no_features_to_look_at():
    with pytest.raises(ValueError, match="only in a network of one dense layer"):
        hidden_units.encoder_features(model_of(RunConfig(model="autoencoder")))
