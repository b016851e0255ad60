"""The cluster's scheduler dies and comes back at the same address: the page says so, and then trains again."""

import asyncio

import pytest

from benchmarks.crowd import finished, lab_path, ring_models
from benchmarks.visitors import Visitor
from tests.cluster.processes import Cluster
from tests.faults.conftest import LONG_TRAININGS, step

LONG, SHORT = ring_models(1, epochs=10_000)[0], ring_models(1, epochs=20, train_size=500)[0]


@pytest.fixture
def cluster(tmp_path):
    with Cluster(tmp_path) as cluster:
        cluster.start_scheduler()
        cluster.start_worker("worker")
        yield cluster


@pytest.mark.load
def test_a_lost_scheduler_is_one_sentence_and_training_goes_on_when_it_is_back(serve, cluster):
    async def watch(url):
        async with Visitor(url) as visitor:
            await visitor.open(lab_path(LONG))
            await visitor.press("Train")
            await visitor.wait_for(lambda page: step(page) > 10)
            cluster.kill(cluster.scheduler)
            await visitor.wait_for(lambda page: page.has("Train"), 120)
            assert [words for words in visitor.page.errors if "rror:" in words] == []
            said = visitor.page.words
            await visitor.open("/gallery?side=4")  # the rest of the app does not care
            assert visitor.page.errors == []
            cluster.start_scheduler()
            cluster.start_worker("another")
            await visitor.open(lab_path(SHORT))
            await visitor.press("Train")
            await visitor.wait_for(finished, 120)
            assert visitor.page.errors == []
            return said

    with serve(VAEDEMO_SCHEDULER=cluster.address, **LONG_TRAININGS) as victim:
        said = asyncio.run(watch(victim.url))
    assert f"The scheduler at {cluster.address} does not answer" in said
    assert list(victim.kept()) == [SHORT.digest]
