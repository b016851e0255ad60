"""The routes of rooms: short messages in, JSON out, and news that waits until there is some.

News is a long poll: the request is answered when the room has changed, or after `NEWS_SECONDS`. It needs no script run,
so a class that listens costs the server nothing. A wrong code or secret is answered after `GUESS_SECONDS`, and a
connection has one request at a time: so guesses are limited per connection, and never per address, which a whole hall
may share.
"""

import asyncio
import importlib
import json
import logging
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from vaedemo.app.components.common.assets import PREFIX, below_base
from vaedemo.app.lessons import index
from vaedemo.app.shell.steps import EXPLORE, Question
from vaedemo.rooms.ballot import Asked
from vaedemo.rooms.desk import Answer, Desk, qr_code
from vaedemo.rooms.errors import NoRoom, NotLeading, RoomError
from vaedemo.rooms.here import rooms
from vaedemo.rooms.messages import MALFORMED, Message
from vaedemo.rooms.room import Room
from vaedemo.rooms.store import is_code

LARGEST_MESSAGE = 4_000  # bytes
NEWS_SECONDS = 10.0  # below the time after which proxies give up; a server that stops waits so long for its answers
TALLY_SECONDS = 0.3  # answers that come together are told together
GUESS_SECONDS = 1.0
NOT_KEPT = "The server could not keep this: its disk refuses. Tell the lecturer."

logger = logging.getLogger(__name__)


class RoomDoor:
    """The rooms' requests and who waits for news. All of it runs in the thread of the server's event loop."""

    def __init__(self, desk: Desk):
        self.desk = desk
        # By room and whether for the lecturer: rung at a change. Answers ring for the lecturer alone.
        self.bells: dict[tuple[str, bool], asyncio.Event] = {}
        self.present: dict[str, dict[str, float]] = defaultdict(dict)  # by room: when each voter was last heard
        self.changed: dict[str, int] = defaultdict(int)
        self.kept: dict[str, int] = defaultdict(int)
        self.pens: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def routes(self) -> list[Route]:
        return [
            Route(below_base(f"{PREFIX}room"), self.opening, methods=["POST"]),
            Route(below_base(f"{PREFIX}room/{{code}}/{{action}}"), self.acting, methods=["POST"]),
        ]

    async def opening(self, request: Request) -> Response:
        async def open_room(message: Message) -> Answer:
            for over in self.desk.rooms.end_unused():
                self.ring(over, public=True)
            answer = self.desk.open()
            room = self.desk.rooms.get(answer["code"])
            try:
                await self.keep(room)
            except OSError:
                self.desk.rooms.end(room)
                raise
            return answer

        return await respond(request, open_room)

    async def acting(self, request: Request) -> Response:
        code, action = request.path_params["code"], request.path_params["action"]

        async def act(message: Message) -> Answer:
            if not is_code(code):
                raise NoRoom("A room has a code of four letters.")
            room = self.desk.rooms.get(code)
            if action == "qr":
                return await asyncio.to_thread(qr_code, message)
            if action == "news":
                return await self.news(room, message)
            if action == "leave":
                self.present[code].pop(message.voter, None)
                self.ring(room, public=False)
                return {}
            if action not in self.desk.actions:
                raise RoomError(MALFORMED)
            seen = room.public, room.tally
            answer = self.desk.actions[action](room, message)
            room.used = self.desk.rooms.clock()
            try:
                await self.keep(room)
            finally:
                if seen != (room.public, room.tally):
                    self.ring(room, public=seen[0] != room.public)
            return answer

        return await respond(request, act)

    async def news(self, room: Room, message: Message) -> Answer:
        """What the room tells, as soon as it differs from what this browser has `seen`."""
        leads, voter = self.desk.leads(room, message), message.voter
        seen = message.content.get("seen")
        if not leads:
            if voter not in room.members:
                raise RoomError("Join the room first.")
            if voter not in self.present[room.code]:
                self.ring(room, public=False)
            self.present[room.code][voter] = time.monotonic()
        deadline = time.monotonic() + NEWS_SECONDS
        while not room.ended and seen == self.versions(room, leads=leads):
            bell = self.bells.setdefault((room.code, leads), asyncio.Event())
            try:
                await asyncio.wait_for(bell.wait(), deadline - time.monotonic())
            except TimeoutError:
                break
            if leads and isinstance(seen, list) and seen[:1] == [room.public]:
                await asyncio.sleep(TALLY_SECONDS)
        if room.ended:
            raise NoRoom("The lecturer has ended this room.")
        answer = self.desk.news(room, message, self.here(room))
        return answer | {"seen": self.versions(room, leads=leads)}

    def versions(self, room: Room, *, leads: bool) -> list[int]:
        """What changes when there is news for this browser; the lecturer also hears of answers and of who is here."""
        return [room.public, room.tally, self.here(room)] if leads else [room.public]

    def here(self, room: Room) -> int:
        """How many listen now, or did until a moment ago."""
        oldest = time.monotonic() - NEWS_SECONDS - 10.0
        present = self.present[room.code]
        for voter in [voter for voter, heard in present.items() if heard < oldest]:
            del present[voter]
        return len(present)

    def ring(self, room: Room, *, public: bool) -> None:
        """Wake those who wait for news of a room: the lecturer, and if it is `public` all."""
        for leads in (True, False)[: 2 if public else 1]:
            bell = self.bells.pop((room.code, leads), None)
            if bell is not None:
                bell.set()
        if room.ended:
            for memory in (self.present, self.changed, self.kept, self.pens):
                memory.pop(room.code, None)

    async def keep(self, room: Room) -> None:
        """Write a room to the disk, before its change is answered. Changes that come together are written together."""
        if room.ended:
            return
        self.changed[room.code] += 1
        mine = self.changed[room.code]
        async with self.pens[room.code]:
            if self.kept[room.code] >= mine or room.ended:
                return
            writing, text = self.changed[room.code], room.to_text()
            await asyncio.to_thread(self.desk.rooms.save, room, text)
            self.kept[room.code] = writing


