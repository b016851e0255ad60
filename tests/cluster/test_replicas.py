"""Two processes of the app on one scheduler: whoever asks at either of them for the same run shares its training."""

import asyncio
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from distributed import Client

from benchmarks.crowd import begun, finished, lab_path, ring_models
from benchmarks.visitors import Visitor
from tests.browser.serving import running_server
from tests.faults.conftest import LONG_TRAININGS, step
from vaedemo.training.jobs import task_key

LONG, QUICK = ring_models(1, epochs=10_000)[0], ring_models(1, epochs=20, train_size=500)[0]


@pytest.fixture(scope="module")
def replicas(cluster, tmp_path_factory):
    """Two servers, each with a cache of its own."""
    servers = [
        running_server(tmp_path_factory.mktemp(name), VAEDEMO_SCHEDULER=cluster.address, **LONG_TRAININGS)
        for name in ("one", "other")
    ]
    with ExitStack() as stack, ThreadPoolExecutor() as pool:
        started = list(pool.map(stack.enter_context, servers))
        yield started
    assert [server.log for server in started if "Traceback" in server.log] == []


def trainings(cluster) -> Counter[str]:
    """How often each training was handed to a worker, as the scheduler remembers."""
    with Client(cluster.address, set_as_default=False) as client:
        return Counter(client.run_on_scheduler(begun))


def test_both_replicas_show_one_training(cluster, replicas):
    async def watch():
        async with Visitor(replicas[0].url) as one, Visitor(replicas[1].url) as other:
            for visitor in (one, other):
                await visitor.open(lab_path(LONG))
                await visitor.press("Train")
            for visitor in (one, other):
                await visitor.wait_for(lambda page: step(page) > 10)
            assert trainings(cluster)[task_key([LONG])] == 1
            await one.press("Stop")  # its replica lets go; the other's visitor still wants it
            seen = step(other.page)
            await other.wait_for(lambda page: step(page) > seen)
            await other.press("Stop")
            await other.wait_for(lambda page: not page.has("Stop"))
            assert one.page.errors == other.page.errors == []

    asyncio.run(watch())
    assert trainings(cluster)[task_key([LONG])] == 1


def test_both_replicas_keep_the_same_run(cluster, replicas):
    async def press(url):
        async with Visitor(url) as visitor:
            await visitor.open(lab_path(QUICK))
            await visitor.press("Train")
            await visitor.wait_for(finished)
            assert visitor.page.errors == []
            return visitor.page.figures

    async def both():
        return await asyncio.gather(*(press(server.url) for server in replicas))

    one, other = asyncio.run(both())
    assert one["Test −ELBO"] == other["Test −ELBO"]
    weights = [server.cache / "runs" / QUICK.digest / "weights.safetensors" for server in replicas]
    assert weights[0].read_bytes() == weights[1].read_bytes()
