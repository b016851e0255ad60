"""A class on one server: reruns, a hundred sessions during a training, their opening, their memory."""

import asyncio
import gc
import itertools
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import torch

from benchmarks.crowd import crowd, finished, lab_path, press_train, ring_models, trainings_begun
from benchmarks.page_tree import Node
from benchmarks.report import Figure
from benchmarks.visitors import Visitor
from tests.browser.serving import Server, running_server
from vaedemo.app.server.serve import VISITOR_SECONDS
from vaedemo.config import RunConfig
from vaedemo.training.jobs import task_key

TITLE = "A hundred sessions on one server"
VISITORS = 100
GRID = "/gallery?step=draw&side=10"
PAGES = (
    "/autoencoder", "/axes", "/denoising", "/discriminative", "/elbo", "/gallery", "/holes",
    "/interpolation?step=explore", "/kl", "/likelihood", "/losses", "/pca?step=explore", "/plane", "/ppca",
    "/pretraining", "/reparameterization?step=explore", "/ring",
)  # fmt: skip
PAUSE, SECONDS_AT_WORK, SECONDS_TO_SETTLE = 2.0, 24.0, 4.0
COMING_AND_GOING, AT_ONCE = 1_000, 50
BESIDE = RunConfig(epochs=200, hidden=(400,), latent_dim=20)  # digits: minutes of matrix products
MEGABYTE = 1e6
AT_REST, SECONDS_TO_REST = 0.1, 60  # processor seconds per second of an idle server; timeout for becoming idle


@dataclass
class Work:
    """The results of a class: seconds per change, errors on the pages, lost connections."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    lost: int = 0

    def percentile(self, share: float) -> float:
        """The quantile `share` of the changes' times in milliseconds."""
        return 1e3 * sorted(self.seconds)[int(share * (len(self.seconds) - 1))]


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder, running_server(Path(folder)) as server:
        return asyncio.run(figures(server))


async def figures(server: Server) -> list[Figure]:
    await until_calibrated(server.url)
    process = psutil.Process(server.process.pid)
    await asyncio.to_thread(until_at_rest, process)
    found = [await grid_rerun(server.url), *await opening(server.url)]
    found += await at_work(server.url, process)
    found += await pressing(server.url, process)
    return [*found, await coming_and_going(server.url, process)]


async def until_calibrated(url: str) -> None:
    """Wait until the worker has started and calibrated, which the lab's page shows."""
    async with Visitor(url) as visitor:
        await visitor.open(lab_path(BESIDE))
        while "About " not in visitor.page.words:
            await asyncio.sleep(0.5)
            await visitor.rerun()


def until_at_rest(process: psutil.Process) -> None:
    """Wait until a server and its worker are idle, for longer than the server waits for a first visitor.

    After its start, or after the first page, the server imports further modules, starts the worker and prepares the
    slowest pages. That takes about ten seconds of two cores and would disturb a measurement.
    """
    quiet, used = 0, cpu_seconds(process)
    for _ in range(SECONDS_TO_REST):
        time.sleep(1.0)
        before, used = used, cpu_seconds(process)
        quiet = quiet + 1 if used - before < AT_REST else 0
        if quiet > VISITOR_SECONDS + 1:
            return
    raise TimeoutError(f"The server still computes after {SECONDS_TO_REST} seconds without a visitor.")


def cpu_seconds(process: psutil.Process) -> float:
    """The processor time of a process and its living descendants so far."""
    used = 0.0
    for each in (process, *process.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):  # it has just ended
            used += sum(each.cpu_times()[:2])
    return used


async def grid_rerun(url: str) -> Figure:
    """A single visitor: from sending a new seed to the end of the script, over the loopback interface."""
    async with Visitor(url) as visitor:
        await visitor.open(GRID)
        seconds = [await visitor.change("Seed", seed) for seed in range(1, 80)]
        return Figure("server, 10x10 grid, p50", 1e3 * statistics.median(seconds[20:]), "ms", "at most 12")


async def opening(url: str) -> list[Figure]:
    """A hundred visitors open the lecture's link at the same moment."""
    visitors, begun = [Visitor(url) for _ in range(VISITORS)], time.perf_counter()

    async def arrive(visitor: Visitor) -> float:
        await visitor.connect()
        await visitor.open("/")
        return time.perf_counter() - begun

    answered = await asyncio.gather(*map(arrive, visitors))
    await asyncio.gather(*(visitor.disconnect() for visitor in visitors))
    return [
        Figure("100 sessions opening, last answered", max(answered), "s", "at most 3"),
        Figure("100 sessions opening, p50", statistics.median(answered), "s"),
    ]


