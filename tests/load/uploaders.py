"""Visitors who upload the worst files again and again, each with a session of its own, and what they are answered.

A request is sent by a thread: its megabytes do not keep the loop that measures the others' sliders.
"""

import asyncio
import contextlib
import json
import random
import socket
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from urllib.parse import urlsplit

from streamlit.proto.WidgetStates_pb2 import WidgetState

from benchmarks.page_tree import Node
from benchmarks.visitors import Visitor
from tests.load.worst import Worst
from vaedemo.app.components.common.assets import PREFIX
from vaedemo.app.server.upload_routes import TICKET

PAGE, DOOR, LOOK, AGAIN = "/lab?step=explore", "Your own data", ("Use these", "Use this"), "Bring others"
AGAIN_SECONDS, MOST_TRIES = 1.5, 12  # as in vaedemo/app/components/upload/parcel.js
PATIENCE = 200.0  # seconds for an answer: nine others are decoded before
USED_UP, UNDER_WAY = "One visitor may upload", "Your last upload is still under way"
LEFT, ENDED = 0, -1  # in place of a status: this side ended the connection, or the other did without an answer


@dataclass
class Answers:
    """What the server said. `statuses`: by kind; `wrong`: what may not be answered; `pages`: what was wrong there."""

    statuses: dict[str, Counter[str]] = field(default_factory=dict)
    seconds: dict[str, list[float]] = field(default_factory=dict)
    sentences: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    reloads: int = 0
    seen: list[float] = field(default_factory=list)  # seconds until the page showed what had arrived

    def hear(self, kind: Worst, status: int, told: dict, seconds: float) -> None:
        """Count an answer, and judge it."""
        sentence = told.get("error", "")
        if sentence:
            self.sentences.add(sentence)
        word = {LEFT: "left", ENDED: "ended"}.get(status, str(status))
        if sentence.startswith((USED_UP, UNDER_WAY)):
            word += " used up" if sentence.startswith(USED_UP) else " under way"
        elif status == 503:
            word += " again" if told.get("again") else ""
        elif status != LEFT and not kind.allows(status, told):
            self.wrong.append(f"{kind.name}: {status} {told}")
        self.statuses.setdefault(kind.name, Counter())[word] += 1
        self.seconds.setdefault(kind.name, []).append(seconds)

    @property
    def answered(self) -> set[str]:
        """The kinds that got another answer than to try again."""
        waiting = ("503 again", "403 used up", "403 under way")
        return {name for name, counts in self.statuses.items() if set(counts) - set(waiting)}

    def lines(self) -> Iterator[str]:
        for name, counts in sorted(self.statuses.items()):
            said = ", ".join(f"{count} × {word}" for word, count in sorted(counts.items()))
            yield f"{name:35} {said}; slowest {max(self.seconds[name]):.1f} s"


class Uploader:
    """A visitor with the dialog for own data open; its ticket is the one that the page gave to the browser."""

    def __init__(self, url: str, pool: ThreadPoolExecutor, answers: Answers, tidy: bool):
        self.url, self.pool, self.answers = url, pool, answers
        self.tidy = tidy  # presses "Bring others" after a look; who does not leaves what was decoded on the server
        self.visitor = Visitor(url)
        self.ticket = ""

    async def come(self) -> None:
        """Open the page and the dialog, and take the ticket from the data of its component."""
        self.visitor = Visitor(self.url)
        await self.visitor.connect()
        await self.visitor.open(PAGE)
        await self.visitor.press(DOOR)
        (data,) = json.loads(self.door().content.json)
        self.ticket = data["ticket"]

    async def leave(self) -> None:
        await self.visitor.disconnect()

    def door(self) -> Node:
        """The component through which this page's visitor uploads."""
        return next(
            node for node, content in self.visitor.page.elements("bidi_component") if content.id.endswith("-lab.upload")
        )

    async def upload_all(self, kinds: Iterator[Worst]) -> None:
        """Upload one after another; kinds that are refused for a time are tried again, as a browser does."""
        for kind in kinds:
            for _ in range(MOST_TRIES):
                told = await self.upload(kind)
                if told.get("error", "").startswith(USED_UP):  # a reload makes another visitor
                    self.answers.reloads += 1
                    await self.leave()
                    await self.come()
                elif not told.get("again") and not told.get("error", "").startswith(UNDER_WAY):
                    break
                await asyncio.sleep(AGAIN_SECONDS * (0.5 + random.random()))
            if "count" in told:
                await self.look()

    async def upload(self, kind: Worst) -> dict:
        """Send one upload; what is answered, {} for none."""
        begun = time.perf_counter()
        loop = asyncio.get_running_loop()
        status, content = await loop.run_in_executor(self.pool, send, self.url, self.ticket, kind)
        told = json.loads(content) if content.startswith(b"{") else {}
        self.answers.hear(kind, status, told, time.perf_counter() - begun)
        return told

    async def look(self) -> None:
        """Tell the page that something has arrived, as the component does, and see it."""
        begun, page = time.perf_counter(), self.visitor.page
        with contextlib.suppress(StopIteration):  # an earlier upload is looked at still
            door = self.door()
            name = f"$$STREAMLIT_INTERNAL_KEY_{door.content.id}__events"
            content = json.dumps([{"event": "arrived", "value": int(1e3 * time.time())}])
            await self.visitor.rerun(door.fragment, WidgetState(id=name, json_trigger_value=content))
            self.answers.seen.append(time.perf_counter() - begun)
        self.answers.pages += page.errors
        if not any(page.has(label) for label in LOOK):
            self.answers.pages.append(f"nothing to look at: {page.words}")
        elif self.tidy:
            await self.visitor.press(AGAIN)


def send(url: str, ticket: str, kind: Worst) -> tuple[int, bytes]:
    """Send an upload's request, or as much of it as its kind says; returns the answer's status and content."""
    parts = urlsplit(url)
    length = len(kind.body) if kind.announced is None else kind.announced
    head = (
        f"POST {parts.path}/{PREFIX}upload HTTP/1.1\r\nHost: {parts.netloc}\r\n{TICKET}: {ticket}\r\n"
        f"Content-Type: application/octet-stream\r\nContent-Length: {length}\r\n\r\n"
    )
    try:
        with socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE) as connection:
            connection.sendall(head.encode())
            with contextlib.suppress(ConnectionError):  # a refused body is not read to its end; the answer is there
                connection.sendall(memoryview(kind.body)[: kind.sent])
            if kind.sent is not None:
                return LEFT, b""
            answer = HTTPResponse(connection, method="POST")
            answer.begin()
            return answer.status, answer.read()
    except (OSError, HTTPException) as error:
        return ENDED, repr(error).encode()


@contextlib.asynccontextmanager
async def uploaders(url: str, count: int, answers: Answers):
    """So many visitors with the dialog open; half of them leave on the server what was decoded."""
    with ThreadPoolExecutor(count) as pool:
        everyone = [Uploader(url, pool, answers, tidy=bool(number % 2)) for number in range(count)]
        try:
            await asyncio.gather(*(each.come() for each in everyone))
            yield everyone
        finally:
            await asyncio.gather(*(each.leave() for each in everyone))
