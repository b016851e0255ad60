"""The clock is set back an hour in the middle of a training, for the server, the scheduler and the worker."""

import asyncio
import os

import pytest

from benchmarks.crowd import finished, lab_path, ring_models
from benchmarks.visitors import Visitor
from tests.browser.serving import REPOSITORY
from tests.faults.conftest import LONG_TRAININGS, step

# Python imports `sitecustomize` before anything else, in every process that has the folder on its path.
SHIM = """
import os, time

true_time, true_time_ns = time.time, time.time_ns
flag = os.environ["CLOCK_FLAG"]

def time_():
    return true_time() - 3600 * os.path.exists(flag)

def time_ns():
    return true_time_ns() - 3600 * 10**9 * os.path.exists(flag)

time.time, time.time_ns = time_, time_ns
"""
LONG = ring_models(1, epochs=800)[0]
SHORT = ring_models(1, seed=1, epochs=20, train_size=500)[0]


@pytest.mark.load
def test_a_clock_set_back_costs_nothing(serve, tmp_path):
    flag = tmp_path / "an hour ago"
    (tmp_path / "sitecustomize.py").write_text(SHIM, encoding="utf-8")
    path = os.pathsep.join([str(tmp_path), str(REPOSITORY)])

    async def watch(victim):
        async with Visitor(victim.url) as visitor:
            await visitor.open(lab_path(LONG))
            await visitor.press("Train")
            await visitor.wait_for(lambda page: step(page) > 3_000)
            worker = await asyncio.to_thread(victim.worker)
            flag.touch()
            now = step(visitor.page)
            await visitor.wait_for(lambda page: step(page) > now)
            now = step(visitor.page)
            # The second attempt begins, by the clock, before the first: it has to be followed all the same.
            worker.kill()
            await visitor.wait_for(lambda page: 0 < step(page) < now)
            await visitor.wait_for(finished, 150)
            assert visitor.page.errors == []
            await visitor.open(lab_path(SHORT))
            await visitor.press("Train")
            await visitor.wait_for(finished)
            assert visitor.page.errors == []

    with serve(PYTHONPATH=path, CLOCK_FLAG=str(flag), VAEDEMO_GRACE_SECONDS="2", **LONG_TRAININGS) as victim:
        asyncio.run(watch(victim))
        assert set(victim.kept()) == {LONG.digest, SHORT.digest}
    assert "Traceback" not in victim.server.log, victim.server.log
