"""Messages to the rooms' routes that no page sends: forged, guessed, replayed, too large, or no message at all."""

import asyncio
import json
import random
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import Any

from benchmarks.room_client import RoomClient
from benchmarks.room_lesson import QUESTION
from benchmarks.room_people import ASKED, LESSON, Lecturer
from vaedemo.app.server.room_routes import GUESS_SECONDS, LARGEST_MESSAGE
from vaedemo.rooms.store import new_code

HONEST, INSIDERS = 3, 20
LEADING = ("move", "hand", "close", "again", "reveal", "ticket", "table", "end", "news")
REFUSED, GUESSED, COUNTED_ONCE = {400}, {403, 404}, {200}
NO_ROUTE = {400, 404, 405}


@dataclass(frozen=True)
class Forged:
    """A message, and the statuses of HTTP that may answer it."""

    path: str
    body: bytes
    allowed: set[int]
    kind: str = "application/json"
    method: str = "POST"


@dataclass
class Hall:
    """A room with a closed first round and an open second one, in which only the honest have voted."""

    url: str
    lecturer: Lecturer = field(init=False)
    other: Lecturer = field(init=False)  # of another room
    ended: str = ""  # the code of a room that has ended
    ticket: str = ""  # a used one
    honest: list[str] = field(default_factory=lambda: [secrets.token_hex(16) for _ in range(HONEST)])
    insiders: list[str] = field(default_factory=lambda: [secrets.token_hex(16) for _ in range(INSIDERS)])
    stranger: str = field(default_factory=lambda: secrets.token_hex(16))

    async def __aenter__(self) -> "Hall":
        self.lecturer, self.other, gone = (Lecturer(self.url) for _ in range(3))
        for each in (self.lecturer, self.other, gone):
            await each.open()
        self.ended = gone.code
        await gone.order("end")
        await gone.leave()
        await self.other.client.ask(f"/{self.other.code}/join", {"voter": self.stranger})
        for voter in (*self.honest, *self.insiders):
            await self.lecturer.client.ask(f"/{self.lecturer.code}/join", {"voter": voter})
        self.ticket = (await self.lecturer.order("ticket"))["ticket"]
        await self.lecturer.client.ask(f"/{self.lecturer.code}/lead", {"ticket": self.ticket})
        await self.lecturer.move(ASKED, "open")
        await self.vote(1)
        await self.lecturer.turn("again")
        await self.vote(2)
        return self

    async def vote(self, number: int) -> None:
        for voter in self.honest:
            await self.lecturer.client.ask(f"/{self.lecturer.code}/vote", self.ballot(voter, number))

    async def __aexit__(self, *_) -> None:
        await self.lecturer.leave()
        await self.other.leave()

    @staticmethod
    def ballot(voter: str, number: Any = 2, option: Any = 0, **more: Any) -> dict[str, Any]:
        return {"voter": voter, "lesson": LESSON, "step": ASKED, "round": number, "option": option} | more


def forged(hall: Hall, seed: int = 0) -> Iterator[Forged]:
    """Without end, each kind in turn."""
    rng = random.Random(seed)
    for make in cycle(KINDS):
        yield make(hall, rng)


def message(hall: Hall, action: str, content: Any, allowed: set[int], code: str = "") -> Forged:
    return Forged(f"/{code or hall.lecturer.code}/{action}", json.dumps(content).encode(), allowed)


def closed_round(hall: Hall, rng: random.Random) -> Forged:
    return message(hall, "vote", hall.ballot(rng.choice(hall.insiders), 1, rng.randrange(3)), REFUSED)


def unknown_round(hall: Hall, rng: random.Random) -> Forged:
    number = rng.choice([0, 3, 9, -1, 10**300, 2.0, True, "2", None, [2], {"2": 2}, float("nan")])
    return message(hall, "vote", hall.ballot(rng.choice(hall.insiders), number), REFUSED)


def unknown_option(hall: Hall, rng: random.Random) -> Forged:
    some = [len(QUESTION.options), 99, 100, -2, -9, -(10**99), 1.0, "0", False, None, [], {}, float("inf")]
    return message(hall, "vote", hall.ballot(rng.choice(hall.insiders), option=rng.choice(some)), REFUSED)


