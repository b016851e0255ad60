"""The link of a page that is told in steps: it leaves out what equals the step's own view.

`?step=width&sigma=2` is the view of the step "width", but for sigma. A link that has parameters of the view but no
`step` opens Explore with exactly these values. The bare address is the first step. An answer is never in a link: a link
with nothing but its step opens the step's question where it starts from.
"""

from collections.abc import Collection, Container, Mapping
from typing import Any

from vaedemo.app.shell.links import FRAME, LinkTable, Parameter, Reading
from vaedemo.app.shell.steps import EXPLORE, Step, asked_in
from vaedemo.config import write_value
from vaedemo.rules import ConfigError, one_of, whole

EXHIBIT = "exhibit"  # `only=exhibit` shows the exhibit alone, for an <iframe>
HANDOUT = Parameter("handout", 0, whole(0, 1))  # 1: all steps for A4, whatever else the link has


class StepTable(LinkTable):
    """The parameters of a page with steps: its view's, and `step`, `hide`, `only`, `handout` and `FRAME`'s.

    Raises:
        ValueError: two steps with one name, a step that sets or a table that has a parameter it must not.
    """

    not_kept = (*LinkTable.not_kept, HANDOUT.name)

    def __init__(self, steps: tuple[Step, ...], controls: Collection[str], *parameters: Parameter):
        self.steps = {step.name: step for step in steps}
        if len(self.steps) != len(steps) or EXPLORE in self.steps or not steps:
            raise ValueError(f"steps need names of their own, other than {EXPLORE!r}, got {[*map(repr, self.steps)]}.")
        self.first = steps[0]
        self.own = {parameter.name: parameter for parameter in parameters}
        frame = (
            Parameter("step", self.first.name, one_of(*self.steps, EXPLORE)),
            Parameter("hide", "", names_of(controls)),
            Parameter("only", "", one_of("", EXHIBIT)),
            HANDOUT,
        )
        if clash := {parameter.name for parameter in (*frame, *FRAME)} & self.own.keys():
            raise ValueError(f"These parameters belong to the frame: {', '.join(sorted(clash))}.")
        super().__init__(*parameters, *frame)
        for step in steps:
            for view in (step.view, step.ask.start if step.ask else {}):
                if unknown := view.keys() - self.own.keys():
                    raise ValueError(f"Step {step.name!r} sets {', '.join(sorted(unknown))}, which the page has not.")
            if (reveals := step.reveals) and (
                self.view_of(step.name).get(reveals.name) != 1 or (step.ask and step.ask.start)
            ):
                raise ValueError(f"Step {step.name!r} begins with one part, {reveals.name} = 1, also its question.")

    def view_of(self, name: str, *, is_open: bool = False) -> dict[str, Any]:
        """The view of a step or of Explore; `is_open`: as its open question starts."""
        view = {each: parameter.default for each, parameter in self.own.items()}
        step = self.steps.get(name)
        if step is not None:
            view |= step.view
            if is_open and step.ask is not None:
                view |= step.ask.start
        return view

    def asks(self, name: str, walking: bool) -> bool:
        """Whether a step asks a question; Explore does not."""
        return name in self.steps and asked_in(tuple(self.steps.values()), self.steps[name], walking)

    def read(self, query: Mapping[str, str], answered: Container[str] = ()) -> Reading:
        """The values of a link. `answered`: the steps whose questions the visitor has answered."""
        reading = super().read(query)
        values, given = reading.values, reading.given & self.own.keys()
        if values["handout"]:
            defaults = {name: parameter.default for name, parameter in self.parameters.items()}
            return Reading(defaults | self.view_of(self.first.name) | {"handout": 1}, reading.refusals)
        if "step" not in reading.given:
            values["step"] = self.first.name if "step" in query or not given else EXPLORE
            if "step" in query:
                given = frozenset()  # values for a step that is not there
        name = values["step"]
        is_open = not given and name not in answered and self.asks(name, bool(values["walk"]))
        own = self.view_of(name, is_open=is_open) | {each: values[each] for each in given}
        return Reading(values | own, reading.refusals, reading.given)

    def write(self, values: Mapping[str, Any], *, is_open: bool = False) -> dict[str, str]:
        """The canonical query of these values. `is_open`: the step's question is open."""
        name = values["step"]
        view = self.view_of(name)
        changed = {each for each in self.own if values[each] != view[each]}
        if is_open:
            start = self.view_of(name, is_open=True)
            moved = {each for each in self.own if values[each] != start[each]}
            # A link with no value at all opens the question where it starts; one with any opens the step's view.
            changed = (changed or moved) if moved else set()
        shows_step = not changed if name == EXPLORE else name != self.first.name or bool(changed)
        shown = changed | ({"step"} if shows_step else set())
        frame = {each for each in self.parameters.keys() - self.own.keys() - {"step"}}
        shown |= {each for each in frame if values[each] != self.parameters[each].default}
        return {each: write_value(values[each]) for each in self.parameters if each in shown}


def names_of(controls: Collection[str]):
    """A rule for a list of the page's controls, separated by commas; "" for none."""

    def check(name: str, value: Any) -> str:
        names = value.split(",") if isinstance(value, str) and value else []
        if not isinstance(value, str) or any(each not in controls for each in names):
            raise ConfigError(name, value, "controls of this page, separated by commas: " + ", ".join(controls))
        return ",".join(dict.fromkeys(names))

    return check
