"""Own data on a cluster whose workers share no disk with the app: they travel with the job, once, and leave nothing."""

import asyncio

import numpy as np
import pytest
from distributed import Client

from tests.cluster.processes import PATIENCE, Cluster, under_way
from vaedemo import datasets
from vaedemo.config import RunConfig
from vaedemo.datasets import own
from vaedemo.training import forgetting, own_data, sent_data, store
from vaedemo.training.job import FAILED, FINISHED

SMALL = RunConfig(hidden=(6,), epochs=3, batch_size=16)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """A scheduler and two workers, each with a cache of its own."""
    with Cluster(tmp_path_factory.mktemp("own-data-cluster")) as cluster:
        cluster.start_scheduler()
        for name in ("one", "other"):
            cluster.start_worker(name)
        yield cluster


def images(seed: int):
    return datasets.from_arrays(
        np.random.default_rng(seed).integers(0, 256, (80, 8, 8), dtype=np.uint8), np.arange(80) % 3
    )


def points(seed: int):
    return datasets.from_arrays(np.random.default_rng(seed).normal(size=(400, 2)), np.arange(400) % 2)


def kept(image_set) -> str:
    name = datasets.register(image_set)
    assert own.keep(name)
    return name


def traces(cluster, name: str) -> list[str]:
    """The files of the workers' caches that name the data or hold a state."""
    files = [path for worker in ("one", "other") for path in (cluster.folder / f"{worker}-cache").rglob("*")]
    files = [path for path in files if path.is_file() and path.suffix != ".lock"]
    return [str(path) for path in files if name.encode() in path.read_bytes()]


def data_keys(cluster, none: bool = False) -> list[str]:
    """The keys of own data that the scheduler knows; `none`: once it has had time to hear that nobody needs them."""

    async def look(dask_scheduler):
        for _ in range(100):
            keys = [key for key in dask_scheduler.tasks if key.startswith("own-data")]
            if not (none and keys):
                break
            await asyncio.sleep(0.05)
        return keys

    with Client(cluster.address, set_as_default=False) as client:
        return client.run_on_scheduler(look)


@pytest.mark.parametrize(("make", "seed"), [(images, 1), (points, 2)])
def test_a_run_equals_that_of_fit_and_the_worker_keeps_nothing(cluster, replica, make, seed, tmp_path, monkeypatch):
    image_set = make(seed)
    config = SMALL.replace(dataset=kept(image_set))
    job = replica(cluster.address).submit([config], "visitor")
    assert job.wait(PATIENCE)
    assert (job.state, job.error) == (FINISHED, None)
    assert traces(cluster, config.dataset) == [] and data_keys(cluster, none=True) == []
    monkeypatch.setenv("VAEDEMO_CACHE", str(tmp_path / "another"))
    here = own_data.fit(image_set, SMALL)
    assert here.digest == job.run.digest
    timed = ["seconds", "images_per_second"]
    assert here.history.drop(columns=timed).equals(job.run.history.drop(columns=timed))
    for name, value in here.model.state_dict().items():
        assert value.equal(job.run.model.state_dict()[name])


def test_two_jobs_on_the_same_data_send_them_once(cluster, replica, monkeypatch):
    sent = []
    before = sent_data.content_of
    monkeypatch.setattr(sent_data, "content_of", lambda name: sent.append(name) or before(name))
    name = kept(points(3))
    service = replica(cluster.address)
    long = SMALL.replace(dataset=name, epochs=10_000, batch_size=320)
    jobs = [service.submit([long.replace(beta=beta)], f"visitor {beta}") for beta in (1, 2)]
    for job in jobs:
        under_way(job)
    assert sent == [name]
    assert data_keys(cluster) == [sent_data.data_key(name)]
    for beta, job in zip((1, 2), jobs, strict=True):
        service.detach(job, f"visitor {beta}")
        assert job.wait(PATIENCE)
    assert data_keys(cluster, none=True) == [] and traces(cluster, name) == []


def test_data_that_were_cleared_meanwhile_are_one_sentence(cluster, replica):
    name = kept(images(4))
    service = replica(cluster.address)
    forgetting.forget(name)
    job = service.submit([SMALL.replace(dataset=name)], "visitor")
    assert job.wait(PATIENCE)
    assert job.state == FAILED
    assert job.error == (
        f"The own images {name[7:15]} are no longer on this server: they were cleared, or not used for 24 hours."
    )


def test_a_run_on_data_that_were_cleared_during_its_training_is_not_kept(cluster, replica):
    name = kept(points(5))
    service = replica(cluster.address)
    config = SMALL.replace(dataset=name, epochs=150, batch_size=320)
    job = under_way(service.submit([config], "visitor"))
    forgetting.forget(name)
    assert job.wait(PATIENCE)
    assert (job.state, job.error, job.run.status) == (FINISHED, None, "finished")
    assert store.find(config.digest) is None


def test_the_run_to_start_from_goes_along_and_does_not_stay(cluster, replica):
    name = kept(points(7))
    service = replica(cluster.address)
    first = service.submit([SMALL.replace(dataset=name)], "visitor")
    assert first.wait(PATIENCE) and first.state == FINISHED
    second = service.submit([SMALL.replace(dataset=name, start_from=first.run.digest, epochs=1)], "visitor")
    assert second.wait(PATIENCE)
    assert (second.state, second.error) == (FINISHED, None)
    assert traces(cluster, name) == []
    assert store.find(first.run.digest) is not None and store.find(second.run.digest) is not None


def test_when_all_workers_are_killed_the_next_gets_the_data_again(cluster, replica):
    name = kept(points(6))
    config = SMALL.replace(dataset=name, epochs=150, batch_size=320)
    job = under_way(replica(cluster.address).submit([config], "visitor"))
    for worker in list(cluster.workers):
        cluster.kill(cluster.workers.pop(worker))
    cluster.start_worker("one")
    assert job.wait(PATIENCE)
    assert (job.state, job.error, len(job.run.history)) == (FINISHED, None, 150)


def test_a_scheduler_that_comes_back_gets_the_data_again(cluster, replica):
    name = kept(points(8))
    config = SMALL.replace(dataset=name, epochs=150, batch_size=320)
    job = under_way(replica(cluster.address).submit([config], "visitor"))
    cluster.kill(cluster.scheduler)
    cluster.start_scheduler()
    for worker in cluster.workers.values():
        worker.wait(PATIENCE)  # dask's workers end with their scheduler
    cluster.workers.clear()
    cluster.start_worker("other")
    assert job.wait(PATIENCE)
    assert (job.state, job.error, len(job.run.history)) == (FINISHED, None, 150)
