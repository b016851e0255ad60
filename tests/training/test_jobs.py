"""Jobs on a real scheduler and worker: who shares them, who ends them, what they tell."""

import asyncio
import os
import threading
import time
from dataclasses import replace

import psutil
import pytest

from vaedemo import settings
from vaedemo.config import RunConfig
from vaedemo.training import cluster, store
from vaedemo.training.job import FAILED, FINISHED, RUNNING, STOPPED
from vaedemo.training.jobs import JobService, task_key
from vaedemo.training.preload import LOW_PRIORITY
from vaedemo.training.sentences import gave_way
from vaedemo.training.session_timeouts import SessionTimeouts

SHORT = RunConfig(dataset="ring", hidden=(8,), epochs=4, train_size=500)
ENDLESS = SHORT.replace(epochs=10_000, train_size=0)
PATIENCE = 60


class Room:
    """Who is there; a leaving owner is away at once."""

    def __init__(self):
        self.away = set()

    def has(self, owner) -> bool:
        return owner not in self.away


room = Room()


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("jobs-cache")


@pytest.fixture(autouse=True)
def same_cache(cache, own_settings, monkeypatch):
    monkeypatch.setenv("VAEDEMO_CACHE", str(cache))


@pytest.fixture(scope="module")
def service(cache):
    in_force = replace(settings.Settings(), cache=cache, data=cache / "data", grace_seconds=1.0)
    service = JobService(in_force, room.has)
    service.start()
    yield service
    service.close()


@pytest.fixture
def config(request):
    """A config of this test's own, so that no other test has its run."""
    return SHORT.replace(seed=sum(map(ord, request.node.name)))


@pytest.fixture
def endless(request):
    return ENDLESS.replace(seed=sum(map(ord, request.node.name)))


def under_way(job, epochs=2):
    """Wait until some epochs of a job of one config are told of."""
    assert job.wait_until(lambda: len(job.history(job.digests[0])) >= epochs or not job.in_flight, PATIENCE)
    assert job.state == RUNNING, job.error
    return job


def traces(service, key):
    """What the scheduler still knows of a task, its preview and what it told, once it has had time to forget."""

    def look(dask_scheduler):
        variables = [name for name in dask_scheduler.extensions["variables"].variables if key in name]
        topics = [name for name in dask_scheduler.get_events() if name.startswith(key)]
        return [*(name for name in dask_scheduler.tasks if name == key), *variables, *topics]

    async def look_until_nothing_is_left(dask_scheduler):
        for _ in range(100):
            if not look(dask_scheduler):
                break
            await asyncio.sleep(0.05)
        return look(dask_scheduler)

    return service.connection.client.run_on_scheduler(look_until_nothing_is_left)


def test_two_owners_share_one_job_and_get_its_run(service, config):
    first, second = service.submit([config], "one"), service.submit([config], "two")
    assert first is second
    assert first.owners == {"one", "two"}
    assert service.find(config.digest) is first
    assert first.wait(PATIENCE)
    assert (first.state, first.run.status, first.error) == (FINISHED, "finished", None)
    assert store.find(config.digest).metrics["steps_done"] == first.run.metrics["steps_done"]
    assert first.started >= first.created
    assert first.ended > first.started
    assert not first.owners


def test_what_is_stored_comes_back_without_the_scheduler(service, config):
    job = service.submit([config], "one")
    assert job.wait(PATIENCE)
    unreachable = JobService(replace(settings.Settings(), scheduler="tcp://127.0.0.1:1"))
    again = unreachable.submit([config], "two")
    assert again.state == FINISHED
    assert again.run.digest == config.digest
    assert unreachable.connection.client is None


def test_every_epoch_is_told_and_equals_the_runs_history(service, config):
    config = config.replace(epochs=60)
    job = service.submit([config], "one")
    told = {}

    def listen():
        told.update({row["epoch"]: row for row in job.history(config.digest)})
        return not job.in_flight

    assert job.wait_until(listen, PATIENCE)
    rows = job.run.history.to_dict("records")
    assert len(rows) == 60
    assert {epoch: row["test_negative_elbo"] for epoch, row in told.items()} == pytest.approx(
        {row["epoch"]: row["test_negative_elbo"] for row in rows}
    )
    assert job.latest[config.digest]["epoch"] == 60
    assert job.latest[config.digest]["step"] == job.latest[config.digest]["steps"]


