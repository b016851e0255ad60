"""Models trained in a stack are those that are trained one by one."""

import math

import pytest
import torch

from vaedemo.config import RunConfig
from vaedemo.training import loop

STEPS_OF_20 = {"train_size": 200, "batch_size": 10, "epochs": 1}
POINTS = RunConfig(dataset="ring", hidden=(7,), **STEPS_OF_20)
DIGITS = RunConfig(hidden=(6,), **STEPS_OF_20)
BETAS = (0.1, 1, 4)
STACKS = {
    "betas": [POINTS.replace(beta=beta) for beta in BETAS],
    "seeds and rates": [
        POINTS.replace(beta=beta, seed=seed, learning_rate=0.001 * (seed + 1)) for seed, beta in enumerate(BETAS)
    ],
    "digits": [DIGITS.replace(beta=beta, pixels="dynamic") for beta in BETAS],
    "warm-up": [POINTS.replace(beta=beta, warm_up=0.5, cycles=2) for beta in BETAS],
    "free bits": [DIGITS.replace(beta=beta, seed=seed, free_bits=0.1) for seed, beta in enumerate(BETAS)],
    "noise": [DIGITS.replace(model="autoencoder", corruption="gaussian", corruption_level=level) for level in BETAS],
    "convolutional": [DIGITS.replace(network="conv", hidden=(2, 3), beta=beta) for beta in BETAS],
}


@pytest.mark.parametrize("configs", STACKS.values(), ids=STACKS)
def test_twenty_steps_in_double_precision_give_the_same_weights(configs, ring, few_digits):
    sets = ring if configs[0].on_points else few_digits
    stacked = loop.fit_stack(configs, *sets, dtype=torch.float64)
    for run, config in zip(stacked, configs, strict=True):
        (alone,) = loop.fit_stack([config], *sets, dtype=torch.float64)
        assert alone.metrics["steps_done"] == 20
        for ours, theirs in zip(run.model.parameters(), alone.model.parameters(), strict=True):
            assert ours.dtype == torch.float64
            torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-9)


@pytest.mark.parametrize("name", ["betas", "convolutional"])
def test_final_metrics_agree_in_single_precision(name, ring, few_digits):
    configs = [config.replace(epochs=4) for config in STACKS[name]]
    sets = ring if configs[0].on_points else few_digits
    for run, config in zip(loop.fit_stack(configs, *sets), configs, strict=True):
        alone = loop.fit(config, *sets)
        assert run.history.shape == alone.history.shape
        for metric in ("test_reconstruction", "test_kl", "test_negative_elbo"):
            ours, theirs = run.metrics[metric], alone.metrics[metric]
            assert math.isclose(ours, theirs, rel_tol=1e-3, abs_tol=1e-3), (metric, ours, theirs)
        assert len(run.film) == len(alone.film) and run.film[-1].step == alone.film[-1].step


def test_one_that_diverges_leaves_the_others_alone(ring):
    deep = POINTS.replace(hidden=(64,) * 6, noise_variance=1e-6, epochs=3)
    configs = [deep.replace(learning_rate=rate) for rate in (1e-5, 10.0)]
    sound, lost = loop.fit_stack(configs, *ring)
    assert (sound.status, lost.status) == ("finished", "diverged")
    assert all(parameter.isfinite().all() for run in (sound, lost) for parameter in run.model.parameters())
    alone = loop.fit(configs[0], *ring)
    assert math.isclose(sound.metrics["test_reconstruction"], alone.metrics["test_reconstruction"], rel_tol=1e-3)


def test_a_stop_stops_them_all(ring):
    asked = iter(range(100))
    runs = loop.fit_stack(STACKS["betas"], *ring, should_stop=lambda: next(asked) == 5)
    assert [(run.status, run.metrics["steps_done"]) for run in runs] == [("stopped", 5)] * 3


def test_progress_speaks_for_all(ring):
    reports = []
    configs = [config.replace(epochs=2) for config in STACKS["betas"]]
    runs = loop.fit_stack(configs, *ring, on_progress=reports.append)
    assert all(report.digests == tuple(run.digest for run in runs) for report in reports)
    ends = [report.rows for report in reports if report.rows is not None]
    assert [[row["epoch"] for row in rows] for rows in ends] == [[1] * 3, [2] * 3]
    assert [row["test_kl"] for row in ends[-1]] == [run.history["test_kl"].iloc[-1] for run in runs]


def test_the_runs_share_no_memory(ring):
    first, second, _ = loop.fit_stack(STACKS["betas"], *ring)
    before = [parameter.clone() for parameter in second.model.parameters()]
    for parameter in first.model.parameters():
        parameter.zero_()
    assert all(torch.equal(ours, theirs) for ours, theirs in zip(second.model.parameters(), before, strict=True))
    storages = [parameter.untyped_storage().nbytes() for parameter in first.model.parameters()]
    assert storages == [4 * parameter.numel() for parameter in first.model.parameters()]
