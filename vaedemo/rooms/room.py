"""A room: who is in it, where the lecturer is, and the votes."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from vaedemo.rooms.ballot import Asked, Ballot, ballot_from
from vaedemo.rooms.errors import NotLeading, RoomError

TICKET_SECONDS = 600.0  # a link to a second device of the lecturer's is good for so long, and once
MOST_LEADERS = 10  # devices and links to devices of one room's lecturer
MOST_BALLOTS = 200  # of one room; the lecture has 122 questions


@dataclass(frozen=True)
class Place:
    """Where the lecturer is. `query`: of the view's link, without what belongs to the projector."""

    lesson: str
    step: str
    query: str


@dataclass
class Room:
    """A room. `leaders`: hashes of the secrets of the lecturer's devices; the secrets themselves are not kept.

    `public` counts changes that all must hear of; `tally` counts those for the lecturer alone: answers and members.
    """

    code: str
    used: float
    leaders: set[str] = field(default_factory=set)
    members: set[str] = field(default_factory=set)
    where: Place | None = None
    ballots: dict[tuple[str, str], Ballot] = field(default_factory=dict)
    tickets: dict[str, float] = field(default_factory=dict)  # hash: the time when it ends
    public: int = 0
    tally: int = 0
    ended: bool = False
    _texts: dict[tuple[str, str], str] = field(default_factory=dict)  # of the ballots that are not the present one

    @property
    def ballot(self) -> Ballot | None:
        """The ballot of the lecturer's step; None where no question was asked."""
        return self.ballots.get((self.where.lesson, self.where.step)) if self.where else None

    def join(self, voter: str, most: int) -> None:
        """Raises `RoomError` where the room is full; who is in it already may always come again."""
        if voter not in self.members and len(self.members) >= most:
            raise RoomError(f"This room is full: it has room for {most}.")
        if voter not in self.members:
            self.members.add(voter)
            self.tally += 1

    def new_secret(self) -> str:
        """A secret for a device of the lecturer's."""
        secret = secrets.token_urlsafe(16)
        self.leaders.add(hash_of(secret))
        return secret

    def leads(self, secret: str) -> bool:
        """Whether this is the secret of one of the lecturer's devices."""
        found = hash_of(secret)
        return any([hmac.compare_digest(found, each) for each in self.leaders])

    def make_ticket(self, now: float) -> str:
        """A ticket for a second device of the lecturer's."""
        self.tickets = {each: end for each, end in self.tickets.items() if end > now}
        if len(self.tickets) + len(self.leaders) >= MOST_LEADERS:
            raise RoomError(f"A room has at most {MOST_LEADERS} devices of its lecturer.")
        ticket = secrets.token_urlsafe(16)
        self.tickets[hash_of(ticket)] = now + TICKET_SECONDS
        return ticket

    def redeem(self, ticket: str, now: float) -> str:
        """A secret for a ticket, which is then used up. Raises `NotLeading` for a ticket that is none."""
        if self.tickets.pop(hash_of(ticket), 0.0) <= now:
            raise NotLeading("This link was used already, or is older than ten minutes. Make another one.")
        return self.new_secret()

    def move(self, place: Place, asked: Asked | None, question: str) -> None:
        """The lecturer is at a place. `asked`: the question of its step; `question`: "open" where the lecturer's own
        screen asks it, "answered" where it shows the answer, which is then told to all, "" where it does neither."""
        before = self.where, self.ballot and self.ballot.revealed
        self.where = place
        self._texts.pop((place.lesson, place.step), None)
        key = (place.lesson, place.step)
        if question == "open" and asked is not None and key not in self.ballots and len(self.ballots) < MOST_BALLOTS:
            self.ballots[key] = Ballot(*key, asked)
        if question == "answered" and key in self.ballots:
            self.ballots[key].reveal()
        if before != (self.where, self.ballot and self.ballot.revealed):
            self.public += 1

    def present_ballot(self, lesson: str, step: str) -> Ballot:
        """The ballot of the lecturer's step. Raises `RoomError` where that is another one than asked for."""
        ballot = self.ballot
        if ballot is None or ballot.place != (lesson, step):
            raise RoomError("The class votes on another step now.")
        return ballot

    def to_text(self) -> str:
        """The room as JSON. Votes change the present ballot alone, so the texts of all others are kept."""
        texts = []
        for place, ballot in self.ballots.items():
            text = self._texts.get(place) or json.dumps(ballot.to_json())
            if ballot is not self.ballot:
                self._texts[place] = text
            texts.append(text)
        head = json.dumps(self.to_json() | {"ballots": None})
        return head.replace('"ballots": null', f'"ballots": [{", ".join(texts)}]', 1)

    def to_json(self) -> dict[str, Any]:
        where = self.where and [self.where.lesson, self.where.step, self.where.query]
        return {
            "code": self.code,
            "used": self.used,
            "leaders": sorted(self.leaders),
            "members": sorted(self.members),
            "where": where,
            "ballots": [each.to_json() for each in self.ballots.values()],
            "tickets": self.tickets,
            "public": self.public,
            "tally": self.tally,
        }


def room_from(kept: Mapping[str, Any]) -> Room:
    """A room from its `to_json`. Raises KeyError, TypeError or ValueError for anything else."""
    ballots = [ballot_from(each) for each in kept["ballots"]]
    return Room(
        code=str(kept["code"]),
        used=float(kept["used"]),
        leaders={str(each) for each in kept["leaders"]},
        members={str(each) for each in kept["members"]},
        where=Place(*map(str, kept["where"])) if kept["where"] else None,
        ballots={each.place: each for each in ballots},
        tickets={str(name): float(end) for name, end in kept["tickets"].items()},
        public=int(kept["public"]),
        tally=int(kept["tally"]),
    )


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
