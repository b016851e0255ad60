"""A class in a room, without a browser: students who follow the lecturer, vote and see the answer.

A student is a visitor of Streamlit whose session is in the room, and a client of the room's routes that always waits
for news, as vaedemo/app/components/room does: at a step change the page is asked for after a small random delay, and
once the answer is told the page is asked to show it.
"""

import asyncio
import json
import random
import secrets
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from streamlit.proto.WidgetStates_pb2 import WidgetState

from benchmarks.crowd import crowd, finished, lab_path
from benchmarks.page_tree import Node
from benchmarks.report import Figure
from benchmarks.room_client import Refused, RoomClient
from benchmarks.sessions import BESIDE, MEGABYTE, until_at_rest, until_calibrated, walk
from benchmarks.visitors import Visitor
from tests.browser.serving import Server
from vaedemo.app.lessons.kl.steps import STEPS

LESSON, FIRST, ASKED = "kl", "answer", "width"
QUESTION = next(step.ask for step in STEPS if step.name == ASKED)
AFTERWARDS = ("direction", "general", "modes")  # steps that the class goes to after the vote
SETS_OUT, SPREAD = 0.15, 0.4  # seconds before a student's page is asked for: fixed, and random (places.js)
FIRST_CLASS = 100  # students of the class that is there before the measured one, at most
TOGETHER = 25  # students who come at the same moment
PATIENCE = 60.0
BESIDE_IT = tuple(f"/{name}?step=explore" for name in ("elbo", "gallery", "interpolation", "pca", "plane"))  # others
PAUSE = 2.0  # seconds between two changes of a slider by one of them, on average, as in benchmarks/sessions.py
REST = 6.0  # seconds that a class stays on a step while others are measured beside it; a lecturer stays longer
VOTES_SECONDS, COUNT_SECONDS, REACH_SECONDS = 10, 2, 3
MEMORY_SECONDS, MOST_MEMORY = 60, 50  # for the memory of a class to go, and the megabytes that may stay


class Student:
    """A student: a visitor of the page, and beside it a client of the room.

    `told`: the latest news; `reached`: when the page of each step was there; `saw_answer`: when it showed the answer.
    """

    def __init__(self, url: str, code: str):
        self.code, self.voter = code, secrets.token_hex(16)
        self.visitor, self.client = Visitor(url), RoomClient(url)
        self.told: dict[str, Any] = {}
        self.reached: dict[str, float] = {}
        self.saw_answer = 0.0
        self.errors: list[str] = []
        self.is_over = False
        self._tasks: list[asyncio.Task] = []

    async def come(self) -> None:
        """Open the invitation, enter the room, and listen."""
        await self.visitor.connect()
        await self.visitor.open(f"/{LESSON}?room={self.code}")
        await self.tell("guide", "room", {"code": self.code, "voter": self.voter, "leads": False})
        await self.ask("join")
        self._tasks.append(asyncio.create_task(self._listen()))

    async def leave(self) -> None:
        for task in self._tasks:
            task.cancel()
        await self.client.close()
        await self.visitor.disconnect()

    async def ask(self, action: str, **message: Any) -> dict[str, Any]:
        return await self.client.ask(f"/{self.code}/{action}", {"voter": self.voter} | message)

    async def vote(self, number: int, option: int) -> None:
        await self.ask("vote", lesson=LESSON, step=ASKED, round=number, option=option)

    async def tell(self, key: str, event: str, value: Any) -> None:
        """Send what a component's `setTriggerValue(event, value)` sends; return after the rerun."""
        node = self.component(key)
        name = f"$$STREAMLIT_INTERNAL_KEY_{node.content.id}__events"
        content = json.dumps([{"event": event, "value": value}])
        await self.visitor.rerun(node.fragment, WidgetState(id=name, json_trigger_value=content))

    def component(self, key: str) -> Node:
        """The component of this key on the page. Raises LookupError."""
        for node, content in self.visitor.page.elements("bidi_component"):
            if content.id.endswith(f"-{key}"):
                return node
        raise LookupError(f"No component on this page has the key {key!r}.")

    def draws(self, key: str) -> bool:
        try:
            return bool(self.component(key))
        except LookupError:
            return False

    async def _listen(self) -> None:
        """Ask for news until the room has ended."""
        while not self.is_over:
            try:
                told = await self.ask("news", seen=self.told.get("seen"))
            except Refused as refused:
                self.is_over = refused.status == 404
                if not self.is_over:
                    self.errors.append(f"news: {refused}")
                    return
            except ConnectionError as error:
                self.errors.append(f"news: {error}")
                return
            else:
                self._heed(told)

    def _heed(self, told: dict[str, Any]) -> None:
        """Do what the browser does at news: go where the lecturer is, and show the answer."""
        before, self.told = self.told, told
        if told["where"] and told["where"] != before.get("where"):
            self._do(self._follow(told["where"]))
        if revealed(told) and not revealed(before):
            self._do(self._look())

    def _do(self, work: Coroutine) -> None:
        self._tasks.append(asyncio.create_task(self._try(work)))

    async def _try(self, work: Coroutine) -> None:
        try:
            await work
        except (ConnectionError, TimeoutError, LookupError) as error:
            self.errors.append(f"page: {error or type(error).__name__}")

    async def _follow(self, where: Mapping[str, str]) -> None:
        await asyncio.sleep(SETS_OUT + SPREAD * random.random())
        await self.visitor.open(f"/{where['lesson']}?{where['query']}")
        self.reached[where["step"]] = time.perf_counter()

    async def _look(self) -> None:
        await self.tell("room", "look", True)
        self.saw_answer = time.perf_counter()


