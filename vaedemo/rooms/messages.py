"""The messages of browsers to a room, checked; and what a room tells whom."""

import re
from collections.abc import Mapping
from typing import Any

from vaedemo.rooms.ballot import Ballot
from vaedemo.rooms.errors import RoomError
from vaedemo.rooms.room import Room

TOKEN = re.compile(r"[0-9a-f]{32}")  # of a voter: 128 random bits
SECRET = re.compile(r"[A-Za-z0-9_-]{22}")  # of a lecturer's device, or a ticket for one
LONGEST_QUERY = 1_500  # characters
MALFORMED = "This message of the page could not be read. Reload the page."


class Message:
    """A browser's message. Each field is read with its type, or `RoomError` is raised."""

    def __init__(self, content: Any):
        if not isinstance(content, dict):
            raise RoomError(MALFORMED)
        self.content: Mapping[str, Any] = content

    @property
    def voter(self) -> str:
        return self.text("voter", TOKEN)

    @property
    def secret(self) -> str:
        """The secret; "" for a message without one."""
        return self.text("secret", SECRET) if self.content.get("secret") else ""

    def text(self, name: str, pattern: re.Pattern) -> str:
        value = self.content.get(name)
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise RoomError(MALFORMED)
        return value

    def words(self, name: str, longest: int) -> str:
        value = self.content.get(name)
        if not isinstance(value, str) or len(value) > longest or not value.isprintable():
            raise RoomError(MALFORMED)
        return value

    def number(self, name: str, low: int, high: int) -> int:
        value = self.content.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise RoomError(MALFORMED)
        return value


def told(room: Room, voter: str, here: int, *, leads: bool) -> dict[str, Any]:
    """What a room tells a voter, or the lecturer. A voter hears of counts when they are revealed, and not before."""
    where = room.where and {"lesson": room.where.lesson, "step": room.where.step, "query": room.where.query}
    ballot = room.ballot
    news = {
        "code": room.code,
        "seen": [room.public, room.tally if leads else 0],
        "where": where,
        "ballot": ballot and of_ballot(ballot, voter, leads=leads),
    }
    return news | {"here": here} if leads else news


def of_ballot(ballot: Ballot, voter: str, *, leads: bool) -> dict[str, Any]:
    news: dict[str, Any] = {
        "lesson": ballot.lesson,
        "step": ballot.step,
        "round": len(ballot.rounds),
        "open": ballot.is_open,
        "revealed": ballot.revealed,
        "mine": ballot.answers_of(voter),
    }
    if leads:
        news |= {"answered": ballot.now.answered, "advice": ballot.advice()}
    if leads or ballot.revealed:
        options = len(ballot.asked.options)
        news |= {"counts": [each.counts(options) for each in ballot.rounds], "right": ballot.asked.right}
    return news