def test_a_late_reader_gets_the_history_and_the_preview(service, endless):
    job = under_way(service.submit([endless], "one"), epochs=5)
    address = service.connection.client.scheduler.address
    other = JobService(replace(service.settings, scheduler=address))  # as another replica of the app
    late = other.submit([endless], "late")
    assert late is not job
    try:
        assert late.wait_until(lambda: len(late.history(endless.digest)) >= 5, PATIENCE)
        epochs = [row["epoch"] for row in late.history(endless.digest)]
        assert epochs == list(range(1, len(epochs) + 1))
        assert job.wait_until(lambda: job.preview() is not None, PATIENCE)
        assert job.preview().images.shape == (100, 2)
        # One replica's last Stop only lets go: the other's job runs on.
        seen = len(job.history(endless.digest))
        other.detach(late, "late")
        assert late.wait(PATIENCE)
        assert (late.state, late.run) == (STOPPED, None)
        assert job.wait_until(lambda: len(job.history(endless.digest)) > seen + 2, PATIENCE)
        assert job.state == RUNNING
    finally:
        other.close()
        service.detach(job, "one")
    assert job.wait(PATIENCE)


def test_stop_by_one_of_two_leaves_the_others_job_going(service, endless):
    job = service.submit([endless], "one")
    service.submit([endless], "two")
    under_way(job)
    service.detach(job, "one")
    seen = len(job.history(endless.digest))
    assert job.wait_until(lambda: len(job.history(endless.digest)) > seen + 2, PATIENCE)
    assert (job.state, job.owners) == (RUNNING, {"two"})
    service.detach(job, "two")
    assert job.wait(PATIENCE)


def test_stop_by_the_last_ends_it_with_its_partial_run_and_leaves_nothing_behind(service, endless):
    job = under_way(service.submit([endless], "one"))
    service.detach(job, "one")
    assert service.find(endless.digest) is None
    assert job.wait(PATIENCE)
    assert (job.state, job.run.status, job.error) == (STOPPED, "stopped", None)
    assert 2 <= len(job.run.history) < 10_000
    assert store.find(endless.digest) is None
    assert service.find(endless.digest) is None
    assert traces(service, job.key) == []


def test_a_training_whose_visitor_has_left_goes_on_and_ends(service, config):
    config = config.replace(epochs=300)
    job = under_way(service.submit([config], "leaver"))
    room.away.add("leaver")
    assert job.wait_until(lambda: not job.owners, PATIENCE)
    assert job.wait(PATIENCE)
    assert (job.state, job.error, len(job.run.history)) == (FINISHED, None, 300)
    assert store.find(config.digest).metrics["epochs_done"] == 300
    assert traces(service, job.key) == []


def test_who_comes_back_finds_the_training_under_way_and_can_stop_it(service, endless):
    job = under_way(service.submit([endless], "absentee"))
    room.away.add("absentee")
    assert job.wait_until(lambda: not job.watched, PATIENCE)
    assert service.find(endless.digest) is job
    assert service.join([endless], "the same on a phone") is job
    service.detach(job, "the same on a phone")
    assert job.wait(PATIENCE)
    assert (job.state, job.run.status, job.error) == (STOPPED, "stopped", None)


@pytest.fixture
def impatient(service):
    """Another app process on the same scheduler, where a training that nobody watches has two seconds."""
    address = service.connection.client.scheduler.address
    limits = replace(service.settings, scheduler=address, unwatched_minutes=2 / 60, grace_seconds=0.5)
    other = JobService(limits, room.has)
    other.start()
    yield other
    other.close()


def test_an_unwatched_training_gives_way_after_its_minutes_if_a_visitor_waits(impatient, endless, config):
    """Whoever comes back by the link finds the reason and the partial model."""
    job = under_way(impatient.submit([endless], "early leaver"))
    room.away.add("early leaver")
    assert job.wait_until(lambda: not job.watched, PATIENCE)
    assert not job.wait(4), "nobody waits for its worker"
    other = impatient.submit([config], "one")
    assert other.wait(PATIENCE) and job.wait(PATIENCE)
    assert (other.state, job.state, job.run.status) == (FINISHED, STOPPED, "stopped")
    assert len(job.run.history) > 2
    assert job.error == gave_way(2 / 60)
    assert impatient.find(endless.digest) is job
    assert impatient.submit([endless], "one") is not job, "asked for again, it begins again"
    impatient.detach(impatient.find(endless.digest), "one")


def test_a_training_that_is_watched_is_not_interrupted(impatient, endless, config):
    job = under_way(impatient.submit([endless], "one"))
    other = impatient.submit([config], "two")
    assert not job.wait(4)
    for each, owner in ((other, "two"), (job, "one")):
        impatient.detach(each, owner)
        assert each.wait(PATIENCE)


