"""A class that presses Train: many visitors, few configs, and the trainings that the scheduler started."""

import asyncio
import re
from collections import Counter
from collections.abc import Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

import psutil
from distributed import Client

from benchmarks.page_tree import PageTree
from benchmarks.visitors import Visitor
from vaedemo.config import RunConfig, write_value
from vaedemo.training.preload import TASK_PREFIX

AGAIN = "Train again with another seed"  # the lab's button when there is a finished run
OWN_DEFAULTS = ("recipe", "epochs", "batch_size", "learning_rate")
PATIENCE = 120.0


@dataclass
class Outcome:
    """The results of a class. `results`: each visitor's final metrics in the lab, by the config's digest."""

    results: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(len(seen) for seen in self.results.values())


def lab_path(config: RunConfig) -> str:
    """The lab's link for a config, including the fields for which the lab has its own defaults."""
    named = {name: write_value(getattr(config, name)) for name in OWN_DEFAULTS}
    return "/lab?" + urlencode(config.to_query() | named)


def finished(page: PageTree) -> bool:
    return page.has(AGAIN)


@asynccontextmanager
async def crowd(url: str, paths: Sequence[str]):
    """Visitors, each with its own page; they disconnect at the end. Yields them in the order of the paths."""
    visitors = [Visitor(url) for _ in paths]
    try:
        await asyncio.gather(*(visitor.connect() for visitor in visitors))
        await asyncio.gather(*(visitor.open(path) for visitor, path in zip(visitors, paths, strict=True)))
        yield visitors
    finally:
        await asyncio.gather(*(visitor.disconnect() for visitor in visitors))


async def press_train(url: str, configs: Sequence[RunConfig], visitors: int, within: float = 0.0) -> Outcome:
    """`visitors` visitors press Train, distributed evenly over the configs, all `within` this number of seconds.

    Returns when each has its result on the page; visitors who lose the connection or get no answer are in the errors.
    Raises TimeoutError or ConnectionError when the page does not open.
    """
    outcome = Outcome({config.digest: [] for config in configs})
    wanted = [configs[number % len(configs)] for number in range(visitors)]

    async def press(visitor: Visitor, config: RunConfig, delay: float) -> None:
        await asyncio.sleep(delay)
        try:
            await visitor.press("Train")
            await visitor.wait_for(finished, PATIENCE)
        except (ConnectionError, TimeoutError) as error:
            outcome.errors.append(str(error) or type(error).__name__)
            return
        outcome.results[config.digest].append(visitor.page.figures)
        outcome.errors += visitor.page.errors

    async with crowd(url, [lab_path(config) for config in wanted]) as all_of_them:
        delays = [within * number / visitors for number in range(visitors)]
        await asyncio.gather(*map(press, all_of_them, wanted, delays))
    return outcome


def trainings_begun(server: psutil.Process) -> Counter[str]:
    """The number of starts of each training on the server's worker, by its dask key, from the scheduler's log."""
    with Client(scheduler_address(server), set_as_default=False, timeout=30) as client:
        return Counter(client.run_on_scheduler(begun))


def begun(dask_scheduler) -> list[str]:
    """The keys of all trainings that were sent to a worker, from the log of transitions."""
    log = ((entry[0], entry[2]) for entry in dask_scheduler.transition_log)
    return [key for key, state in log if state == "processing" and str(key).startswith(TASK_PREFIX)]


def scheduler_address(server: psutil.Process) -> str:
    """The address of the server's local scheduler, from its nanny's command line."""
    commands = " ".join(word for process in dask_of(server) for word in command_line(process))
    found = re.search(r"tcp://127\.0\.0\.1:\d+", commands)
    if found is None:
        raise LookupError("The server has no worker of its own.")
    return found.group()


def command_line(process: psutil.Process) -> list[str]:
    """The arguments of a process; empty if it has just ended."""
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:  # includes zombies
        return []


def dask_of(server: psutil.Process) -> list[psutil.Process]:
    """All descendants of a server: scheduler, nanny, worker and their helpers."""
    return server.children(recursive=True)


def ring_models(count: int, seed: int = 0, **settings) -> list[RunConfig]:
    """Small models that differ only in their seed, which counts up from `seed`."""
    common = {"dataset": "ring", "hidden": (8,), "noise_variance": 0.01} | settings
    return [RunConfig(seed=seed + number, **common) for number in range(count)]
