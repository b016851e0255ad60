"""Trainings held on a real scheduler and worker: by one visitor, by one of two, after the worker was killed."""

import os
from dataclasses import replace

import psutil
import pytest

from tests.training.test_holding import assert_same
from vaedemo import datasets, settings
from vaedemo.config import RunConfig
from vaedemo.training import caps, kept_states, loop, store
from vaedemo.training.job import FINISHED, RUNNING, STOPPED
from vaedemo.training.jobs import JobService

LONG = RunConfig(dataset="ring", hidden=(8,), noise_variance=0.02, epochs=10_000)
SHORT = LONG.replace(epochs=60)
PATIENCE = 60


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("holding-cache")


@pytest.fixture(autouse=True)
def same_cache(cache, own_settings, monkeypatch):
    monkeypatch.setenv("VAEDEMO_CACHE", str(cache))


@pytest.fixture(scope="module")
def service(cache):
    service = JobService(replace(settings.Settings(), cache=cache, data=cache / "data"))
    service.start()
    yield service
    service.close()


def held(service, job) -> int:
    """Hold a running job; the step."""
    before = len(job.held)
    assert job.wait_until(lambda: job.latest and next(iter(job.latest.values()))["step"] > 0, PATIENCE)
    service.hold(job)
    assert job.wait_until(lambda: len(job.held) > before, PATIENCE)
    return job.held[-1]


def is_stored(config: RunConfig) -> bool:
    return store.find(config.digest) is not None


def test_the_only_visitor_pauses_and_no_worker_is_held(service):
    job = service.submit([LONG], "a")
    step = held(service, job)
    run = store.find(LONG.held_at(step).digest)
    assert (run.metrics["steps_done"], run.status) == (step, "finished") and kept_states.step_of([LONG]) >= step
    service.detach(job, "a")
    assert job.wait(PATIENCE) and job.state == STOPPED
    other = service.submit([SHORT.replace(seed=1)], "b")  # the worker takes the next job
    assert other.wait(PATIENCE) and other.state == FINISHED
    stepped = service.submit([LONG.held_at(step + 1)], "a")
    assert stepped.wait(PATIENCE) and stepped.run.metrics["begun_at_step"] == step


def test_one_of_two_visitors_pauses_and_the_job_goes_on(service):
    config = LONG.replace(seed=2)
    job = service.submit([config], "a")
    assert service.submit([config], "b") is job
    step = held(service, job)
    service.detach(job, "a")
    assert job.state == RUNNING and job.owners == {"b"} and is_stored(config.held_at(step))
    later = held(service, job)
    assert later > step and is_stored(config.held_at(later))
    service.detach(job, "b")
    assert job.wait(PATIENCE) and job.state == STOPPED


def test_a_pause_by_two_at_once_gives_both_a_step(service):
    config = LONG.replace(seed=3)
    job = service.submit([config], "a")
    service.submit([config], "b")
    held(service, job)
    before = len(job.held)
    service.hold(job)
    service.hold(job)
    assert job.wait_until(lambda: len(job.held) > before, PATIENCE)
    assert all(is_stored(config.held_at(step)) for step in job.held)
    for owner in ("a", "b"):
        service.detach(job, owner)
    assert job.wait(PATIENCE)


def test_a_job_that_has_just_ended_cannot_be_held(service):
    job = service.submit([SHORT.replace(seed=4)], "a")
    assert job.wait(PATIENCE) and job.state == FINISHED
    service.hold(job)
    assert job.held == []


@pytest.mark.timeout(400)  # it trains twice, once on a worker of low priority
def test_after_a_killed_worker_the_training_goes_on_from_a_keyframe_and_is_the_same(service):
    config = SHORT.replace(seed=5, epochs=120)
    job = service.submit([config], "a")
    first = min(kept_states.keyframes(caps.steps(config)))
    assert job.wait_until(lambda: kept_states.step_of([config]) >= first, 2 * PATIENCE)
    (pid,) = service.connection.client.run(os.getpid).values()
    psutil.Process(pid).kill()
    assert job.wait(3 * PATIENCE) and job.state == FINISHED
    assert job.restarted and job.run.metrics["begun_at_step"] >= first
    uninterrupted = loop.fit(config, datasets.load("ring"), datasets.load("ring", split="test"))
    assert_same(job.run, uninterrupted)


def test_a_branch_goes_on_from_where_it_leaves(service):
    config = SHORT.replace(seed=6)
    assert service.submit([config.held_at(100)], "a").wait(PATIENCE)
    branch = config.replace(changes=((100, {"beta": 4.0}),))
    job = service.submit([branch], "a")
    assert job.wait(PATIENCE) and job.run.metrics["begun_at_step"] == 100
    assert_same(job.run, loop.fit(branch, datasets.load("ring"), datasets.load("ring", split="test")))
