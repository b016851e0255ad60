"""A page with several exhibits. One is shown at a time; the link stores its name."""

from collections.abc import Callable, Mapping
from typing import Protocol

from vaedemo.app.shell import frame, widgets
from vaedemo.app.shell.links import LinkTable, Parameter
from vaedemo.rules import one_of


class Part(Protocol):
    """A module with one exhibit: its link's `PARAMETERS`, and `draw(view)`, which returns the code of the view."""

    PARAMETERS: tuple[Parameter, ...]
    draw: Callable[[frame.View], str]


Parts = Mapping[str, tuple[str, Part]]  # by name in the link: title and module


def table(parts: Parts, *others: Parameter) -> LinkTable:
    """The link table of such a page: the part shown (default: the first), and the parameters of all parts."""
    own = (parameter for _, part in parts.values() for parameter in part.PARAMETERS)
    return LinkTable(Parameter("part", next(iter(parts)), one_of(*parts)), *own, *others)


def draw(view: frame.View, parts: Parts) -> None:
    """Draw the control that chooses a part, then the chosen part."""
    widgets.choose(view, "part", {part: title for part, (title, _) in parts.items()}, "Exhibit")
    view.script = parts[view["part"]][1].draw(view)
