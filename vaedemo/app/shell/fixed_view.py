"""A view of one step that nothing changes, for pictures of several steps on one page."""

from typing import Any

from vaedemo.app.shell.step_view import SHOWN, SteppedLesson, StepView


class FixedView(StepView):
    """A step as its link opens it for somebody who has answered nothing: at its own view, or where its question starts.

    Of parts that come one by one it has all up to the one that asks, else all. Unlike the view of a page it is not in
    the session, and its keys are its own. Setting a value has no effect.

    Args:
        whole: all parts are shown, and the question is answered.
    """

    def __init__(self, lesson: SteppedLesson, step: str, *, whole: bool = False):
        table, reveals = lesson.table, lesson.table.steps[step].reveals
        defaults = {name: parameter.default for name, parameter in table.parameters.items()}
        asks = not whole and table.asks(step, walking=False)
        own = table.view_of(step, is_open=asks)
        if reveals:
            own[reveals.name] = reveals.asks_at if asks else reveals.last
        self.lesson, self.whole = lesson, whole
        self._values = defaults | own | {"step": step}

    def key(self, name: str) -> str:
        part = "whole" if self.whole else "handout"
        return f"{self.lesson.name}.{part}.{self['step']}.{name}"

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __setitem__(self, name: str, value: Any) -> None:
        pass

    @property
    def chosen(self) -> int | None:
        """No question is answered, but for a view that is whole."""
        return SHOWN if self.whole else None