async def at_work(url: str, process: psutil.Process) -> list[Figure]:
    work, memory = await class_at_work(url, process)
    few = "at most 450" if torch.version.cuda is None else "at most 900"
    return [
        Figure("100 sessions while training, p50", work.percentile(0.5), "ms", "at most 50"),
        Figure("100 sessions while training, p95", work.percentile(0.95), "ms", "at most 200"),
        Figure("100 sessions while training, changes", len(work.seconds), ""),
        Figure("100 sessions while training, errors", len(work.errors), "", "exactly 0"),
        Figure("100 sessions while training, lost", work.lost, "", "exactly 0"),
        Figure("server's memory, 100 sessions open", memory, "MB", few),
    ]


async def class_at_work(url: str, process: psutil.Process) -> tuple[Work, float]:
    """A hundred visitors on all pages, one change each every two seconds, while the worker trains.

    Returns their results, and the megabytes of the server at the end, with all of them connected.
    """
    work = Work()
    async with crowd(url, list(itertools.islice(itertools.cycle(PAGES), VISITORS))) as visitors, Visitor(url) as one:
        await one.open(lab_path(BESIDE))
        await one.press("Train")
        await one.wait_for(lambda page: "Step " in page.words)
        delays = [PAUSE * number / VISITORS for number in range(VISITORS)]
        await asyncio.gather(
            *(turn_knobs(visitor, delay, work) for visitor, delay in zip(visitors, delays, strict=True))
        )
        if finished(one.page):
            raise RuntimeError("The training beside the class was over too soon.")
        memory = process.memory_info().rss / MEGABYTE
        await one.press("Stop")
    return work, memory


async def turn_knobs(visitor: Visitor, delay: float, work: Work) -> None:
    """Move the page's first slider up and down, one step every two seconds; a late answer delays the next change."""
    knob = first_knob(visitor)
    values, begun = walk(knob), time.monotonic() + delay
    due, end = begun, begun + SECONDS_TO_SETTLE + SECONDS_AT_WORK
    while due < end:
        await asyncio.sleep(max(due - time.monotonic(), 0))
        try:
            seconds = await visitor.change(knob.content.label, next(values))
        except (ConnectionError, TimeoutError):
            work.lost += 1
            return
        if due >= begun + SECONDS_TO_SETTLE:
            work.seconds.append(seconds)
        work.errors += visitor.page.errors
        due = max(due + PAUSE, time.monotonic())


def first_knob(visitor: Visitor) -> Node:
    """The page's first slider or number input that can be moved. Raises LookupError."""
    for node, content in visitor.page.elements("slider", "number_input"):
        if not content.disabled:
            return node
    raise LookupError("No slider and no number input on this page can be moved.")


def walk(knob: Node) -> Iterator[float | str]:
    """The values of a slider or number input, step by step up to its maximum, down to its minimum, and so on."""
    widget = knob.content
    value, step = (widget.default[0] if knob.kind == "slider" else widget.default), widget.step
    while True:
        if not widget.min <= value + step <= widget.max:
            step = -step
        value += step
        yield widget.options[int(value)] if knob.kind == "slider" and widget.type == widget.SELECT_SLIDER else value


async def pressing(url: str, process: psutil.Process) -> list[Figure]:
    """A hundred visitors press Train on five configs within a second."""
    configs, begun = ring_models(5, epochs=60, train_size=2_000), time.perf_counter()
    outcome = await press_train(url, configs, VISITORS, within=1.0)
    seconds = time.perf_counter() - begun
    times = await asyncio.to_thread(trainings_begun, process)
    return [
        Figure(
            "100 presses on 5 configs, trainings", sum(times[task_key([each])] for each in configs), "", "exactly 5"
        ),
        Figure("100 presses on 5 configs, results", outcome.count, "", "exactly 100"),
        Figure("100 presses on 5 configs, errors", len(outcome.errors), "", "exactly 0"),
        Figure("100 presses on 5 configs, all have it", seconds, "s"),
    ]


async def coming_and_going(url: str, process: psutil.Process) -> Figure:
    """A thousand sessions, fifty at a time; each opens a page and disconnects."""
    gc.collect()
    before = process.memory_info().rss
    paths = itertools.cycle(PAGES)
    for _ in range(COMING_AND_GOING // AT_ONCE):
        async with crowd(url, list(itertools.islice(paths, AT_ONCE))):
            pass
    after = process.memory_info().rss
    return Figure("server's memory after 1,000 sessions, more", (after - before) / MEGABYTE, "MB", "at most 50")
