"""The state of a page that is told in steps: its view, the step it belongs to, and the answers of this session."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from vaedemo.app.lessons import index
from vaedemo.app.shell import in_room
from vaedemo.app.shell.links import Parameter, Reading
from vaedemo.app.shell.step_links import StepTable
from vaedemo.app.shell.steps import EXPLORE, Goal, Step
from vaedemo.app.shell.view import View
from vaedemo.training.run import Run

ANSWERS = "steps.answers"  # {(lesson, step): place of the chosen option}; they live as long as the session
NOT_SURE, SHOWN = -1, -2  # choices beside the options: "Not sure" and "Show me"


@dataclass(frozen=True)
class SteppedLesson:
    """A lesson that is told in steps.

    Args:
        name: of its folder.
        question: the page's question.
        parameters: of its view.
        steps: in their order.
        controls: by name, a function that draws the widgets of this control; Explore shows all that `explored` names.
        picture: draws the exhibit.
        work: returns the figures of the view, label to value, and the code that prints them.
        goals: two things to reach in Explore; the lecture's lessons have them, a lesson of your own may do without.
        explained: functions or classes whose docstrings are shown as the mathematics; likewise.
        references: of the page; likewise.
        explored: the names of the controls that Explore shows of a view; all unless given.
        run: returns the trained model of a view that can be taken home, None for a view without one.
        plain: returns a function `view(model)` as code, which prints the view's own numbers at the end of that model's
            plain script and may use all that is defined there; empty for a view without one.
    """

    name: str
    question: str
    parameters: tuple[Parameter, ...]
    steps: tuple[Step, ...]
    controls: Mapping[str, Callable[["StepView"], None]]
    picture: Callable[["StepView"], None]
    work: Callable[["StepView"], tuple[dict[str, str], str]]
    goals: tuple[Goal, ...] = ()
    explained: Sequence[Any] = ()
    references: Sequence[str] = ()
    explored: Callable[[Mapping[str, Any]], Sequence[str]] | None = None
    run: Callable[["StepView"], Run | None] | None = None
    plain: Callable[["StepView"], str] | None = None
    table: StepTable = field(init=False)

    def __post_init__(self):
        object.__setattr__(self, "table", StepTable(self.steps, (*self.controls,), *self.parameters))

    @property
    def title(self) -> str:
        return index.BY_NAME[self.name].title


class StepView(View):
    """The state of a page with steps. `before`: the view in which an answered question started, for the ghost."""

    lesson: SteppedLesson
    is_told = False  # whether the next run was asked for by the class's room, and not by a hand: all of a class at once

    @property
    def step(self) -> Step | None:
        """The step that is shown; None in Explore."""
        return self.lesson.table.steps.get(self["step"])

    @property
    def walking(self) -> bool:
        return bool(self["walk"])

    @property
    def chosen(self) -> int | None:
        """The answer to this step's question: the place of an option, `NOT_SURE` or `SHOWN`; None if it is open.

        While a class votes on it, it is open, whatever this visitor has answered before.
        """
        if in_room.is_pending(self.lesson.name, self["step"]):
            return None
        return answers().get((self.lesson.name, self["step"]))

    @property
    def is_open(self) -> bool:
        """Whether the step asks a question that this visitor has not answered."""
        if self.chosen is not None or not self.lesson.table.asks(self["step"], self.walking):
            return False
        reveals = self.step.reveals
        return reveals is None or self[reveals.name] >= reveals.asks_at

    @property
    def shows_question(self) -> bool:
        """Whether the part that is shown last is the question's; always in a step without parts."""
        reveals = self.step.reveals if self.step else None
        return reveals is None or self[reveals.name] == reveals.asks_at

    @property
    def revealed(self) -> dict[str, int]:
        """How many parts of the step are shown, by the name of their parameter; empty for a step without parts."""
        reveals = self.step.reveals if self.step else None
        return {reveals.name: self[reveals.name]} if reveals else {}

    @property
    def held(self) -> bool:
        """Whether the picture is held back: the open question of a first step. The picture then has no result."""
        return self.is_open and self.step is self.lesson.table.first

    @property
    def can_be_led(self) -> bool:
        """Whether this is the stage or the walk, where a lecturer leads."""
        return bool(self["present"]) or self.walking

    @property
    def own(self) -> dict[str, Any]:
        """The values of the view, without the frame's."""
        return {name: self[name] for name in self.lesson.table.own}

    @property
    def is_touched(self) -> bool:
        """Whether the view is no longer the step's own; parts that were revealed are its own."""
        if self["step"] == EXPLORE:
            return False
        return self.own != self.lesson.table.view_of(self["step"], is_open=self.is_open) | self.revealed

    @property
    def before(self) -> dict[str, Any] | None:
        """Where the step's question started, after it was answered and while the view is untouched."""
        step = self.step
        if step is None or step.ask is None or self.chosen is None or self.is_touched or not step.ask.start:
            return None
        return self.lesson.table.view_of(step.name, is_open=True)

    def answer(self, choice: int) -> None:
        """Keep the answer, and show the step's own view, with the parts that are revealed."""
        revealed = self.revealed
        answers()[self.lesson.name, self["step"]] = choice
        self.reset()
        for name, value in revealed.items():
            self[name] = value

    def reset(self) -> None:
        """Go to the step's own view again, or to the start of its open question."""
        for name, value in self.lesson.table.view_of(self["step"], is_open=self.is_open).items():
            self[name] = value

    def ask_again(self) -> None:
        """Clear the answer to this step's question."""
        answers().pop((self.lesson.name, self["step"]), None)
        self.reset()

    def query(self) -> dict[str, str]:
        return self.lesson.table.write(self.values(), is_open=self.is_open)

    def _read(self, query: dict[str, str]) -> Reading:
        name = self.lesson.name
        answered = [step for lesson, step in answers() if lesson == name and not in_room.is_pending(lesson, step)]
        return self.lesson.table.read(query, answered)


def answers() -> dict[tuple[str, str], int]:
    """This session's answers; a link never has them."""
    return st.session_state.setdefault(ANSWERS, {})
