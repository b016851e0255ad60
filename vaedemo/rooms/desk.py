"""What browsers may ask of rooms: each request by its name, without waiting and without the web."""

import csv
import io
import re
from collections.abc import Callable, Mapping
from typing import Any

import segno

from vaedemo.rooms.ballot import Asked, Ballot, table
from vaedemo.rooms.errors import NotLeading, RoomError
from vaedemo.rooms.messages import LONGEST_QUERY, MALFORMED, SECRET, Message, told
from vaedemo.rooms.room import Place, Room
from vaedemo.rooms.store import Rooms

NAME = re.compile(r"[a-z0-9_-]{1,40}")  # of a lesson or a step
QUESTION = re.compile("open|answered|")  # what the lecturer's own screen does with its step's question
LONGEST_LINK = 300  # characters in a QR code, which the last row must read
Steps = Callable[[str], Mapping[str, Asked | None]]  # of a lesson by its name: the question of each step
Answer = dict[str, Any]


class Desk:
    """Answers requests. `steps_of` returns the steps of a lesson with their questions, none for an unknown lesson."""

    def __init__(self, rooms: Rooms, steps_of: Steps):
        self.rooms, self.steps_of = rooms, steps_of
        self.actions: Mapping[str, Callable[[Room, Message], Answer]] = {
            "join": self.join,
            "vote": self.vote,
            "lead": self.lead,
            "move": self.move,
            "hand": self.hand,
            "close": self.close,
            "again": self.again,
            "reveal": self.reveal,
            "ticket": self.ticket,
            "table": self.table,
            "end": self.end,
        }

    def open(self) -> Answer:
        """A new room: its code, and the secret of its lecturer."""
        room, secret = self.rooms.open()
        return {"code": room.code, "secret": secret}

    def join(self, room: Room, message: Message) -> Answer:
        room.join(message.voter, self.rooms.most_members)
        return {}

    def vote(self, room: Room, message: Message) -> Answer:
        voter = message.voter
        if voter not in room.members:
            raise RoomError("Join the room first.")
        ballot = self.ballot(room, message)
        ballot.vote(voter, message.number("round", 1, 9), message.number("option", -9, 99))
        room.tally += 1
        return {"mine": ballot.answers_of(voter)}

    def lead(self, room: Room, message: Message) -> Answer:
        """A second device of the lecturer's, by a ticket."""
        return {"secret": room.redeem(message.text("ticket", SECRET), self.rooms.clock())}

    def move(self, room: Room, message: Message) -> Answer:
        self.check_leads(room, message)
        lesson, step = message.text("lesson", NAME), message.text("step", NAME)
        steps = self.steps_of(lesson)
        if step not in steps:
            raise RoomError(MALFORMED)
        place = Place(lesson, step, message.words("query", LONGEST_QUERY))
        room.move(place, steps[step], message.text("question", QUESTION))
        return {}

    def hand(self, room: Room, message: Message) -> Answer:
        self.check_leads(room, message)
        by = message.number("by", -1, 1)
        self.ballot(room, message).raise_hand(message.number("round", 1, 9), message.number("option", -9, 99), by)
        room.tally += 1
        return {}

    def close(self, room: Room, message: Message) -> Answer:
        return self.turn(room, message, Ballot.close)

    def again(self, room: Room, message: Message) -> Answer:
        return self.turn(room, message, Ballot.again)

    def reveal(self, room: Room, message: Message) -> Answer:
        return self.turn(room, message, Ballot.reveal)

    def turn(self, room: Room, message: Message, change: Callable[[Ballot], None]) -> Answer:
        """The lecturer takes the ballot further; all hear of it."""
        self.check_leads(room, message)
        change(self.ballot(room, message))
        room.public += 1
        return {}

    def ticket(self, room: Room, message: Message) -> Answer:
        self.check_leads(room, message)
        return {"ticket": room.make_ticket(self.rooms.clock())}

    def table(self, room: Room, message: Message) -> Answer:
        """The counts of all votes as CSV."""
        self.check_leads(room, message)
        lines = io.StringIO()
        csv.writer(lines).writerows(table([*room.ballots.values()]))
        return {"csv": lines.getvalue()}

    def end(self, room: Room, message: Message) -> Answer:
        self.check_leads(room, message)
        self.rooms.end(room)
        return {}

    def news(self, room: Room, message: Message, here: int) -> Answer:
        """What the room tells this browser."""
        return told(room, message.voter, here, leads=self.leads(room, message))

    def leads(self, room: Room, message: Message) -> bool:
        """Whether a message comes from the lecturer. Raises `NotLeading` for a wrong secret."""
        secret = message.secret
        if secret and not room.leads(secret):
            raise NotLeading("Only the lecturer of this room can do this.")
        return bool(secret)

    def check_leads(self, room: Room, message: Message) -> None:
        if not self.leads(room, message):
            raise NotLeading("Only the lecturer of this room can do this.")

    def ballot(self, room: Room, message: Message) -> Ballot:
        return room.present_ballot(message.text("lesson", NAME), message.text("step", NAME))


def qr_code(message: Message) -> Answer:
    """The QR code of a link: its rows, "1" for dark."""
    link = message.words("link", LONGEST_LINK)
    if not link.isascii() or not link.startswith(("http://", "https://")):
        raise RoomError(MALFORMED)
    matrix = segno.make_qr(link, error="m").matrix
    return {"rows": ["".join("1" if dark else "0" for dark in row) for row in matrix]}
