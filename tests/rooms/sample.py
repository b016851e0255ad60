"""A lecture of three steps, voters, and a desk with a clock that the test sets."""

from pathlib import Path
from typing import Any

from vaedemo.rooms.ballot import Asked
from vaedemo.rooms.desk import Desk
from vaedemo.rooms.files import RoomFiles
from vaedemo.rooms.messages import Message
from vaedemo.rooms.room import Room
from vaedemo.rooms.store import Rooms

WIDTH = Asked("How wide?", ("narrow", "wide"), right=1)
HEIGHT = Asked("How high, in cm?", ("low", "high, or higher", "as “high”"), right=0)
STEPS = {"width": WIDTH, "height": HEIGHT, "explore": None}
PLACE = {"lesson": "kl", "step": "width"}


def steps_of(lesson: str) -> dict[str, Asked | None]:
    return STEPS if lesson == "kl" else {}


def voter(number: int) -> str:
    return f"{number:032x}"


class Clock:
    """Seconds that pass only when the test says so."""

    def __init__(self, now: float = 1_000.0):
        self.now = now

    def __call__(self) -> float:
        return self.now


class Lecture:
    """A desk with one room, and what its people send."""

    def __init__(self, folder: Path, most_members: int = 500):
        self.clock = Clock()
        self.rooms = Rooms(RoomFiles(folder), most_members, self.clock)
        self.desk = Desk(self.rooms, steps_of)
        opened = self.desk.open()
        self.secret: str = opened["secret"]
        self.room: Room = self.rooms.get(opened["code"])

    def send(self, action: str, **fields: Any) -> dict[str, Any]:
        return self.desk.actions[action](self.room, Message(fields))

    def lead(self, action: str, **fields: Any) -> dict[str, Any]:
        return self.send(action, secret=self.secret, **fields)

    def move(self, step: str = "width", question: str = "open", query: str = "") -> None:
        self.lead("move", lesson="kl", step=step, query=query, question=question)

    def join(self, *numbers: int) -> None:
        for number in numbers:
            self.send("join", voter=voter(number))

    def vote(self, number: int, option: int, round: int = 1, step: str = "width") -> dict[str, Any]:
        return self.send("vote", voter=voter(number), lesson="kl", step=step, round=round, option=option)

    def news(self, number: int) -> dict[str, Any]:
        """What a student hears."""
        return self.desk.news(self.room, Message({"voter": voter(number)}), here=0)

    def lecturer_s_news(self) -> dict[str, Any]:
        return self.desk.news(self.room, Message({"voter": voter(99), "secret": self.secret}), here=7)
