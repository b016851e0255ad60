"""Faults on a real server: what the tests of this folder do to it, and how a visitor sees it."""

import asyncio
import os
import re
from pathlib import Path

import psutil
import pytest
from distributed import Client

from benchmarks.crowd import scheduler_address
from benchmarks.page_tree import PageTree
from tests.browser.serving import Server, running_server
from vaedemo.training import files
from vaedemo.training.preload import TASK_PREFIX

LONG_TRAININGS = {"VAEDEMO_MAX_EPOCHS": "10000", "VAEDEMO_MAX_IMAGES_TRAINED": "1000000000"}


class Victim:
    """A running server to which things are done."""

    def __init__(self, server: Server):
        self.url, self.server = server.url, server
        self.process = psutil.Process(server.process.pid)

    @property
    def dask(self) -> list[psutil.Process]:
        """Scheduler, nanny, worker and their helpers, as far as they run."""
        return self.process.children(recursive=True)

    def worker(self) -> psutil.Process:
        """The process that trains."""
        with Client(scheduler_address(self.process), set_as_default=False) as client:
            (pid,) = client.run(os.getpid).values()
        return psutil.Process(pid)

    def trainings_left(self) -> list[str]:
        """The tasks that the scheduler still knows, once it has had time to forget those given up."""
        with Client(scheduler_address(self.process), set_as_default=False) as client:
            return client.run_on_scheduler(trainings_left)

    def kept(self) -> dict[str, dict]:
        """The metrics of each run in the cache, by digest. Every folder is read and verified: half a run fails here."""
        found, runs = {}, self.server.cache / "runs"
        for folder in runs.iterdir() if runs.exists() else ():
            contents = {each.name: each.read_bytes() for each in folder.iterdir()}
            assert not folder.name.startswith("."), f"{folder.name} was left: {list(contents)}"
            run = files.from_files(contents)
            assert run.digest == folder.name
            found[run.digest] = run.metrics
        return found


async def trainings_left(dask_scheduler) -> list[str]:
    for _ in range(200):
        left = [key for key in dask_scheduler.tasks if str(key).startswith(TASK_PREFIX)]
        if not left:
            break
        await asyncio.sleep(0.05)
    return left


def step(page: PageTree) -> int:
    """The step at which the training on the lab's page is; 0 before the first is told of."""
    found = re.search(r"Step ([\d,]+) of", page.words)
    return int(found.group(1).replace(",", "")) if found else 0


@pytest.fixture(scope="module")
def serve(tmp_path_factory):
    """`with serve(folder, VAEDEMO_…="…") as victim`; without a folder the server has a new cache."""

    class Serve:
        def __init__(self, folder: Path | None = None, **environment: str):
            self.running = running_server(folder or tmp_path_factory.mktemp("faults"), **environment)

        def __enter__(self) -> Victim:
            return Victim(self.running.__enter__())

        def __exit__(self, *error):
            return self.running.__exit__(*error)

    return Serve
