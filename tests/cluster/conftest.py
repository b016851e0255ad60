"""A cluster for each module of tests, and job services that stand for replicas of the app."""

from dataclasses import replace

import pytest

from tests.cluster.processes import Cluster
from vaedemo import settings
from vaedemo.config import RunConfig
from vaedemo.training.jobs import JobService

SHORT = RunConfig(dataset="ring", hidden=(8,), epochs=4, train_size=500)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """A scheduler and two workers, `plain` and `tagged`, the second with the tag GPU=1."""
    with Cluster(tmp_path_factory.mktemp("cluster")) as cluster:
        cluster.start_scheduler()
        cluster.start_worker("plain")
        cluster.start_worker("tagged", "--resources", "GPU=1")
        yield cluster


@pytest.fixture
def short(request) -> RunConfig:
    """A config of this test's own, so that no other test has its run."""
    return SHORT.replace(seed=sum(map(ord, request.node.name)))


@pytest.fixture
def endless(request) -> RunConfig:
    return SHORT.replace(epochs=10_000, train_size=0, seed=sum(map(ord, request.node.name)))


@pytest.fixture
def replica(own_settings):
    """`replica(address, **settings)` is a job service as each process of the app has one; all are closed at the end."""
    services = []

    def make(address: str, **changes) -> JobService:
        services.append(JobService(replace(settings.current(), scheduler=address, **changes)))
        return services[-1]

    yield make
    for service in services:
        service.close()