async def respond(request: Request, act: Callable[[Message], Awaitable[Answer]]) -> Response:
    """Read a message, act on it, and answer in JSON; what is refused is a sentence."""
    try:
        return answer_of(await act(await read(request)))
    except (NoRoom, NotLeading) as error:
        await asyncio.sleep(GUESS_SECONDS)
        gone = isinstance(error, NoRoom)
        return answer_of({"error": str(error), "gone": gone}, 404 if gone else 403)
    except RoomError as error:
        return answer_of({"error": str(error)}, 400)
    except OSError as error:
        logger.error("A room could not be kept: %s", error)
        return answer_of({"error": NOT_KEPT}, 503)
    except ClientDisconnect:
        return Response(status_code=400)


def answer_of(answer: Answer, status: int = 200) -> Response:
    return JSONResponse(answer, status, {"Cache-Control": "no-store"})


async def read(request: Request) -> Message:
    """The message of a request, of at most `LARGEST_MESSAGE` bytes; JSON alone, which no other site's form can send."""
    if request.headers.get("content-type", "").split(";")[0].strip() != "application/json":
        raise RoomError(MALFORMED)
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_MESSAGE:
            raise RoomError(MALFORMED)
    try:
        return Message(json.loads(body))
    except (ValueError, RecursionError):
        raise RoomError(MALFORMED) from None


def questions_of(lesson: str) -> Mapping[str, Asked | None]:
    """The steps of a lesson, each with its question; Explore has none."""
    if lesson not in index.BY_NAME:
        return {}
    steps = importlib.import_module(f"vaedemo.app.lessons.{lesson}.steps").STEPS
    return {step.name: as_asked(step.ask) for step in steps} | {EXPLORE: None}


def as_asked(ask: Question | None) -> Asked | None:
    return ask and Asked(ask.text, tuple(option.text for option in ask.options), ask.right)


def room_routes() -> list[Route]:
    return RoomDoor(Desk(rooms(), questions_of)).routes()
