"""The link of this page: links of before had the steps uphill under `step`, which now names a step of the lesson."""

from collections.abc import Container, Mapping
from dataclasses import dataclass

from vaedemo.app.shell.links import Reading
from vaedemo.app.shell.step_links import StepTable
from vaedemo.app.shell.step_view import SteppedLesson


class Table(StepTable):
    """Reads a number under `step` as `uphill`."""

    def read(self, query: Mapping[str, str], answered: Container[str] = ()) -> Reading:
        before = query.get("step", "")
        if before.isascii() and before.isdigit():
            query = {name: text for name, text in query.items() if name != "step"} | {"uphill": before}
        return super().read(query, answered)


@dataclass(frozen=True)
class Lesson(SteppedLesson):
    """A lesson with this page's link."""

    def __post_init__(self):
        object.__setattr__(self, "table", Table(self.steps, (*self.controls,), *self.parameters))
