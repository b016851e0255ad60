"""A class presses Train: each config is trained once, and everyone sees its result."""

import asyncio

import psutil
import pytest

from benchmarks.crowd import press_train, ring_models, trainings_begun
from tests.browser.serving import running_server
from vaedemo.training import files
from vaedemo.training.jobs import task_key


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with running_server(tmp_path_factory.mktemp("crowd")) as running:
        yield running


def check(server, configs, outcome, visitors):
    """One training a config, one result a visitor, the same for all who asked for the same, and as it is stored."""
    begun = trainings_begun(psutil.Process(server.process.pid))
    assert [begun[task_key([config])] for config in configs] == [1] * len(configs), begun
    folders = {folder.name: folder for folder in (server.cache / "runs").iterdir()}
    assert {config.digest for config in configs} <= set(folders)
    assert outcome.errors == []
    assert outcome.count == visitors
    for config in configs:
        seen = outcome.results[config.digest]
        metrics = files.read_json(files.METRICS, (folders[config.digest] / files.METRICS).read_bytes())
        assert len(seen) == visitors // len(configs)
        assert all(figures == seen[0] for figures in seen)
        assert seen[0]["Test −ELBO"] == f"{metrics['test_negative_elbo']:.2f} nats"
    assert "Traceback" not in server.log, server.log


def test_ten_visitors_press_train_on_two_configs(server):
    configs = ring_models(2, epochs=30)
    outcome = asyncio.run(press_train(server.url, configs, visitors=10))
    check(server, configs, outcome, visitors=10)


@pytest.mark.load
def test_a_hundred_visitors_press_train_on_five_configs_within_a_second(server):
    configs = ring_models(5, epochs=60, train_size=2000)
    outcome = asyncio.run(press_train(server.url, configs, visitors=100, within=1.0))
    check(server, configs, outcome, visitors=100)