def test_an_owner_who_is_back_in_time_stays():
    now = [0.0]
    timeouts = SessionTimeouts(room.has, grace=20, clock=lambda: now[0])
    pair = ("job", "visitor")
    room.away.add("visitor")
    assert list(timeouts.expired([pair])) == []
    now[0] = 19.0
    assert list(timeouts.expired([pair])) == []
    room.away.discard("visitor")
    now[0] = 20.0
    assert list(timeouts.expired([pair])) == []
    room.away.add("visitor")
    now[0] = 21.0
    assert list(timeouts.expired([pair])) == []
    now[0] = 41.0
    assert list(timeouts.expired([pair])) == [pair]


def test_asked_again_while_stopping_it_trains_in_full(service, config):
    config = config.replace(epochs=300)
    job = under_way(service.submit([config], "one"))
    service.detach(job, "one")
    again = service.submit([config], "one")
    assert again is not job
    assert again.wait(PATIENCE)
    assert (again.state, again.run.status) == (FINISHED, "finished")
    assert len(again.run.history) == 300
    assert job.state == STOPPED


def test_anothers_stopped_run_is_not_taken_for_the_result(service, config):
    """Another replica asks the task to stop, in the instant before we want it too."""
    config = config.replace(epochs=300)
    job = under_way(service.submit([config], "one"))
    service.connection.client.log_event(f"{job.key}-control", {"command": "stop", "attempt": job.attempt})
    assert job.wait(PATIENCE)
    assert (job.state, job.run.status, len(job.run.history)) == (FINISHED, "finished", 300)


def test_a_job_of_several_configs_takes_stored_ones_from_the_store(service, config):
    assert service.submit([config], "one").wait(PATIENCE)
    other = config.replace(beta=4)
    job = service.submit([config, other], "one")
    assert job.key == task_key([other])
    assert job.wait(PATIENCE)
    assert set(job.runs) == {config.digest, other.digest}
    assert store.find(other.digest).config == other


def test_a_killed_worker_is_replaced_and_the_job_finishes(service, config):
    config = config.replace(epochs=300)
    job = under_way(service.submit([config], "one"))
    attempt = job.attempt
    (pid,) = service.connection.client.run(os.getpid).values()
    psutil.Process(pid).kill()
    assert job.wait(PATIENCE)
    assert (job.state, len(job.run.history)) == (FINISHED, 300)
    assert job.attempt != attempt
    assert job.restarted


def test_a_lost_scheduler_is_replaced_and_the_job_finishes(service, config):
    config = config.replace(epochs=300)
    job = under_way(service.submit([config], "one"))
    service.connection.local.scheduler.kill()
    while job.in_flight:  # as a page does that shows it meanwhile: nothing of what it asks may raise
        for ask in (lambda: job.preview(), lambda: service.forecast.seconds_left(job), lambda: service.find("0")):
            ask()
        job._previews.sent += 1
        time.sleep(0.02)
    assert (job.state, job.error, len(job.run.history)) == (FINISHED, None, 300)
    assert job.restarted


def test_errors_come_as_one_sentence(service, config):
    unknown_start = config.replace(start_from="0123456789abcdef")
    too_many = config.replace(train_size=50_000)
    for wrong, words in ((unknown_start, "start_from"), (too_many, "train_size")):
        job = service.submit([wrong], "one")
        assert job.wait(PATIENCE)
        assert job.state == FAILED
        assert words in job.error
        assert "\n" not in job.error
        assert service.find(wrong.digest) is job
        assert traces(service, job.key) == []


def test_the_worker_gives_way_and_everything_listens_on_loopback_alone(service):
    def look():
        waiting = {name: os.environ[name] for name in cluster.WAITING}
        return os.getpriority(os.PRIO_PROCESS, 0), waiting, os.environ["VAEDEMO_CACHE"]

    priority, waiting, folder = service.connection.client.submit(look).result()
    assert (priority, waiting, folder) == (LOW_PRIORITY, cluster.WAITING, str(service.settings.cache))
    addresses = {
        connection.laddr.ip
        for process in service.connection.local.processes()
        for connection in process.net_connections()
        if connection.status == psutil.CONN_LISTEN
    }
    assert addresses == {"127.0.0.1"}


def test_starting_twice_at_once_starts_one_cluster(service):
    before = service.connection.client
    threads = [threading.Thread(target=service.start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert service.connection.client is before


def test_the_calibration_arrives(service):
    # The worker gives way to everything else on the machine, and the measurement to every training.
    assert service.connection.calibrated.wait(3 * PATIENCE)
    before = service.connection.calibration
    assert set(before.step_seconds) == {"points", "mlp", "conv"}
    service.connection.calibrated.clear()
    service.forecast.calibrate_again()
    assert service.connection.calibrated.wait(3 * PATIENCE)
    assert service.connection.calibration is not before
    assert set(service.connection.calibration.step_seconds) == set(before.step_seconds)