def other_step(hall: Hall, rng: random.Random) -> Forged:
    place = rng.choice(
        [{"step": "answer"}, {"lesson": "elbo"}, {"step": "../width"}, {"step": "é" * 40}, {"lesson": 1}]
    )
    return message(hall, "vote", hall.ballot(rng.choice(hall.insiders), **place), REFUSED)


def unknown_voter(hall: Hall, rng: random.Random) -> Forged:
    some = [
        hall.stranger,
        secrets.token_hex(16),
        "",
        "0" * 31,
        "A" * 32,
        "٠" * 32,
        f"{hall.honest[0]}\n",
        7,
        None,
        [hall.honest],
    ]
    return message(hall, "vote", hall.ballot(rng.choice(some)), REFUSED)


def unknown_member(hall: Hall, rng: random.Random) -> Forged:
    action = rng.choice(["join", "news", "leave"])
    return message(hall, action, {"voter": rng.choice(["", "x" * 3_000, "\ud800", -1, {}, None])}, REFUSED)


def replayed_vote(hall: Hall, rng: random.Random) -> Forged:
    return message(hall, "vote", hall.ballot(rng.choice(hall.honest)), COUNTED_ONCE)


def replayed_early_vote(hall: Hall, rng: random.Random) -> Forged:
    return message(hall, "vote", hall.ballot(rng.choice(hall.honest), 1), REFUSED)


def replayed_join(hall: Hall, rng: random.Random) -> Forged:
    return message(hall, "join", {"voter": rng.choice(hall.insiders)}, COUNTED_ONCE)


def news_of_something(hall: Hall, rng: random.Random) -> Forged:
    seen = rng.choice([None, [], [-1], "0", 10**99, {"a": [1]}, [[[0]]], [0] * 900])
    return message(hall, "news", {"voter": rng.choice(hall.insiders), "seen": seen}, COUNTED_ONCE)


def used_ticket(hall: Hall, rng: random.Random) -> Forged:
    return message(hall, "lead", {"ticket": rng.choice([hall.ticket, secrets.token_urlsafe(16)])}, GUESSED)


def guessed_secret(hall: Hall, rng: random.Random) -> Forged:
    secret = rng.choice([secrets.token_urlsafe(16), hall.other.secret, hall.ticket, hall.lecturer.secret[::-1]])
    return lead(hall, rng, secret, GUESSED)


def no_secret(hall: Hall, rng: random.Random) -> Forged:
    by_nobody = lead(hall, rng, rng.choice(["", None, 0, False, [], {}]), GUESSED)
    return by_nobody if not by_nobody.path.endswith("/news") else closed_round(hall, rng)


def broken_secret(hall: Hall, rng: random.Random) -> Forged:
    return lead(
        hall,
        rng,
        rng.choice([hall.lecturer.secret[:-1], f"{hall.lecturer.secret}A", 1, True, ["x"], "é" * 22]),
        REFUSED,
    )


def lead(hall: Hall, rng: random.Random, secret: Any, allowed: set[int]) -> Forged:
    order = hall.ballot(
        rng.choice(hall.insiders), 2, rng.randrange(3), secret=secret, by=1, query="", question="answered"
    )
    return message(hall, rng.choice(LEADING), order, allowed)


def other_room(hall: Hall, rng: random.Random) -> Forged:
    code = hall.ended
    while code == hall.ended or code in (hall.lecturer.code, hall.other.code):
        code = new_code()
        if rng.random() < 0.2:
            return message(hall, "vote", hall.ballot(hall.honest[0]), GUESSED, hall.ended)
    return message(hall, rng.choice(["vote", "join", "news", *LEADING]), hall.ballot(hall.insiders[0]), GUESSED, code)


def no_code(hall: Hall, rng: random.Random) -> Forged:
    code = rng.choice(
        ["A" * 8_000, "%00%00%00%00", "abcd", "AB1O", "%F0%9F%98%80", "%ff%fe", "..", "A%2FB", "AAAA/../BBBB", "%2e%2e"]
    )
    return message(hall, "join", {"voter": hall.insiders[0]}, NO_ROUTE, code)


