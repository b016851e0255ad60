"""Faults while a training runs, as a visitor of the lab sees them: a killed worker, a closed browser, a full disk."""

import asyncio
import time

import psutil
import pytest

from benchmarks.crowd import finished, lab_path, ring_models, trainings_begun
from benchmarks.visitors import Visitor
from tests.faults.conftest import LONG_TRAININGS, step
from vaedemo.training.jobs import task_key

SHORT, LONG = (ring_models(1, seed=7, train_size=500, epochs=epochs)[0] for epochs in (20, 300))
ENDLESS = ring_models(1, seed=7, epochs=10_000)[0]
SMALLER_THAN_A_RUN = 2_000  # bytes; no file of a run is written beyond


@pytest.fixture(scope="module")
def victim(serve):
    with serve(VAEDEMO_GRACE_SECONDS="1", **LONG_TRAININGS) as victim:
        yield victim
    assert "Traceback" not in victim.server.log, victim.server.log


def test_a_worker_killed_while_training_costs_time_and_nothing_else(victim):
    async def watch():
        async with Visitor(victim.url) as visitor:
            await visitor.open(lab_path(SHORT.replace(seed=5)))
            await visitor.press("Train")
            await visitor.wait_for(finished)
        # The worker runs then, and is asked for before: the answer may take as long as the training.
        worker = await asyncio.to_thread(victim.worker)
        async with Visitor(victim.url) as visitor:
            await visitor.open(lab_path(LONG))
            await visitor.press("Train")
            await visitor.wait_for(lambda page: step(page) > 10)
            worker.kill()
            await visitor.wait_for(lambda page: "from the last step that was kept" in page.words)
            await visitor.wait_for(finished)
            assert visitor.page.errors == []
            return visitor.page.figures

    figures = asyncio.run(watch())
    assert trainings_begun(victim.process)[task_key([LONG])] == 2
    metrics = victim.kept()[LONG.digest]
    assert metrics["epochs_done"] == LONG.epochs
    assert figures["Test −ELBO"] == f"{metrics['test_negative_elbo']:.2f} nats"


def test_a_training_goes_on_when_its_last_visitor_is_gone_and_its_link_finds_it(victim):
    config = LONG.replace(seed=9)

    async def begin_and_vanish():
        async with Visitor(victim.url) as one, Visitor(victim.url) as other:
            for visitor in (one, other):
                await visitor.open(lab_path(config))
                await visitor.press("Train")
            await one.disconnect()
            await other.wait_for(lambda page: "You can leave this page" in page.words)  # one is no longer counted
            assert not finished(other.page)

    async def come_back():
        async with Visitor(victim.url) as visitor:
            await visitor.open(lab_path(config) + "&train=1")
            await visitor.wait_for(finished)
            assert visitor.page.errors == []

    asyncio.run(begin_and_vanish())
    deadline = time.monotonic() + 120
    while not (victim.server.cache / "runs" / config.digest).exists() and time.monotonic() < deadline:
        time.sleep(0.2)
    assert victim.trainings_left() == []  # it has ended, and was then forgotten
    assert victim.kept()[config.digest]["epochs_done"] == config.epochs
    asyncio.run(come_back())
    assert trainings_begun(victim.process)[task_key([config])] == 1


def test_stop_by_the_last_one_who_is_there_ends_it(victim):
    async def stop():
        async with Visitor(victim.url) as one, Visitor(victim.url) as other:
            for visitor in (one, other):
                await visitor.open(lab_path(ENDLESS))
                await visitor.press("Train")
            await one.disconnect()
            await other.wait_for(lambda page: "You can leave this page" in page.words)
            await other.press("Stop")
            await other.wait_for(lambda page: "was stopped before its last epoch" in page.words)

    asyncio.run(stop())
    assert victim.trainings_left() == []
    assert ENDLESS.digest not in victim.kept()


@pytest.mark.skipif(not hasattr(psutil, "RLIMIT_FSIZE"), reason="only Linux lets another process be given a limit")
def test_a_run_that_the_disk_refuses_is_shown_and_said_to_be_lost_at_the_end(victim):
    """The refusal is real and comes in the middle of a file: no process may write more than so many bytes into one."""
    before, again = SHORT.replace(seed=6), SHORT.replace(seed=8)

    async def train(config):
        async with Visitor(victim.url) as visitor:
            await visitor.open(lab_path(config))
            await visitor.press("Train")
            await visitor.wait_for(finished)
            assert visitor.page.errors == []
            return visitor.page

    asyncio.run(train(before))  # every process has started then: one that starts under the limit would keep it
    assert before.digest in victim.kept()
    limits = {process: process.rlimit(psutil.RLIMIT_FSIZE) for process in (victim.process, *victim.dask)}
    for process, (_, hard) in limits.items():
        process.rlimit(psutil.RLIMIT_FSIZE, (SMALLER_THAN_A_RUN, hard))
    try:
        page = asyncio.run(train(SHORT))
    finally:
        for process, limit in limits.items():
            process.rlimit(psutil.RLIMIT_FSIZE, limit)
    assert "This run could not be kept on disk" in page.words
    assert page.figures["Test −ELBO"].endswith(" nats")
    assert SHORT.digest not in victim.kept()
    assert "could not be kept" not in asyncio.run(train(again)).words
    assert again.digest in victim.kept()
