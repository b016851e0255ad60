"""What a lesson is, and the state of its page: what the link has it show."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from vaedemo.app.lessons import index
from vaedemo.app.shell.links import PRESENT, LinkTable, without_tracking

LINK = "frame.link"  # which page this session is on, and the link it was given or has written there
REFUSED = "frame.refused"  # what was refused of the link, until a run of the page has said it to the end
SHOWN = "frame.shown"  # what each page showed last in this session, by its name


@dataclass(frozen=True)
class Lesson:
    """What a page is about. `explained` are functions or classes whose docstrings are the page's mathematics."""

    name: str
    question: str
    look_for: Sequence[str]
    explained: Sequence[Any]
    references: Sequence[str]
    table: LinkTable = field(default_factory=LinkTable)

    @property
    def title(self) -> str:
        return index.BY_NAME[self.name].title


@dataclass(frozen=True)
class Prediction:
    """A question whose outcome can be guessed before it is seen; `right` is one of the options."""

    question: str
    options: Sequence[str]
    right: str
    because: str


class View:
    """The state of one page as its link has it. Give widgets `key=view.key(name)`; read values by `view[name]`.

    While it draws its exhibit the page hangs in what follows: `prediction`, `script` (the code of this view) and
    `closing`, a function that draws what comes last.
    """

    def __init__(self, lesson: Lesson):
        self.lesson = lesson
        self.refusals: list[str] = []
        self.prediction: Prediction | None = None
        self.script = ""
        self.closing: Callable[[], None] | None = None
        self.code_place: DeltaGenerator | None = None
        self.draws_alone = False  # whether the exhibit is a fragment, which brings the code with it
        self._seed(without_tracking(st.query_params.to_dict()))

    def key(self, name: str) -> str:
        return f"{self.lesson.name}.{name}"

    def __getitem__(self, name: str) -> Any:
        return st.session_state[self.key(name)]

    def __setitem__(self, name: str, value: Any) -> None:
        st.session_state[self.key(name)] = value

    def values(self) -> dict[str, Any]:
        return {name: self[name] for name in self.lesson.table.parameters}

    def query(self) -> dict[str, str]:
        """The canonical query of what the page shows now."""
        return self.lesson.table.write(self.values())

    def _seed(self, query: dict[str, str]) -> None:
        """Fill the widgets' state: from the link where it is new to this page, else from what the session has."""
        page, link = st.session_state.get(LINK, ("", {}))
        shown = st.session_state.setdefault(SHOWN, {}).get(self.lesson.name)
        reading = self.lesson.table.read(query)
        if page == self.lesson.name:
            values = {name: st.session_state.get(self.key(name), value) for name, value in shown.items()}
            # After a click the browser may still tell the link of before: what was clicked counts.
            new = values == shown and query != link
        else:
            # Come back by the menu, whose links say nothing: the page is found as it was left.
            values = (shown or {}) | {PRESENT.name: reading.values[PRESENT.name]}
            new = shown is None or bool(set(query) - {PRESENT.name})
        if new:
            values, st.session_state[REFUSED] = reading.values, reading.refusals
        elif page != self.lesson.name:
            st.session_state[REFUSED] = []
        self.refusals = st.session_state.get(REFUSED, [])
        self._new_link = new
        for name, value in values.items():
            # Naming a key again keeps it alive while the widget that owns it is not on the page.
            self[name] = value
        self._remember(values, query)

    def keep(self) -> None:
        """Keep every value alive through a rerun of the exhibit alone, also those whose widgets are not shown."""
        for name in self.lesson.table.parameters:
            self[name] = self[name]

    def write_link(self) -> None:
        """Write the canonical link, and remember it as ours."""
        query = self.query()
        self._remember(self.values(), query)
        st.session_state[REFUSED] = []
        # A new link is always written: one without parameters leaves those of before in the address bar.
        if self._new_link or st.query_params.to_dict() != query:
            st.query_params.from_dict(query)

    def _remember(self, values: dict[str, Any], link: dict[str, str]) -> None:
        st.session_state[LINK] = (self.lesson.name, link)
        st.session_state[SHOWN][self.lesson.name] = values
