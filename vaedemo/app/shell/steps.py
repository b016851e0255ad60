"""A lesson as a list of steps: the view, the words, the question and the goals of each.

A step sets a view of the page: the values of its link's parameters. Its words are computed from the view that is shown.
After the last step comes `EXPLORE`, in which every control is shown.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

MOST_WORDS = 45  # of a step's sentence and of a question
EXPLORE = "explore"

Values = Mapping[str, Any]  # the parameters of a page by name
Words = Callable[[Values], str]


@dataclass(frozen=True)
class Option:
    """An answer to a question. `feedback` is shown after it was chosen: why it is right, or which idea misled."""

    text: str
    feedback: str
    right: bool = False


@dataclass(frozen=True)
class Question:
    """A question that is asked before its step's sentence is shown.

    `start`: where the view differs from the step's own view while the question is open. `giveaways`: words and numbers
    that would answer it; they must not be on the page before. Its options are followed by "Not sure".
    """

    text: str
    options: tuple[Option, ...]
    start: Values = field(default_factory=dict)
    giveaways: tuple[str, ...] = ()

    @property
    def right(self) -> int:
        """The place of the right option. Raises ValueError unless there is exactly one."""
        (place,) = (place for place, option in enumerate(self.options) if option.right)
        return place


@dataclass(frozen=True)
class Goal:
    """Something to reach in a view. `met(values)`: whether the view shown meets it.

    `about(values)`: whether the goal speaks of the view's data and model; if not, it is not shown.
    """

    text: str
    met: Callable[[Values], bool]
    hint: str
    about: Callable[[Values], bool] = lambda values: True


@dataclass(frozen=True)
class Reveal:
    """The parts of a step that come one by one: Next shows one more, and after the last goes on.

    `name`: the parameter of the page that counts the parts shown, from 1 to `last`. `asks_at`: the part that must be
    shown before the step's question is asked.
    """

    name: str
    last: int
    asks_at: int = 1


@dataclass(frozen=True)
class Step:
    """One step of a lesson.

    Args:
        name: in the link, `step=name`.
        title: two to five words, for the stepper and the hand-out.
        view: the parameters that it sets; all others have the lesson's defaults.
        say: its sentence, at most `MOST_WORDS` words, computed from the view that is shown.
        controls: the names of the lesson's controls that are shown.
        ask: a question that comes first. A first step's question is asked in the walk only.
        holds: whether the sentence is true of a view; without it, of the step's own view alone.
        goals: tasks, each with a verdict computed from the view.
        slides: of the lecture, none for an aside.
        notes: for the lecturer, two or three lines.
        reveals: its parts that come one by one. Its question then starts from the step's own view.
    """

    name: str
    title: str
    view: Values
    say: Words
    controls: tuple[str, ...] = ()
    ask: Question | None = None
    holds: Callable[[Values], bool] | None = None
    goals: tuple[Goal, ...] = ()
    slides: tuple[int, ...] = ()
    notes: str = ""
    reveals: Reveal | None = None


def asked_in(steps: tuple[Step, ...], step: Step, walking: bool) -> bool:
    """Whether this step asks its question. The first step answers the page's question at once, except in the walk."""
    return step.ask is not None and (walking or step is not steps[0])