def no_action(hall: Hall, rng: random.Random) -> Forged:
    action = rng.choice(["votes", "__init__", "x" * 5_000, "VOTE", "vote%20", "%00"])
    return message(hall, action, hall.ballot(hall.insiders[0]), REFUSED)


def too_large(hall: Hall, rng: random.Random) -> Forged:
    filling = "x" * rng.choice([LARGEST_MESSAGE, 10 * LARGEST_MESSAGE, 100 * LARGEST_MESSAGE])
    return message(hall, "vote", hall.ballot(rng.choice(hall.insiders), more=filling), REFUSED)


def no_message(hall: Hall, rng: random.Random) -> Forged:
    some = [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"vote"',
        b"\xff\xfe\x00",
        b"[" * 3_900,
        b'{"a":' * 700,
        b"1" * 3_900,
        b"NaN",
        b"\x00" * 99,
    ]
    path = rng.choice([f"/{hall.lecturer.code}/vote", f"/{hall.lecturer.code}/end", f"/{hall.lecturer.code}/qr"])
    return Forged(path, rng.choice(some), REFUSED)


def of_another_site(hall: Hall, rng: random.Random) -> Forged:
    """A form of another site can send these kinds, with a vote that would count."""
    kind = rng.choice(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "é"])
    body = json.dumps(hall.ballot(rng.choice(hall.insiders))).encode()
    return Forged(f"/{hall.lecturer.code}/vote", body, REFUSED, kind)


def other_method(hall: Hall, rng: random.Random) -> Forged:
    method = rng.choice(["GET", "PUT", "DELETE", "OPTIONS"])
    allowed = {200} if method == "GET" else NO_ROUTE  # Streamlit answers any address with its own page
    return Forged(f"/{hall.lecturer.code}/end", b"{}", allowed, method=method)


def no_link(hall: Hall, rng: random.Random) -> Forged:
    link = rng.choice(["", "javascript:alert(1)", "http://" + "x" * 400, "http://\x00", "http://\ud800", 5, None])
    return message(hall, "qr", {"link": link}, REFUSED)


KINDS: tuple[Callable[[Hall, random.Random], Forged], ...] = (
    closed_round,
    guessed_secret,
    unknown_round,
    unknown_option,
    other_room,
    other_step,
    unknown_voter,
    unknown_member,
    no_secret,
    replayed_vote,
    replayed_early_vote,
    replayed_join,
    news_of_something,
    used_ticket,
    broken_secret,
    no_code,
    no_action,
    too_large,
    no_message,
    of_another_site,
    other_method,
    no_link,
)


@dataclass
class Answers:
    """What the server said. `wrong`: answers that may not be; `quick`: guesses that were answered too soon."""

    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    quick: list[str] = field(default_factory=list)

    def hear(self, sent: Forged, status: int, content: bytes, seconds: float) -> None:
        what = f"{sent.method} {sent.path[:80]} {sent.body[:200]!r}: {status} {content[:200]!r}"
        self.statuses[status] += 1
        told = json.loads(content) if content.startswith(b"{") else {}
        news = told.get("ballot") or {}
        if status not in sent.allowed or "secret" in told or "counts" in news:
            self.wrong.append(what)
        if (status == 403 or "gone" in told) and seconds < 0.95 * GUESS_SECONDS:  # two clocks
            self.quick.append(f"{seconds:.2f} s: {what}")


async def send_all(hall: Hall, count: int, connections: int) -> Answers:
    """Send so many forged messages; each connection sends one after the other."""
    answers, messages = Answers(), islice(forged(hall), count)

    async def send_some() -> None:
        client = RoomClient(hall.url)
        for each in messages:
            begun = time.perf_counter()
            status, content = await client.send(each.path, each.body, each.kind, each.method)
            answers.hear(each, status, content, time.perf_counter() - begun)
        await client.close()

    await asyncio.gather(*(send_some() for _ in range(connections)))
    return answers
