"""A page of several exhibits: one is shown at a time, and its name is in the link."""

from collections.abc import Callable, Mapping
from typing import Protocol

from vaedemo.app.shell import frame, widgets
from vaedemo.app.shell.links import LinkTable, Parameter
from vaedemo.rules import one_of


class Part(Protocol):
    """A module that holds one exhibit: the `PARAMETERS` of its link, and `draw(view)`, which returns its code."""

    PARAMETERS: tuple[Parameter, ...]
    draw: Callable[[frame.View], str]


Parts = Mapping[str, tuple[str, Part]]  # by the link's word: the title, and the module


def table(parts: Parts, *others: Parameter) -> LinkTable:
    """The link of such a page: which part is shown (the first by default), and the parameters of them all."""
    own = (parameter for _, part in parts.values() for parameter in part.PARAMETERS)
    return LinkTable(Parameter("part", next(iter(parts)), one_of(*parts)), *own, *others)


def draw(view: frame.View, parts: Parts) -> None:
    """The control that chooses a part, and the part chosen."""
    widgets.choose(view, "part", {part: title for part, (title, _) in parts.items()}, "Exhibit")
    view.script = parts[view["part"]][1].draw(view)
