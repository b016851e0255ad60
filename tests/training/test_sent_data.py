"""The dask task with own data that travel with it: checked, held for the training only, and not left on the disk."""

import json
from contextlib import contextmanager

import numpy as np
import pytest

import vaedemo as vd
from vaedemo import datasets, settings
from vaedemo.config import RunConfig
from vaedemo.datasets import own, own_bytes
from vaedemo.training import estimate, forgetting, sent_data, store, task
from vaedemo.training.cache_folders import runs_folder
from vaedemo.training.forecast import Forecast
from vaedemo.training.job import FINISHED, Job
from vaedemo.training.jobs import JobService
from vaedemo.training.run_bundle import unpack
from vaedemo.training.sentences import JobFailed

SMALL = RunConfig(hidden=(4,), epochs=2, batch_size=16)
RANDOM = np.random.default_rng(1)
IMAGES = datasets.from_arrays(RANDOM.integers(0, 256, (40, 6, 6), dtype=np.uint8), np.arange(40) % 3)
POINTS = datasets.from_arrays(RANDOM.normal(size=(60, 2)), np.arange(60) % 2)


class Publisher:
    """Of a task that runs in no worker: nobody listens."""

    hold_requested = type("Never", (), {"is_set": lambda self: False})()

    def should_stop(self) -> bool:
        return False

    def loading(self, dataset, should_stop):
        return None

    def report(self, progress) -> None:
        pass


@pytest.fixture(autouse=True)
def worker(monkeypatch, tmp_path):
    """`worker()`: from now on this process is a worker with a cache of its own, and holds nothing in memory."""

    @contextmanager
    def publishing():
        yield Publisher()

    def begin():
        monkeypatch.setattr(task, "publishing", publishing)
        monkeypatch.setenv("VAEDEMO_CACHE", str(tmp_path / "worker"))
        monkeypatch.setattr(own, "_held", type(own._held)())

    return begin


def as_json(*configs: RunConfig) -> str:
    return json.dumps([config.to_dict() for config in configs])


@pytest.mark.parametrize(("image_set", "changes"), [
    (IMAGES, {}),
    (IMAGES, {"model": "classifier"}),
    (IMAGES, {"changes": ((2, {"beta": 2.0}),)}),
    (POINTS, {}),
])  # fmt: skip
def test_it_trains_as_fit_does_and_leaves_nothing(image_set, changes, worker, tmp_path):
    here = vd.fit(image_set, SMALL.replace(**changes))
    config, content = here.config, own.to_bytes(here.config.dataset)
    worker()
    runs = unpack(task.train_bytes(as_json(config), data=content))
    assert set(runs) == {here.digest}
    for name, value in here.model.state_dict().items():
        assert value.equal(runs[here.digest].model.state_dict()[name])
    assert not datasets.at_hand(config.dataset) and not own._held and not own._lent
    assert list(runs_folder().glob("*")) == [] and not (tmp_path / "worker" / "uploads").exists()
    assert list((tmp_path / "worker").glob("states/*")) == []


def test_a_worker_that_shares_the_disk_leaves_the_run_there(worker, tmp_path):
    name = datasets.register(POINTS)
    content = own.to_bytes(name)
    worker()
    datasets.register(POINTS)
    assert own.keep(name)
    config = SMALL.replace(dataset=name)
    task.train_bytes(as_json(config), data=content)
    assert store.find(config.digest) is not None and datasets.at_hand(name)


def test_wrong_data_are_one_sentence(worker):
    other = own.to_bytes(datasets.register(POINTS))
    name = datasets.register(IMAGES)
    content = own.to_bytes(name)
    worker()
    changed = content[:-500] + bytes([content[-500] ^ 1]) + content[-499:]
    sentence = r"^The data of the training arrived damaged \(it.* press Train again\.$"
    for wrong, words in ((other, "another sha256"), (changed, "another sha256"), (b"x", "cannot be read")):
        with pytest.raises(JobFailed, match=sentence) as told:
            task.train_bytes(as_json(SMALL.replace(dataset=name)), data=wrong)
        assert words in str(told.value) and "\n" not in str(told.value)
    with pytest.raises(JobFailed, match="got data that its settings do not name"):
        task.train_bytes(as_json(SMALL), data=content)
    with pytest.raises(JobFailed, match="these settings name several"):
        both = [SMALL.replace(dataset=each) for each in (name, datasets.register(POINTS))]
        task.train_bytes(as_json(*both), data=content)
    assert not own._lent


def test_too_much_is_one_sentence_before_it_is_read(worker, monkeypatch):
    name = datasets.register(IMAGES)
    content = own.to_bytes(name)
    worker()
    monkeypatch.setattr(own_bytes, "LARGEST_BYTES", -(2**20))
    monkeypatch.setattr(own_bytes, "read_tensors", None)
    with pytest.raises(JobFailed, match=r"arrived damaged .* bytes, more than the .* allowed"):
        task.train_bytes(as_json(SMALL.replace(dataset=name)), data=content)


def test_without_the_data_it_is_one_sentence(worker):
    name = datasets.register(IMAGES)
    worker()
    with pytest.raises(JobFailed, match=r"own images [0-9a-f]{8} are not in this process"):
        task.train_bytes(as_json(SMALL.replace(dataset=name)))


def test_data_are_dropped_after_a_failure_too(worker):
    name = datasets.register(IMAGES)
    content = own.to_bytes(name)
    worker()
    with pytest.raises(JobFailed, match="start_from"):
        task.train_bytes(as_json(SMALL.replace(dataset=name, start_from="0123456789abcdef")), data=content)
    assert not own._lent and not datasets.at_hand(name)


def test_no_worker_is_asked_for_named_data():
    assert sent_data.SentData().send(None, [SMALL], lambda: False) == []


@pytest.mark.timeout(400)  # a worker of low priority measures its speed first
def test_the_app_s_own_worker_gets_them_once_for_all_jobs_that_wait(monkeypatch):
    """One trains, the other waits in the app's queue; the worker shares the disk, so both runs stay there."""
    sent, before = [], sent_data.content_of
    monkeypatch.setattr(sent_data, "content_of", lambda name: sent.append(name) or before(name))
    name = datasets.register(POINTS)
    assert own.keep(name)
    service = JobService(settings.current())
    try:
        service.start()
        assert service.connection.calibrated.wait(120)
        configs = [SMALL.replace(dataset=name, beta=beta) for beta in (1, 2)]
        jobs = [service.submit([config], f"visitor {config.beta}") for config in configs]
        assert service.forecast.seconds(configs) > 0 and service.wait_seconds(jobs[1]) is not None
        for job in jobs:
            assert job.wait(120)
            assert (job.state, job.error) == (FINISHED, None)
        assert sent == [name]
        assert all(store.find(config.digest) is not None for config in configs)
        assert datasets.at_hand(name)
    finally:
        service.close()


def test_nothing_is_forecast_of_a_job_whose_data_are_gone():
    name = datasets.register(POINTS)
    job = Job("a", [SMALL.replace(dataset=name)])
    speed = estimate.Calibration({"points": 0.01}, {"points": 1e12})
    assert Forecast(lambda: speed).seconds(job.missing) > 0
    forgetting.forget(name)
    forecast = Forecast(lambda: speed)
    assert forecast.seconds(job.missing) is forecast.seconds_left(job) is None
    forecast.learn(job, {})
