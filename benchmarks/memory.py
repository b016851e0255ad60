"""The memory of the app: server, worker and dask's processes, at rest, in use, and after a training.

A process's figure is its resident memory. Processes share loaded libraries, so the total is less than the sum: the
total counts each memory page once (Linux' proportional set size).
"""

import asyncio
import os
import tempfile
from pathlib import Path

import psutil
from distributed import Client

from benchmarks.crowd import dask_of, finished, lab_path, scheduler_address
from benchmarks.report import Figure
from benchmarks.visitors import Visitor
from vaedemo.config import RunConfig

TITLE = "Memory"
TRAINED = RunConfig(dataset="digits", epochs=2)
PATIENCE = 120
MEGABYTE = 1_000_000


def measure() -> list[Figure]:
    from tests.browser.serving import running_server

    with tempfile.TemporaryDirectory() as folder, running_server(Path(folder)) as running:
        return asyncio.run(look(running.url, psutil.Process(running.process.pid)))


async def look(url: str, server: psutil.Process) -> list[Figure]:
    from tests.app.pages import PATHS

    build = torch_build()
    async with Visitor(url) as visitor:
        await visitor.open("/")
        worker = await asyncio.to_thread(worker_of, server)
        figures = [
            figure(f"server, one page opened, {build}", resident(server)),
            figure(f"worker, nothing trained yet, {build}", resident(worker)),
        ]
        for path in PATHS:
            await visitor.open(path)
        figures.append(figure(f"server, every page opened, {build}", resident(server)))
        await visitor.open(lab_path(TRAINED))
        await visitor.press("Train")
        await visitor.wait_for(finished, PATIENCE)
        others = [process for process in dask_of(server) if process != worker]
        figures += [
            figure(f"worker, digits trained, {build}", resident(worker)),
            figure(f"scheduler and nanny, {build}", sum(map(resident, others))),
            figure(f"all together, {build}", sum(map(proportional, [server, worker, *others]))),
        ]
    return figures


def torch_build() -> str:
    import torch

    return "CPU build" if torch.version.cuda is None else "CUDA build"


def figure(name: str, size: float) -> Figure:
    return Figure(name, size / MEGABYTE, "MB")


def resident(process: psutil.Process) -> int:
    """The resident bytes; 0 for a process that has ended meanwhile."""
    try:
        return process.memory_info().rss
    except psutil.NoSuchProcess:
        return 0


def proportional(process: psutil.Process) -> int:
    """The bytes, with shared ones divided among their processes; on other systems than Linux the resident bytes."""
    try:
        full = process.memory_full_info()
    except psutil.NoSuchProcess:
        return 0
    return getattr(full, "pss", full.rss)


def worker_of(server: psutil.Process) -> psutil.Process:
    """The worker process, after its imports. Raises LookupError when none starts."""
    with Client(wait_for_scheduler(server), set_as_default=False, timeout=PATIENCE) as client:
        client.wait_for_workers(1, PATIENCE)
        (pid,) = client.run(os.getpid).values()
        return psutil.Process(pid)


def wait_for_scheduler(server: psutil.Process) -> str:
    """The address of the server's local scheduler, which starts after the first page."""
    for _ in range(10 * PATIENCE):
        try:
            return scheduler_address(server)
        except LookupError:
            psutil.wait_procs([server], timeout=0.1)
    raise LookupError(f"The server started no worker within {PATIENCE} seconds.")
