"""A cluster without workers, as one is that starts them on demand: a training waits for one, as long as it may."""

import numpy as np
import pytest

from tests.cluster.processes import PATIENCE, Cluster
from vaedemo import datasets
from vaedemo.training.job import FAILED, FINISHED, STOPPED, WAITING
from vaedemo.training.sentences import NO_WORKER


@pytest.fixture
def cluster(tmp_path):
    with Cluster(tmp_path) as cluster:
        yield cluster


def tasks(service) -> list[str]:
    return service.connection.client.run_on_scheduler(lambda dask_scheduler: list(dask_scheduler.tasks))


def test_a_training_is_handed_over_and_waits_for_the_first_worker(cluster, replica, short):
    cluster.start_scheduler()
    service = replica(cluster.address)
    service.start()
    job = service.submit([short], "visitor")
    while job.in_flight and job.key not in tasks(service):
        job.wait(0.1)
    assert job.state == WAITING  # and the scheduler knows, so that a cluster that grows by need does grow
    cluster.start_worker("worker")
    assert job.wait(PATIENCE)
    assert (job.state, job.error) == (FINISHED, None)


def test_own_data_wait_for_the_first_worker_too_and_stop_ends_the_wait(cluster, replica, short):
    name = datasets.register(datasets.from_arrays(np.eye(2).repeat(8, 0)))
    cluster.start_scheduler()
    service = replica(cluster.address, max_running_per_session=2)
    given_up = service.submit([short.replace(dataset=name, train_size=0, seed=1)], "visitor")
    assert not given_up.wait(2)
    service.detach(given_up, "visitor")
    assert given_up.wait(PATIENCE) and given_up.state == STOPPED
    job = service.submit([short.replace(dataset=name, train_size=0)], "visitor")
    assert not job.wait(2)
    cluster.start_worker("worker")
    assert job.wait(PATIENCE)
    assert (job.state, job.error) == (FINISHED, None)


def test_a_scheduler_that_sets_a_time_ends_the_wait_with_a_sentence(cluster, replica, short):
    cluster.environment["DASK_DISTRIBUTED__SCHEDULER__NO_WORKERS_TIMEOUT"] = "1s"
    cluster.start_scheduler()
    job = replica(cluster.address).submit([short], "visitor")
    assert job.wait(PATIENCE)
    assert (job.state, job.error) == (FAILED, NO_WORKER)
