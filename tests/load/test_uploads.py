"""Ten visitors upload the worst files: the others' sliders go on, memory is bounded and comes back, nothing is left."""

import asyncio
import itertools
import os
import time
from collections.abc import Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import psutil
import pytest

from benchmarks.crowd import crowd
from benchmarks.report import Figure, table
from benchmarks.room_beside import BESIDE_IT, Sliding, busy_seconds, move_slider
from benchmarks.room_lesson import percentile
from benchmarks.sessions import until_at_rest, until_calibrated
from tests.browser.serving import Server, running_server
from tests.load.uploaders import Answers, uploaders
from tests.load.watching import Memory, decoders_of
from tests.load.worst import Worst, all_kinds, largest_array, packed_array
from tests.uploads.judge import check_sentence

UPLOADERS = 10
QUIET, LOADED = 30.0, 90.0  # seconds: before and after; with uploads
REST = 30.0  # seconds until memory must be back
MOST_GROWTH, MOST_LEFT = 500, 80  # megabytes


@dataclass
class Seen:
    """What was seen of sliders, answers and memory."""

    answers: Answers = field(default_factory=Answers)
    figures: list[Figure] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    grown: float = 0.0  # megabytes, at the highest
    left: float = 0.0  # megabytes, at the end


@pytest.mark.load
@pytest.mark.timeout(900)
def test_ten_visitors_upload_the_worst_while_others_move_sliders(tmp_path):
    kinds = all_kinds()
    with running_server(tmp_path) as server:
        seen = asyncio.run(look(server, kinds))
        print("", f"load {os.getloadavg()}", table(seen.figures), *seen.answers.lines(), *told(server), sep="\n")
        assert seen.errors == [] and seen.answers.pages == []
        assert seen.answers.wrong == []
        assert seen.answers.answered == {kind.name for kind in kinds}
        for sentence in seen.answers.sentences:
            check_sentence(sentence)
        assert "Traceback" not in server.log, server.log
        assert kept(server) == []  # nobody has pressed "Use these"
        assert decoders_of(psutil.Process(server.process.pid)) == []
        assert seen.grown < MOST_GROWTH
        assert seen.left < MOST_LEFT


def told(server: Server) -> list[str]:
    """The lines that uploads have written into the server's log, each with its count."""
    lines = [line for line in server.log.splitlines() if "upload" in line.lower()]
    return [f"{lines.count(line)} × {line}" for line in sorted(set(lines))]


def kept(server: Server) -> list[str]:
    """The files that the server keeps of uploads."""
    return [str(file) for file in (server.cache / "uploads").rglob("*") if file.is_file()]


async def look(server: Server, kinds: list[Worst]) -> Seen:
    """Sliders alone, beside uploads, and alone again; the memory all the time."""
    process, seen = psutil.Process(server.process.pid), Seen()
    await until_calibrated(server.url)
    await warm(server.url)
    await asyncio.to_thread(until_at_rest, process)
    earlier = Memory(process)
    before = earlier.sample()
    async with crowd(server.url, BESIDE_IT) as others:
        async with sliding(others, seen, "before"):
            await asyncio.sleep(QUIET)
        memory, used = Memory(process), busy_seconds(process)
        async with uploaders(server.url, UPLOADERS, seen.answers) as everyone:
            with memory.watched():
                async with sliding(others, seen, "during"):
                    over = time.monotonic() + LOADED
                    feed = unending(kinds, over)
                    ended = await asyncio.gather(*(each.upload_all(feed) for each in everyone), return_exceptions=True)
                await everyone[0].upload_all(each for each in kinds if each.name not in seen.answers.answered)
            shares = [now - then for now, then in zip(busy_seconds(process), used, strict=True)]
        seen.errors += [repr(each) for each in ended if each is not None]
        async with sliding(others, seen, "after"):
            await asyncio.sleep(QUIET)
    seen.grown, seen.left = memory.together - before, await lowest(process, REST) - before
    seen.figures += [
        Figure("server's processor, during", 100 * shares[0] / shares[2], "%"),
        Figure("these clients' processor, during", 100 * shares[1] / shares[2], "%"),
        Figure("uploads lasted", shares[2], "s"),
        Figure("sessions begun anew", seen.answers.reloads, ""),
        Figure("page with what arrived, p95", 1e3 * percentile(seen.answers.seen, 0.95), "ms"),
        *earlier.figures("before"),
        *memory.figures("highest during"),
        Figure("growth at its highest", seen.grown, "MB", f"at most {MOST_GROWTH}"),
        Figure("growth at the end", seen.left, "MB", f"at most {MOST_LEFT}"),
    ]
    return seen


async def warm(url: str) -> None:
    """One upload of each large kind, looked at and dropped, so that what is loaded once is there before."""
    answers = Answers()
    async with uploaders(url, 2, answers) as (_, one):
        await one.upload_all(iter([largest_array(), packed_array()]))
    assert answers.wrong == [] and answers.pages == []


def unending(kinds: list[Worst], over: float) -> Iterator[Worst]:
    """The kinds in turn, for all uploaders together, until the time is over."""
    return itertools.takewhile(lambda _: time.monotonic() < over, itertools.cycle(kinds))


@asynccontextmanager
async def sliding(others, seen: Seen, when: str):
    """The others move their sliders until the block ends."""
    found = [Sliding() for _ in others]
    moving = [asyncio.create_task(move_slider(*each)) for each in zip(others, found, strict=True)]
    yield
    for each in moving:
        each.cancel()
    ended = await asyncio.gather(*moving, return_exceptions=True)
    seen.errors += [error for each in found for error in each.errors]
    seen.errors += [repr(each) for each in ended if isinstance(each, Exception)]
    by_page = [[seconds for _, seconds in each.changes] for each in found]
    times = [seconds for each in by_page for seconds in each]
    seen.figures += [
        Figure(f"slider p50, {when}", 1e3 * percentile(times, 0.5), "ms"),
        Figure(f"slider p95, {when}", 1e3 * percentile(times, 0.95), "ms", "at most 200"),
        Figure(f"slider slowest, {when}", 1e3 * max(times), "ms"),
        Figure(f"slider changes, {when}", len(times), ""),
        *(
            Figure(f"slider p95, {when}, {path.partition('?')[0]}", 1e3 * percentile(each, 0.95), "ms")
            for path, each in zip(BESIDE_IT, by_page, strict=True)
        ),
    ]


async def lowest(process: psutil.Process, seconds: float) -> float:
    """The megabytes of a server and its children at the end of these seconds."""
    await asyncio.sleep(seconds)
    return Memory(process).sample()