def revealed(told: Mapping[str, Any]) -> bool:
    return bool((told.get("ballot") or {}).get("revealed"))


class Lecturer:
    """The lecturer's requests and news."""

    def __init__(self, url: str):
        self.client, self.voter = RoomClient(url), secrets.token_hex(16)
        self.code = self.secret = ""
        self.told: dict[str, Any] = {}
        self._news = asyncio.Event()
        self._listening: asyncio.Task | None = None

    async def open(self) -> None:
        opened = await self.client.ask("")
        self.code, self.secret = opened["code"], opened["secret"]
        self._listening = asyncio.create_task(self._listen())

    async def order(self, action: str, **message: Any) -> dict[str, Any]:
        return await self.client.ask(f"/{self.code}/{action}", {"voter": self.voter, "secret": self.secret} | message)

    async def move(self, step: str, question: str = "") -> None:
        await self.order("move", lesson=LESSON, step=step, query=f"step={step}", question=question)

    async def turn(self, action: str) -> None:
        """Take the vote further: close, again or reveal."""
        await self.order(action, lesson=LESSON, step=ASKED)

    async def counts(self) -> list[list[int]]:
        """The counts of all rounds, as they are now."""
        return (await self.order("news", seen=None))["ballot"]["counts"]

    async def wait_for(self, condition: Callable[[Mapping[str, Any]], bool]) -> None:
        """Wait until the news that this lecturer has heard satisfies a condition. Raises TimeoutError."""
        async with asyncio.timeout(PATIENCE):
            while not condition(self.told):
                self._news.clear()
                await self._news.wait()

    async def leave(self) -> None:
        if self._listening is not None:
            self._listening.cancel()
        await self.client.close()

    async def _listen(self) -> None:
        while True:
            try:
                self.told = await self.order("news", seen=self.told.get("seen"))
            except Refused:  # the room has ended
                return
            self._news.set()


@dataclass
class Lesson:
    """What a class has seen. `reach`: by step, seconds from the lecturer's move to each student's page."""

    students: int
    votes_seconds: list[float] = field(default_factory=list)  # of each round: all votes, from the first to the last
    count_seconds: list[float] = field(default_factory=list)  # of each round: the lecturer's count after the last vote
    reach: dict[str, list[float]] = field(default_factory=dict)
    answer_seconds: list[float] = field(default_factory=list)  # from the lecturer's press to each page with the answer
    busy: list[tuple[float, float]] = field(default_factory=list)  # begin and end of each time in which all pages ran
    voted: list[list[int]] = field(default_factory=list)  # of each round, how many chose each option
    counted: list[list[int]] = field(default_factory=list)  # the same as the room says at the end
    kept: list[list[int]] = field(default_factory=list)  # the same as the room's file says
    unlike: list[str] = field(default_factory=list)  # pages that were not as they must be
    errors: list[str] = field(default_factory=list)

    def figures(self) -> list[Figure]:
        name = f"a class of {self.students}"
        figures = [
            Figure(f"{name}, all votes, slower round", max(self.votes_seconds), "s", f"at most {VOTES_SECONDS}"),
            Figure(f"{name}, count after the last vote", max(self.count_seconds), "s", f"at most {COUNT_SECONDS}"),
            Figure(f"{name}, answer on 95 of 100 pages", percentile(self.answer_seconds, 0.95), "s"),
        ]
        for step, seconds in self.reach.items():
            share = 100 * sum(each <= REACH_SECONDS for each in seconds) / self.students
            figures += [
                Figure(f"{name}, step {step} within {REACH_SECONDS} s", share, "%", "at least 95"),
                Figure(f"{name}, step {step} on 95 of 100 pages", percentile(seconds, 0.95), "s"),
            ]
        return figures


def percentile(seconds: Sequence[float], share: float) -> float:
    return sorted(seconds)[int(share * (len(seconds) - 1))]


