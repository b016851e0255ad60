"""The walk through the lecture: the slides in their order, each with the steps that show it.

A lesson has a stop for each step with a slide, asides have none. `main` hands the steps over, because this floor lies
below the lessons.
"""

from collections.abc import Callable
from typing import NamedTuple

from vaedemo.app.lessons import index
from vaedemo.app.shell.steps import Reveal, Step

StepsOf = Callable[[str], tuple[Step, ...]]  # the steps of a lesson by its name


class Stop(NamedTuple):
    """One stop: its slide, its lesson, its step, whether it asks a question, and its parts that come one by one."""

    slide: int
    lesson: str
    step: str
    asks: bool
    reveals: Reveal | None = None


def stops(steps_of: StepsOf, lessons: tuple[index.Entry, ...] = index.LESSONS) -> tuple[Stop, ...]:
    """All stops in the slides' order; on one slide in the order of the lessons, then of their steps."""
    return tuple(
        stop
        for slide in slides(lessons)
        for lesson in lessons
        for stop in stops_on(slide, lesson, steps_of(lesson.name))
    )


def slides(lessons: tuple[index.Entry, ...] = index.LESSONS) -> list[int]:
    return sorted({slide for lesson in lessons for slide in lesson.slides})


def stops_on(slide: int, lesson: index.Entry, steps: tuple[Step, ...]) -> list[Stop]:
    """The stops of one lesson on one slide."""
    # In the walk a first step asks its question too.
    return [
        Stop(slide, lesson.name, step.name, step.ask is not None, step.reveals)
        for step in steps
        if slide in step.slides
    ]


class Walk:
    """The stops of this app. Empty until `main` has handed the steps over: a page that is run alone has no walk."""

    def __init__(self):
        self._steps_of: StepsOf | None = None
        self._stops: tuple[Stop, ...] | None = None

    def hand_over(self, steps_of: StepsOf) -> None:
        self._steps_of = steps_of

    def steps_of(self, lesson: str) -> tuple[Step, ...]:
        """The steps of a lesson; none where a page is run alone."""
        return self._steps_of(lesson) if self._steps_of else ()

    def stops(self) -> tuple[Stop, ...]:
        """The stops; made once, when a walk begins, because that imports the steps of all lessons."""
        if self._stops is None and self._steps_of is not None:
            self._stops = stops(self._steps_of)
        return self._stops or ()


walk = Walk()
