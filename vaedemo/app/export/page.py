"""What an exported page consists of: its steps, what each shows, and the files that it holds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from vaedemo.app.components import explorer, film, image_grid, sketch, warp
from vaedemo.app.components.common.files import Sources
from vaedemo.app.shell.step_links import StepTable
from vaedemo.app.shell.steps import Question, Values

KINDS: Mapping[str, Sources] = {
    "explorer": explorer.SOURCES,
    "film": film.SOURCES,
    "image_grid": image_grid.SOURCES,
    "sketch": sketch.SOURCES,
    "warp": warp.SOURCES,
}


@dataclass(frozen=True)
class Shown:
    """A component of a step. `kind`: one of `KINDS`; `data`: what the app would send it, bytes or a list for JSON."""

    kind: str
    data: bytes | list[Any]


@dataclass(frozen=True)
class Slider:
    """A slider below a step's words, whose moves the page's own script follows."""

    name: str
    label: str
    low: float
    high: float
    step: float
    value: float


@dataclass(frozen=True)
class Told:
    """A step of the page. `words`: as in the app, in Markdown with LaTeX.

    `numbers`: those of its words that change, by name, as the words have them. `sliders`: what moves them; the page's
    script computes them. `reported`: the names of those that a component reports, in its order. `question`: what is
    asked before the words are shown; `start`: what is shown meanwhile.
    """

    name: str
    title: str
    words: str
    shown: Sequence[Shown]
    sliders: Sequence[Slider] = ()
    numbers: Mapping[str, str] = field(default_factory=dict)
    reported: Sequence[str] = ()
    question: Question | None = None
    start: Sequence[Shown] = ()


@dataclass(frozen=True)
class Page:
    """A page. `files`: bytes by the name under which components ask for them. `script`: the file in this folder with
    `follow(values, shown)`, for a page with sliders."""

    name: str
    title: str
    question: str
    steps: Sequence[Told]
    files: Mapping[str, bytes] = field(default_factory=dict)
    script: str = ""


Picture = Callable[[str, Values, bool], Sequence[Shown]]


def told(table: StepTable, name: str, picture: Picture, **more: Any) -> Told:
    """A step of a lesson with the words of its own view and, where it asks, its question.

    `picture(name, view, is_open)`: what is shown of a step's view, also while its question is open.
    """
    step, own = table.steps[name], table.view_of(name)
    if table.asks(name, walking=False):
        start = picture(name, table.view_of(name, is_open=True), True)
        more |= {"question": step.ask, "start": start}
    return Told(name, step.title, step.say(own), picture(name, own, False), **more)