@asynccontextmanager
async def class_of(url: str, size: int):
    """A lecturer and students in one room, all on the first step. At the end they close their tabs."""
    lecturer, students = Lecturer(url), []
    try:
        await lecturer.open()
        await lecturer.move(FIRST)
        students = [Student(url, lecturer.code) for _ in range(size)]
        for begin in range(0, size, TOGETHER):
            await asyncio.gather(*(each.come() for each in students[begin : begin + TOGETHER]))
        await all_have(students, lambda each: FIRST in each.reached)
        await lecturer.wait_for(lambda told: told.get("here") == size)
        yield lecturer, students
    finally:
        await asyncio.gather(*(each.leave() for each in students), lecturer.leave())


async def all_have(students: Sequence[Student], condition: Callable[[Student], bool]) -> None:
    """Wait until all students satisfy a condition, or have an error, or PATIENCE is over."""
    deadline = time.monotonic() + PATIENCE
    while not all(condition(each) or each.errors for each in students) and time.monotonic() < deadline:
        await asyncio.sleep(0.02)


async def teach(lecturer: Lecturer, students: Sequence[Student], rooms: Path, rest: float = 0.0) -> Lesson:
    """The whole lesson: a question, two votes, the answer, and further steps, `rest` seconds each; the room ends."""
    lesson = Lesson(len(students))
    await go(lecturer, students, lesson, ASKED, "open")
    lesson.unlike += [f"{ASKED}: no vote" for each in students if not each.draws(f"{LESSON}.ballot")]
    for number in (1, 2):
        if number == 2:
            await lecturer.turn("again")
            await all_have(students, lambda each: (each.told["ballot"] or {}).get("round") == 2)
        await asyncio.sleep(rest)
        await vote(lecturer, students, lesson, number)
    begun = time.perf_counter()
    await lecturer.turn("reveal")
    await all_have(students, lambda each: each.saw_answer)
    lesson.busy.append((begun, time.perf_counter()))
    lesson.answer_seconds = [each.saw_answer - begun for each in students if each.saw_answer]
    lesson.unlike += [f"{ASKED}: no result" for each in students if not each.draws(f"{LESSON}.result")]
    lesson.unlike += [f"{ASKED}: still a vote" for each in students if each.draws(f"{LESSON}.ballot")]
    lesson.counted = await lecturer.counts()
    lesson.kept = kept_counts(rooms / f"{lecturer.code}.json")
    for step in AFTERWARDS:
        await asyncio.sleep(rest)
        await go(lecturer, students, lesson, step)
    await lecturer.order("end")
    await all_have(students, lambda each: each.is_over)
    lesson.unlike += ["the end was not told" for each in students if not each.is_over]
    lesson.errors += [error for each in students for error in (*each.errors, *each.visitor.page.errors)]
    return lesson


async def go(lecturer: Lecturer, students: Sequence[Student], lesson: Lesson, step: str, question: str = "") -> None:
    begun = time.perf_counter()
    await lecturer.move(step, question)
    await all_have(students, lambda each: step in each.reached)
    lesson.busy.append((begun, time.perf_counter()))
    lesson.reach[step] = [each.reached[step] - begun for each in students if step in each.reached]


async def vote(lecturer: Lecturer, students: Sequence[Student], lesson: Lesson, number: int) -> None:
    """All vote at the same moment; every tenth chooses something else first."""
    options = len(QUESTION.options)
    choices = [place % (options + 1) for place in range(len(students))]  # the last is "Not sure"
    last = 0.0

    async def choose(student: Student, place: int, choice: int) -> None:
        nonlocal last
        if place % 10 == 0:
            await student.vote(number, (choice + 1) % options)
        await student.vote(number, -1 if choice == options else choice)
        last = time.perf_counter()

    chosen = Counter(choices)
    wanted = [chosen[option] for option in range(options + 1)]
    begun = time.perf_counter()
    counting = asyncio.create_task(lecturer.wait_for(lambda told: told["ballot"]["counts"][number - 1 :] == [wanted]))
    await asyncio.gather(*(choose(each, place, choices[place]) for place, each in enumerate(students)))
    await counting
    lesson.voted.append(wanted)
    lesson.votes_seconds.append(last - begun)
    lesson.count_seconds.append(time.perf_counter() - last)


def kept_counts(file: Path) -> list[list[int]]:
    """The votes in a room's file, as the room counts them: what a restart would find."""
    (ballot,) = json.loads(file.read_text(encoding="utf-8"))["ballots"]
    found = [Counter(each["votes"].values()) for each in ballot["rounds"]]
    return [[votes[option] for option in (*range(len(QUESTION.options)), -1)] for votes in found]


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
    knob = next(node for node, content in visitor.page.elements("slider", "number_input") if not content.disabled)
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
