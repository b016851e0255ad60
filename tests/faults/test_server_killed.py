"""A server killed by SIGKILL in the middle of a training, and started again on the same cache."""

import asyncio

import psutil

from benchmarks.crowd import finished, lab_path, ring_models
from benchmarks.visitors import Visitor
from tests.faults.conftest import LONG_TRAININGS, step

FINISHED = ring_models(1, epochs=20, train_size=500)[0]
UNDER_WAY = ring_models(1, epochs=10_000)[0]
SECONDS_FOR_ORPHANS = 10


def test_what_was_finished_is_there_again_and_no_process_is_left(serve, tmp_path):
    async def train_one_and_begin_another(victim):
        async with Visitor(victim.url) as visitor:
            await visitor.open(lab_path(FINISHED))
            await visitor.press("Train")
            await visitor.wait_for(finished)
            figures = visitor.page.figures
            await visitor.open(lab_path(UNDER_WAY))
            await visitor.press("Train")
            await visitor.wait_for(lambda page: step(page) > 100)
            return figures

    async def come_back(victim):
        async with Visitor(victim.url) as visitor:
            await visitor.open(lab_path(FINISHED))
            assert finished(visitor.page)
            figures = visitor.page.figures
            await visitor.open(lab_path(UNDER_WAY) + "&train=1")  # as the tab that was open
            assert visitor.page.has("Train")
            assert "a restart of the server loses what is under way" in visitor.page.words
            assert visitor.page.errors == []
            return figures

    with serve(tmp_path, **LONG_TRAININGS) as victim:
        figures = asyncio.run(train_one_and_begin_another(victim))
        orphans = victim.dask
        assert len(orphans) >= 3  # scheduler, nanny, worker
        victim.process.kill()
        assert psutil.wait_procs(orphans, timeout=SECONDS_FOR_ORPHANS)[1] == []
    assert list(victim.kept()) == [FINISHED.digest]
    with serve(tmp_path, **LONG_TRAININGS) as victim:
        assert asyncio.run(come_back(victim)) == figures
    assert list(victim.kept()) == [FINISHED.digest]
    assert "Traceback" not in victim.server.log, victim.server.log
