"""What visitors beside a class in a room see: how long their sliders take, and what the class leaves in memory."""

import asyncio
import random
import time
from collections.abc import Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import psutil

from benchmarks.crowd import crowd, finished, lab_path
from benchmarks.report import Figure
from benchmarks.room_lesson import Lesson, percentile, teach
from benchmarks.room_people import class_of
from benchmarks.sessions import BESIDE, MEGABYTE, first_knob, until_at_rest, until_calibrated, walk
from benchmarks.visitors import Visitor
from tests.browser.serving import Server

FIRST_CLASS = 100  # students of the class that is there before the measured one, at most
BESIDE_IT = tuple(f"/{name}?step=explore" for name in ("elbo", "gallery", "interpolation", "pca", "plane"))  # others
PAUSE = 2.0  # seconds between two changes of a slider by one of them, on average, as in benchmarks/sessions.py
REST = 6.0  # seconds that a class stays on a step while others are measured beside it; a lecturer stays longer
MEMORY_SECONDS, MOST_MEMORY = 60, 50  # for the memory of a class to go, and the megabytes that may stay


@dataclass
class Sliding:
    """What the visitors beside a class have seen. `changes`: begin and seconds of each."""

    changes: list[tuple[float, float]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def seconds(self, busy: Sequence[tuple[float, float]], inside: bool) -> list[float]:
        """Of the changes that met a busy time, or of all others."""
        return [
            seconds
            for begun, seconds in self.changes
            if inside == any(begun < end and begun + seconds > begin for begin, end in busy)
        ]


async def class_beside_others(server: Server, size: int) -> tuple[Lesson, list[Figure]]:
    """The whole lesson beside a training and other visitors who move sliders; and the memory after all have left.

    Another class is there before: what a first one leaves in the server's caches does not grow with the next.
    """
    process = psutil.Process(server.process.pid)
    await until_calibrated(server.url)
    await asyncio.to_thread(until_at_rest, process)
    start = process.memory_info().rss / MEGABYTE
    await beside_others(server, process, min(size, FIRST_CLASS), 0.0)
    await asyncio.to_thread(until_at_rest, process)
    before = process.memory_info().rss / MEGABYTE
    lesson, figures = await beside_others(server, process, size, REST)
    left, most = time.monotonic(), process.memory_info().rss / MEGABYTE
    after = await memory_after(process, before + MOST_MEMORY, left + MEMORY_SECONDS)
    name = f"server's memory, class of {size}"
    return lesson, [
        *figures,
        Figure(f"{name}, before any class", start, "MB"),
        Figure(f"{name}, a first class of {min(size, FIRST_CLASS)} has left, more", before - start, "MB"),
        Figure(f"{name}, at its end, more than before it", most - before, "MB"),
        Figure(f"{name}, has left, more than before it", after - before, "MB", f"at most {MOST_MEMORY}"),
        Figure(f"{name}, waited", time.monotonic() - left, "s"),
    ]


async def beside_others(server: Server, process: psutil.Process, size: int, rest: float) -> tuple[Lesson, list[Figure]]:
    sliding, came = Sliding(), time.perf_counter()
    async with class_of(server.url, size) as (lecturer, students):
        came = time.perf_counter() - came
        async with crowd(server.url, BESIDE_IT) as others, training(server.url):
            used = busy_seconds(process)
            moving = [asyncio.create_task(move_slider(each, sliding)) for each in others]
            lesson = await teach(lecturer, students, server.cache / "rooms", rest)
            shares = [now - then for now, then in zip(busy_seconds(process), used, strict=True)]
            for each in moving:
                each.cancel()
            ended = await asyncio.gather(*moving, return_exceptions=True)
    lesson.errors += [repr(each) for each in ended if isinstance(each, Exception)] + sliding.errors
    name, elapsed = f"beside a class of {size}", shares.pop()
    figures = [Figure(f"a class of {size}, all have come", came, "s"), *lesson.figures()]
    for what, seconds in (
        ("", [seconds for _, seconds in sliding.changes]),
        (" while it stays on a step and votes", sliding.seconds(lesson.busy, inside=False)),
        (" while it goes to a step", sliding.seconds(lesson.busy, inside=True)),
    ):
        figures += [
            Figure(f"{name}, slider p50{what}", 1e3 * percentile(seconds, 0.5), "ms"),
            Figure(f"{name}, slider p95{what}", 1e3 * percentile(seconds, 0.95), "ms", "at most 200"),
            Figure(f"{name}, slider changes{what}", len(seconds), ""),
        ]
    return lesson, [
        *figures,
        Figure(f"{name}, processor of the server", 100 * shares[0] / elapsed, "%"),
        Figure(f"{name}, processor of these clients", 100 * shares[1] / elapsed, "%"),
    ]


def busy_seconds(process: psutil.Process) -> tuple[float, float, float]:
    """The processor seconds of a server without its worker, those of this process, and the clock's."""
    return sum(process.cpu_times()[:2]), sum(psutil.Process().cpu_times()[:2]), time.perf_counter()


@asynccontextmanager
async def training(url: str):
    """A training that goes on until the block ends. Raises RuntimeError if it ends before."""
    async with Visitor(url) as visitor:
        await visitor.open(lab_path(BESIDE))
        await visitor.press("Train")
        await visitor.wait_for(lambda page: "Step " in page.words)
        yield
        if finished(visitor.page):
            raise RuntimeError("The training beside the class was over too soon.")
        await visitor.press("Stop")


async def move_slider(visitor: Visitor, sliding: Sliding) -> None:
    """Move the page's first slider up and down, one step every PAUSE, until cancelled."""
    knob = first_knob(visitor)
    for value in walk(knob):
        begun = time.perf_counter()
        sliding.changes.append((begun, await visitor.change(knob.content.label, value)))
        sliding.errors += visitor.page.errors
        await asyncio.sleep(PAUSE * (0.5 + random.random()))


async def memory_after(process: psutil.Process, enough: float, deadline: float) -> float:
    """The megabytes of a server once they are `enough` or fewer, or at the deadline.

    A thread of the server frees memory every few seconds.
    """
    while True:
        now = process.memory_info().rss / MEGABYTE
        if now <= enough or time.monotonic() > deadline:
            return now
        await asyncio.sleep(0.5)
