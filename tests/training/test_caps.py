"""The server's caps: what passes, and the one sentence for what does not."""

from dataclasses import replace

import pytest
import torch

from vaedemo import datasets
from vaedemo.config import DATASETS, ConfigError, RunConfig
from vaedemo.models import build
from vaedemo.models.networks import count_parameters
from vaedemo.settings import Settings
from vaedemo.training import caps, shipped_runs

LIMITS = Settings()


def test_everyday_and_shipped_configs_pass():
    for config in (
        RunConfig(),
        RunConfig(network="conv", hidden=(32, 64)),
        RunConfig(likelihood="categorical", levels=16),
    ):
        caps.check(config, LIMITS)
    for config in shipped_runs.NAMED.values():
        caps.check(config, replace(LIMITS, max_epochs=400))


@pytest.mark.parametrize(
    ("changes", "name", "accepts"),
    [
        ({"epochs": 201}, "epochs", "at most 200 epochs on this server"),
        ({"dataset": "mnist", "epochs": 200, "hidden": (8,)}, "epochs", None),
        ({"hidden": (4096, 4096)}, "hidden", "widths that give at most 20,000,000 parameters on this server"),
        ({"latent_dim": 1024, "hidden": (4096,) * 6}, "hidden", "parameters on this server"),
        ({"network": "conv", "hidden": (4096,)}, "hidden", "fewer or narrower layers"),
        (
            {"network": "conv", "hidden": (64, 64), "batch_size": 60_000, "dataset": "mnist", "epochs": 1},
            "batch_size",
            None,
        ),
        ({"likelihood": "categorical", "levels": 256, "batch_size": 4000}, "levels", "fewer levels or a smaller batch"),
    ],
    ids=str,
)
def test_what_is_too_large_is_refused_by_name(changes, name, accepts):
    with pytest.raises(ConfigError) as caught:
        caps.check(RunConfig(**changes), replace(LIMITS, max_images_trained=11_000_000))
    assert caught.value.field == name and (accepts or "at most") in caught.value.accepts
    assert len(str(caught.value)) < 250


def test_the_number_that_a_refusal_names_is_accepted():
    limits = replace(LIMITS, max_images_trained=1_000_000)
    with pytest.raises(ConfigError, match="at most 16 epochs of mnist"):
        caps.check(RunConfig(dataset="mnist", epochs=17), limits)
    caps.check(RunConfig(dataset="mnist", epochs=16), limits)
    caps.check(RunConfig(dataset="mnist", epochs=200, train_size=5000), limits)
    wide = RunConfig(network="conv", hidden=(64, 64), batch_size=60_000, dataset="mnist", epochs=1)
    with pytest.raises(ConfigError) as caught:
        caps.check(wide, LIMITS)
    most = int(caught.value.accepts.split()[2].replace(",", ""))
    caps.check(wide.replace(batch_size=most), LIMITS)
    with pytest.raises(ConfigError):
        caps.check(wide.replace(batch_size=most + 1), LIMITS)


@pytest.mark.parametrize(
    "config",
    [
        RunConfig(),
        RunConfig(network="conv", hidden=(3, 5), model="autoencoder"),
        RunConfig(network="linear", likelihood="categorical", levels=7),
        RunConfig(dataset="ring", noise_variance="learned"),
        RunConfig(model="autoencoder", sparsity=1, sparsity_kind="l1"),
    ],
    ids=lambda config: config.title,
)
def test_parameters_are_counted_as_the_model_has_them(config):
    assert caps.parameters(config) == count_parameters(build(config, datasets.data_shape(config.dataset)))


@pytest.mark.parametrize(
    "config", [RunConfig(hidden=(30, 20)), RunConfig(network="conv", hidden=(3, 5, 2))], ids=lambda config: config.title
)
def test_the_values_held_are_those_of_a_forward_pass(config):
    """Counted by hooks on every layer with weights; the decoder may differ from its mirror at odd sizes."""
    model = build(config, (1, 28, 28))
    held = []
    for layer in model.modules():
        if isinstance(layer, (torch.nn.Linear, torch.nn.Conv2d)):
            layer.register_forward_hook(lambda layer, inputs, output: held.append(output.numel()))
    model.reconstruct(torch.zeros(1, 1, 28, 28))
    assert caps.values_held(config) == pytest.approx(sum(held) + 784, rel=0.35)


@pytest.mark.parametrize("name", [name for name in DATASETS if name not in ("mnist", "mnist-55k", "fashion")])
def test_the_sizes_are_those_of_the_sets(name):
    config = RunConfig(dataset=name)
    images = datasets.load(name, "train")
    assert caps.train_images(config) == len(images)
    assert datasets.data_shape(name) == tuple(images.x.shape[1:])
    assert caps.train_images(config.replace(train_size=100)) == 100
    assert caps.train_images(config.replace(train_size=50_000)) == len(images)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"hidden": (2048, 2048)}, "hidden"),
        ({"dataset": "mnist", "hidden": (8,)}, "dataset"),
        ({"batch_size": 4000, "hidden": (256,)}, "batch_size"),
        ({"network": "conv", "hidden": (64, 64), "batch_size": 16}, "hidden"),
    ],
    ids=str,
)
def test_what_takes_too_much_memory_is_refused_by_its_largest_part(changes, name):
    config = RunConfig(**changes)
    needed = caps.weight_bytes(config) + caps.pass_bytes(config) + caps.data_bytes(config)
    caps.check(config, replace(LIMITS, max_memory=needed))
    with pytest.raises(ConfigError, match="what fits into") as caught:
        caps.check(config, replace(LIMITS, max_memory=needed - 1))
    assert caught.value.field == name
    assert len(str(caught.value)) < 200


def test_a_stack_is_as_large_as_the_memory_allows(monkeypatch):
    config = RunConfig(hidden=(400,), latent_dim=20)
    assert caps.largest_stack(config) == 16
    own, shared = caps.weight_bytes(config) + caps.pass_bytes(config), caps.data_bytes(config)
    monkeypatch.setenv("VAEDEMO_MAX_MEMORY", str(shared + 5 * own))
    assert caps.largest_stack(config) == 5
    monkeypatch.setenv("VAEDEMO_MAX_MEMORY", "0")
    assert caps.largest_stack(config) == 1, "whether one is too much is for `check` to say"


def test_the_memory_of_the_weights_is_that_of_a_training():
    """Weights, gradients and the optimizer's two moments, as torch holds them after a step."""
    config = RunConfig(hidden=(30,))
    model = build(config, (1, 28, 28))
    optimizer = torch.optim.Adam(model.parameters(), fused=True)
    generator = torch.Generator().manual_seed(0)
    model.loss(torch.rand(4, 1, 28, 28, generator=generator), None, generator)["total"].mean().backward()
    optimizer.step()
    held = [*model.parameters(), *(each.grad for each in model.parameters())]
    held += [state[name] for state in optimizer.state.values() for name in ("exp_avg", "exp_avg_sq")]
    assert caps.weight_bytes(config) == sum(each.nbytes for each in held)
