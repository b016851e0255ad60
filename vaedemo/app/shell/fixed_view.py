"""A view of one step that nothing changes, for pictures of several steps on one page."""

from typing import Any

from vaedemo.app.shell.step_view import SteppedLesson, StepView


class FixedView(StepView):
    """A step as its link opens it for somebody who has answered nothing: at its own view, or where its question starts.

    Unlike the view of a page it is not in the session, and its keys are its own. Setting a value has no effect.
    """

    def __init__(self, lesson: SteppedLesson, step: str):
        table = lesson.table
        defaults = {name: parameter.default for name, parameter in table.parameters.items()}
        own = table.view_of(step, is_open=table.asks(step, walking=False))
        self.lesson = lesson
        self._values = defaults | own | {"step": step}

    def key(self, name: str) -> str:
        return f"{self.lesson.name}.handout.{self['step']}.{name}"

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __setitem__(self, name: str, value: Any) -> None:
        pass

    @property
    def chosen(self) -> None:
        """No question is answered."""
        return None
