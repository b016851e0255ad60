"""The room of a class that this visit is in, as a page needs it: its vote on the step that is shown.

The browser tells the session who it is (its tab keeps that), and everything else goes between the browser and the
room's routes. A page asks here only which form of a question to draw.
"""

from dataclasses import dataclass
from typing import Any

import streamlit as st

from vaedemo.rooms.ballot import Ballot
from vaedemo.rooms.here import rooms
from vaedemo.rooms.messages import TOKEN
from vaedemo.rooms.room import Room
from vaedemo.rooms.store import is_code

KEY = "room.member"


@dataclass(frozen=True)
class Member:
    """Who this visit is in a room. `leads` changes only what this visitor sees; to lead takes the secret."""

    code: str
    voter: str
    leads: bool


def member() -> Member | None:
    return st.session_state.get(KEY)


def enter(value: Any) -> None:
    """What the browser says of itself: a room's code, its voter's token, and whether it leads; or that it left."""
    if not isinstance(value, dict):
        return
    code, voter = value.get("code"), value.get("voter")
    if is_code(code) and isinstance(voter, str) and TOKEN.fullmatch(voter):
        st.session_state[KEY] = Member(code, voter, value.get("leads") is True)
    elif code == "":
        st.session_state.pop(KEY, None)


def room() -> Room | None:
    """The open room of this visit."""
    here = member()
    return rooms().find(here.code) if here else None


def ballot_of(lesson: str, step: str) -> Ballot | None:
    """The vote of this visit's room on a step, while the lecturer is there."""
    here = room()
    ballot = here.ballot if here else None
    return ballot if ballot and ballot.place == (lesson, step) else None


def is_pending(lesson: str, step: str) -> bool:
    """Whether the class votes on a step and its answer is not told yet: not to this visitor either."""
    here = member()
    if here is None or here.leads:
        return False
    ballot = ballot_of(lesson, step)
    return ballot is not None and not ballot.revealed


def own_answer(lesson: str, step: str) -> int | None:
    """This visitor's last answer in the vote on a step."""
    here, ballot = member(), ballot_of(lesson, step)
    if here is None or ballot is None:
        return None
    return next((each for each in reversed(ballot.answers_of(here.voter)) if each is not None), None)
