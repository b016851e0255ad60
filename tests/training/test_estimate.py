"""The time estimate: its arithmetic against torch's own counter, its parts against a calibration made by hand."""

import json

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from vaedemo import datasets
from vaedemo.config import DATASETS, RunConfig
from vaedemo.models import build
from vaedemo.training import estimate

CONFIGS = [
    RunConfig(),
    RunConfig(hidden=(400, 100), latent_dim=20, model="autoencoder"),
    RunConfig(network="linear", latent_dim=5),
    RunConfig(likelihood="categorical", levels=4),
    RunConfig(network="conv", hidden=(16, 32), latent_dim=10),
    RunConfig(network="conv", hidden=(8, 16, 24), latent_dim=3, likelihood="categorical", levels=3),
    RunConfig(dataset="ring", hidden=(32, 16)),
]


@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: config.title)
def test_operations_are_those_torch_counts(config):
    shape = datasets.data_shape(config.dataset)
    model = build(config, shape)
    with FlopCounterMode(display=False) as counter:
        model.encoder(torch.zeros(1, *shape))
        model.decoder(torch.zeros(1, config.latent_dim))
    assert estimate.operations(config) == 3 * counter.get_total_flops()


def test_seconds_follow_the_formula():
    calibration = estimate.Calibration({"mlp": 0.001}, {"mlp": 1e9})
    config = RunConfig(dataset="mnist", hidden=(400,), latent_dim=20, epochs=10, batch_size=128)
    weights = 784 * 400 + 400 * 40 + 20 * 400 + 400 * 784
    steps, trained, evaluated = 469 * 10, 60_000 * 10, 20_000 * 10
    expected = steps * 0.001 + (trained + evaluated / 3) * 6 * weights / 1e9
    assert estimate.seconds(config, calibration) == pytest.approx(expected)
    fewer = config.replace(train_size=1_000)
    expected = 8 * 10 * 0.001 + (1_000 * 10 + 11_000 * 10 / 3) * 6 * weights / 1e9
    assert estimate.seconds(fewer, calibration) == pytest.approx(expected)


def test_a_step_s_fixed_cost_is_paid_once_for_a_stack():
    calibration = estimate.Calibration({"mlp": 1.0}, {"mlp": 1e30})
    config = RunConfig(epochs=2, batch_size=400, train_size=1_200)
    assert estimate.seconds(config, calibration, members=5) == pytest.approx(2 * 3)


def test_values_cost_their_time_in_training_and_evaluation():
    config = RunConfig(network="linear", latent_dim=2, epochs=5, batch_size=100)
    without = estimate.Calibration({"mlp": 0.001}, {"mlp": 1e9})
    with_values = estimate.Calibration({"mlp": 0.001}, {"mlp": 1e9}, {"mlp": 1e8})
    seen = 5 * (4_000 + 1_000 + 1_000)
    more = estimate.seconds(config, with_values, members=3) - estimate.seconds(config, without, members=3)
    assert more == pytest.approx(3 * seen * 2 * 784 / 1e8)


@pytest.mark.parametrize("name", DATASETS)
def test_sizes_are_known_and_those_of_the_sets_at_hand(name):
    sizes = datasets.sizes(name)
    for split, size in zip(("train", "test"), sizes, strict=True):
        if datasets.at_hand(name, split):
            assert len(datasets.load(name, split)) == size


def test_a_calibration_is_positive_and_prices_every_kind():
    calibration = estimate.Calibration(**json.loads(estimate.calibrate()))
    for config in CONFIGS:
        assert 0 < estimate.seconds(config, calibration) < 3600
