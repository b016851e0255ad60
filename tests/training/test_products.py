"""Large products by oneDNN: values and gradients against float64, who gets them, and that a run repeats bit by bit."""

import pytest
import torch
from torch import nn
from torch.nn import functional

from vaedemo.config import RunConfig
from vaedemo.training import loop, products
from vaedemo.training.recipes import RECIPES

CPU = torch.device("cpu")
able = pytest.mark.skipif(not torch.backends.mkldnn.is_available(), reason="this torch was built without oneDNN")


def drawn(*shape: int, seed: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def layer_and_gradients(x, weight, bias, upstream):
    leaves = [values.clone().requires_grad_() for values in (x, weight, bias)]
    y = functional.linear(*leaves)
    return [y, *torch.autograd.grad(y, leaves, upstream)]


@able
@pytest.mark.parametrize(("rows", "inputs", "outputs"), [(500, 784, 400), (500, 400, 784), (128, 784, 400)])
def test_a_large_layer_and_its_gradients_are_those_of_float64(rows, inputs, outputs):
    shapes = [(rows, inputs), (outputs, inputs), (outputs,), (rows, outputs)]
    values = [drawn(*shape, seed=seed) for seed, shape in enumerate(shapes)]
    with products.LargeByOneDnn():
        ours = layer_and_gradients(*values)
    assert "Linear" in ours[0].grad_fn.name() and "Addmm" not in ours[0].grad_fn.name()
    exact = layer_and_gradients(*(value.double() for value in values))
    for own, true in zip(ours, exact, strict=True):
        assert own.dtype == torch.float32
        assert (own - true).abs().max() < 2e-6 * true.abs().max()


@able
def test_small_float64_and_vector_inputs_go_the_ordinary_way_bit_by_bit():
    layer = nn.Linear(784, 400)
    for network, x in (
        (layer, drawn(2, 784, seed=0)),
        (layer, drawn(784, seed=0)),
        (layer, drawn(4, 125, 784, seed=0)),
        (nn.Linear(784, 400, bias=False), drawn(500, 784, seed=0)),
        (nn.Linear(784, 400, dtype=torch.float64), drawn(500, 784, seed=0).double()),
    ):
        with products.LargeByOneDnn():
            ours = network(x)
        assert torch.equal(ours, network(x))
        assert ours.grad_fn.name() == network(x).grad_fn.name()


def test_only_float32_images_on_a_cpu_that_gains_are_trained_with_it(monkeypatch):
    def chosen(config, device=CPU, dtype=torch.float32):
        return isinstance(RECIPES[config.recipe].arithmetic(config, device, dtype), products.LargeByOneDnn)

    monkeypatch.setattr(products, "faster", lambda: True)
    assert chosen(RunConfig())
    assert not chosen(RunConfig(dataset="ring"))
    assert not chosen(RunConfig(), dtype=torch.float64)
    monkeypatch.setattr("vaedemo.training.recipes.multiplies_bfloat16", lambda device: True)
    assert not chosen(RunConfig(recipe="fast"))
    monkeypatch.setattr(products, "faster", lambda: False)
    assert not chosen(RunConfig())


@able
def test_a_run_has_the_ordinary_run_s_weights_up_to_rounding_and_repeats_bit_by_bit(few_digits, monkeypatch):
    config = RunConfig(latent_dim=5, train_size=300, batch_size=150, epochs=2, seed=3)
    weights = []
    for faster in (True, True, False):
        monkeypatch.setattr(products, "faster", lambda faster=faster: faster)
        weights.append(loop.fit(config, *few_digits).model.state_dict())
    first, again, ordinary = weights
    for name, values in first.items():
        assert torch.equal(values, again[name])
        torch.testing.assert_close(values, ordinary[name], rtol=0, atol=1e-5)
