"""The people of a class in a room, without a browser: students who follow the lecturer and vote, and the lecturer.

A student is a visitor of Streamlit whose session is in the room, and a client of the room's routes that always waits
for news, as vaedemo/app/components/room does: at a step change the page is asked for after a small random delay, and
once the answer is told the page is asked to show it.
"""

import asyncio
import json
import random
import secrets
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetState

from benchmarks.page_tree import Node
from benchmarks.room_client import Refused, RoomClient
from benchmarks.visitors import Visitor

LESSON, FIRST, ASKED = "kl", "answer", "width"
SETS_OUT, SPREAD = 0.15, 0.4  # seconds before a student's page is asked for: fixed, and random (places.js)
TOGETHER = 25  # students who come at the same moment
PATIENCE = 60.0


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
