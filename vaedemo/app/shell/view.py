"""The state of a lesson's page, as its link stores it."""

from typing import Any, Protocol

import streamlit as st

from vaedemo.app.shell.links import LinkTable, Reading, without_tracking

LINKS = "frame.links"  # the page of this session, and its links: as it was opened, then as written since
REFUSED = "frame.refused"  # what was refused of the link, until a run of the page has shown it completely
SHOWN = "frame.shown"  # the last values of each page in this session, by page name
LATE = 8  # so many links that were written may be on the way to the browser


class Linked(Protocol):
    """What a view needs of its lesson: its name, and the table of its link's parameters."""

    name: str
    table: LinkTable


class View:
    """The state of one page, as its link stores it. Widgets take `key=view.key(name)`; `view[name]` reads a value."""

    def __init__(self, lesson: Linked):
        self.lesson = lesson
        self.refusals: list[str] = []
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
        """The canonical query of the current values."""
        return self.lesson.table.write(self.values())

    def _read(self, query: dict[str, str]) -> Reading:
        return self.lesson.table.read(query)

    def _seed(self, query: dict[str, str]) -> None:
        """Fill the widgets' state: from the link if it is new to this page, else from the session."""
        page, links = st.session_state.get(LINKS, ("", []))
        shown = st.session_state.setdefault(SHOWN, {}).get(self.lesson.name)
        reading = self._read(query)
        if page == self.lesson.name:
            values = {name: st.session_state.get(self.key(name), value) for name, value in shown.items()}
            # After a click the browser may still send a link of before: the clicked value wins. Any other link is where
            # a press leads, also one that came together with a click.
            new = query != links[-1] and (values == shown or query not in links)
        else:
            # Reopened from the menu, whose links carry no values: restore the last values of the page.
            frame = {name: reading.values[name] for name in self.lesson.table.not_kept}
            values = (shown or {}) | frame
            new = shown is None or bool(set(query) - {"present"})
        if new:
            values, st.session_state[REFUSED] = reading.values, reading.refusals
        elif page != self.lesson.name:
            st.session_state[REFUSED] = []
        self.refusals = st.session_state.get(REFUSED, [])
        self._new_link = new
        for name, value in values.items():
            # Streamlit keeps a key that is assigned again, also while no widget on the page owns it.
            self[name] = value
        self._links = [query] if new or page != self.lesson.name else links
        self._remember(values)

    def refuse(self, sentence: str) -> None:
        """Add a sentence to those on what was refused of the link."""
        self.refusals = st.session_state[REFUSED] = [*self.refusals, sentence]

    def keep(self) -> None:
        """Keep every value through a fragment rerun, also those whose widgets are not drawn.

        They are remembered here too: the next press may end this run before the link is written.
        """
        for name in self.lesson.table.parameters:
            self[name] = self[name]
        self._remember(self.values())

    def write_link(self) -> None:
        """Write the canonical link, and remember that this page wrote it."""
        query = self.query()
        if query != self._links[-1]:
            self._links = [*self._links[-LATE:], query]
        self._remember(self.values())
        st.session_state[REFUSED] = []
        # Always write after a new link: a link without parameters leaves those of the previous one in the address bar.
        if self._new_link or st.query_params.to_dict() != query:
            st.query_params.from_dict(query)

    def rerun(self) -> None:
        """Rerun the whole page from a fragment that repeats itself, with the link as it is now.

        The browser may have asked for the repetition with the link of before a press; a whole run would take that for a
        new link, and undo the press.
        """
        self.write_link()
        st.rerun()

    def _remember(self, values: dict[str, Any]) -> None:
        st.session_state[LINKS] = (self.lesson.name, self._links)
        st.session_state[SHOWN][self.lesson.name] = values
