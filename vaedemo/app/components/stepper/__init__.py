"""The stepper of a lesson: its steps as links, Back and Next, and a presenter's keys on the stage and in the walk.

The order of the steps is known to the browser, so that presses are counted at once, however fast they come. On an open
question Next reveals its answer first, then goes on; in a step with parts it shows them one by one.
"""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from vaedemo.app.components.common.files import script, source

Parts = tuple[str, int, int]
mount = st.components.v2.component(
    "vaedemo_stepper",
    html=source("stepper/stepper.html"),
    css=source("common/base.css", "common/buttons.css", "stepper/stepper.css"),
    js=script("common/visit.js", "common/life.js", "common/member.js", "stepper/route.js", "stepper/stepper.js"),
)


@dataclass(frozen=True)
class Route:
    """What the stepper shows, and where it leads.

    Args:
        lesson: its name; `address`: of its page, relative.
        steps: (name, title, whether it asks a question, parts), in their order; the last is Explore.
            Parts that come one by one: (parameter, how many, the one with which the question comes), else None.
        here: the name of the step that is shown; `shown`: how many of its parts, 0 for a step without parts.
        stops: of the walk: (slide, lesson, address, step, whether it asks, parts); only the walk needs them.
        walk: the place in the walk, from 1; 0 outside it.
        answered: the answered questions, as "lesson/step".
        following: the address and the title of the next lesson, for the end of this one.
        touched: whether there is something to reset.
        keys: whether a presenter's keys act.
        present: whether links keep the projector view.
        notes: for the lecturer.
        room: the class's room as this visit knows it: code, the voter's token, whether it leads; None outside.
        invited: the code of a room that the link invites to; "": none.
    """

    lesson: str
    address: str
    steps: Sequence[tuple[str, str, bool, Parts | None]]
    here: str = ""
    shown: int = 0
    stops: Sequence[tuple[int, str, str, str, bool, Parts | None]] = ()
    walk: int = 0
    answered: Sequence[str] = ()
    following: tuple[str, str] | None = None
    touched: bool = False
    keys: bool = False
    present: bool = False
    notes: str = ""
    room: tuple[str, str, bool] | None = None
    invited: str = ""


def stepper(
    route: Route,
    *,
    key: str,
    on_reveal: Callable[[str], None],
    on_reset: Callable[[], None],
    on_room: Callable[[Any], None],
) -> None:
    """Draw the stepper. `on_reveal(question)`, `on_reset()` and `on_room(message)` are called before the page reruns.

    `question` is one of those of the route, as "lesson/step"; `message` is what the browser says of its room, not
    checked.
    """
    asked = {f"{route.lesson}/{name}" for name, _, asks, _ in route.steps if asks}

    def reveal() -> None:
        question = read_question(st.session_state[key].get("reveal"), asked)
        if question:
            on_reveal(question)

    def reset() -> None:
        if st.session_state[key].get("reset") is True:
            on_reset()

    def enter() -> None:
        on_room(st.session_state[key].get("room"))

    mount(key=key, data=[pack(route)], on_reveal_change=reveal, on_reset_change=reset, on_room_change=enter)


def read_question(value: Any, asked: Container[str]) -> str:
    """Validate the browser's message: one of the questions asked; "" if malformed."""
    return value if isinstance(value, str) and value in asked else ""


def pack(route: Route) -> dict[str, Any]:
    """The JSON for the browser."""
    return {
        "lesson": route.lesson,
        "address": route.address,
        "steps": [dict(zip(("name", "title", "asks", "parts"), step, strict=True)) for step in route.steps],
        "here": route.here,
        "shown": route.shown,
        "stops": [list(stop) for stop in route.stops],
        "walk": route.walk,
        "answered": list(route.answered),
        "following": route.following and {"href": route.following[0], "title": route.following[1]},
        "touched": route.touched,
        "keys": route.keys,
        "present": route.present,
        "notes": route.notes,
        "room": route.room and list(route.room),
        "invited": route.invited,
    }
