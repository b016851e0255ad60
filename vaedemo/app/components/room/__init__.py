"""A class's room on a page: its line above the lesson, and the vote on a question.

Both are drawn by one script, whose state outlives the pages: it hears the room's news by a long poll beside Streamlit,
and asks for a rerun only where the page itself must change.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import streamlit as st

from vaedemo.app.components.common.files import Sources

SOURCES = Sources(
    '<div class="room" role="group"></div>',
    ("common/base.css", "common/buttons.css", "room/room.css"),
    (
        "common/visit.js",
        "common/life.js",
        "common/copied.js",
        "common/member.js",
        "room/elements.js",
        "room/news.js",
        "room/places.js",
        "room/door.js",
        "room/bars.js",
        "room/vote.js",
        "room/line.js",
        "room/room.js",
    ),
)
mount = st.components.v2.component("vaedemo_room", **SOURCES.for_streamlit())


@dataclass(frozen=True)
class Bar:
    """What the room's line knows of the page.

    Args:
        code: of the room.
        lesson, step, query: the view; `query` is its link without what belongs to one screen.
        question: "open" where the step's question is asked, "answered" where its answer is shown, else "".
        pending: whether the page draws the question as the class's vote.
        present: whether this is the projector view.
        home: the name of the lesson whose address is the app's own.
    """

    code: str
    lesson: str
    step: str
    query: str
    question: str
    pending: bool
    present: bool
    home: str


@dataclass(frozen=True)
class Ballot:
    """The vote on a step's question: the texts of its options; `told`: its answer is shown, and so is the result."""

    lesson: str
    step: str
    options: Sequence[str]
    present: bool
    told: bool = False


def room_bar(bar: Bar, *, key: str, on_look: Callable[[], None], on_room: Callable[[Any], None]) -> None:
    """Draw the room's line. Before the page reruns, `on_look()` is called where the class's vote on this step has
    changed what the page shows, and `on_room(message)` with what the browser says of its room, not checked."""

    def enter() -> None:
        on_room(st.session_state[key].get("room"))

    mount(key=key, data=[{"kind": "bar"} | asdict(bar)], on_look_change=on_look, on_room_change=enter)


def ballot_box(ballot: Ballot, *, key: str) -> None:
    """Draw the vote, or its result."""
    mount(key=key, data=[{"kind": "vote"} | asdict(ballot) | {"options": list(ballot.options)}])
