"""The stepper of a page: what it shows and what its presses do, from the view and the walk."""

from typing import Any
from urllib.parse import urlencode

from vaedemo.app.components.stepper import Route, stepper
from vaedemo.app.lessons import index
from vaedemo.app.shell import in_room
from vaedemo.app.shell.step_view import SHOWN, StepView, answers
from vaedemo.app.shell.steps import EXPLORE, Reveal
from vaedemo.app.shell.view import View
from vaedemo.app.shell.walk import walk


def guide(view: StepView) -> None:
    """The stepper of a page with steps."""
    table, walking, member = view.lesson.table, view.walking, in_room.member()
    steps = [
        (step.name, step.title, asks(view.lesson.name, step.name, table.asks(step.name, walking)), parts(step.reveals))
        for step in table.steps.values()
    ]
    shown = next(iter(view.revealed.values()), 0)
    stepper(
        Route(
            lesson=view.lesson.name,
            address=address(view.lesson.name),
            steps=[*steps, (EXPLORE, "Explore", False, None)],
            here=view["step"],
            shown=shown,
            following=following(view),
            touched=view.is_touched or view.chosen is not None,
            notes=view.step.notes if view.step and view.can_be_led else "",
            room=(member.code, member.voter, member.leads) if member else None,
            invited=view["room"],
            **of_walk(view),
        ),
        key="guide",
        on_reveal=lambda question: reveal(view, question),
        on_reset=view.ask_again,
        on_room=lambda message: enter(view, message),
    )


def enter(view: View, message: Any) -> None:
    """The browser is in a room, or has left it. The link need not invite any more."""
    in_room.enter(message)
    view["room"] = ""


def is_in_walk(view: View, step: str) -> bool:
    """False, with a sentence on the page, for a place past the walk's end. Who has left the walk, for another step or
    another page, is simply no longer in it."""
    stops, place = walk.stops() if view["walk"] else (), view["walk"]
    if place > len(stops) > 0:
        view.refuse(f"The walk has {len(stops)} stops, got walk={place}.")
        view["walk"] = 0
        return False
    if stops and (stops[place - 1].lesson, stops[place - 1].step) != (view.lesson.name, step):
        view["walk"] = 0
    return True


def of_walk(view: View) -> dict:
    """What a route knows of the walk, of the stage and of the session."""
    place = view["walk"]
    stops = walk.stops() if place else ()
    return {
        "walk": place if place <= len(stops) else 0,
        "stops": [
            (
                *(stop.slide, stop.lesson, address(stop.lesson), stop.step),
                *(asks(stop.lesson, stop.step, stop.asks), parts(stop.reveals)),
            )
            for stop in stops
        ],
        "answered": [f"{lesson}/{step}" for lesson, step in answers()],
        "keys": bool(place or view["present"]),
        "present": bool(view["present"]),
    }


def asks(lesson: str, step: str, has_question: bool) -> bool:
    """Whether Next shows the answer to a step's question first: while a class votes on it, only its lecturer does."""
    return has_question and not in_room.is_pending(lesson, step)


def parts(reveals: Reveal | None) -> tuple[str, int, int] | None:
    """What the browser needs of parts that come one by one."""
    return reveals and (reveals.name, reveals.last, reveals.asks_at)


def reveal(view: StepView, question: str) -> None:
    """Show the answer to an open question; a press that comes late finds it answered."""
    lesson, step = question.split("/")
    if (lesson, step) == (view.lesson.name, view["step"]):
        if view.is_open:
            view.answer(SHOWN)
    else:
        answers().setdefault((lesson, step), SHOWN)


def following(view: View) -> tuple[str, str] | None:
    """The address and the title of the next lesson in the list."""
    names = [entry.name for entry in index.LESSONS]
    place = names.index(view.lesson.name) + 1
    if place == len(names):
        return None
    entry = index.LESSONS[place]
    return href(entry.name, bool(view["present"])), entry.title


def address(lesson: str) -> str:
    """The relative address of a lesson's page."""
    return "./" if lesson == index.HOME.name else lesson


def href(lesson: str, present: bool, **query: str) -> str:
    """A link to a lesson's page, relative to any page of the app. `present`: whether it keeps the projector view."""
    query |= {"present": "1"} if present else {}
    return address(lesson) + (f"?{urlencode(query)}" if query else "")
