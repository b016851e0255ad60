"""The visitor's own digit: drawn on a page, a part of its link, and x there in place of a digit of the data.

A lesson that offers it has `PARAMETER` among its parameters and `choose` among its controls. While `text_of` a view is
not "", x is the drawing: `drawing.as_set(text)` holds its pixels, and `CODE` is the line of a script that reads them.
"""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from vaedemo.app.components.draw import draw
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.view import View
from vaedemo.datasets import drawing
from vaedemo.rules import accepting

NAME = "drawing"
KEPT = "own_digit.kept"  # this session's last drawing, "" for none: it is offered on every page
OPENED = "own_digit.opened"  # the lesson and the step where an empty field was opened
CODE = 'drawing.as_set("{text}")'  # for str.format
CHARACTERS, SIDE = drawing.CHARACTERS, drawing.SIDE


@accepting(drawing.text_or_empty.accepts)
def rule(name: str, value: Any) -> str:
    """The rule for a drawing in a link; one without ink is none."""
    text = drawing.text_or_empty(name, value)
    return "" if text == drawing.BLANK else text


PARAMETER = Parameter(NAME, "", rule, longest=CHARACTERS)


def text_of(values: Mapping[str, Any] | View) -> str:
    """The drawing that is x in a view; "" if x is a digit of the data."""
    return values[NAME]


def is_offered(view: View) -> bool:
    """Whether the view's lesson offers it."""
    return NAME in view.lesson.table.parameters


def put_away(view: View) -> None:
    """Let x be a digit of the data again. The drawing is kept for the next time."""
    keep(view)
    view[NAME] = ""
    st.session_state[OPENED] = None


def keep(view: View) -> None:
    """Keep a view's drawing for the session."""
    if view[NAME]:
        st.session_state[KEPT] = view[NAME]


def choose(view: View, on_change: Callable[[], None] | None = None) -> None:
    """Draw the switch "Your own digit" and, while it is on, the field to draw in. It sets `drawing`.

    Without any ink the view stays as it is, and the field asks for a digit. `on_change()` is called before the page
    reruns, after each finished stroke and when the switch is turned.
    """
    if not st.session_state.get(KEPT):
        keep(view)  # of a link; where a page comes back with an older drawing, the newest stays the one on offer
    changed = on_change or (lambda: None)
    key = view.key("own_digit")

    def switch() -> None:
        if st.session_state[key]:
            view[NAME] = st.session_state.get(KEPT, "")
            st.session_state[OPENED] = place_of(view)
        else:
            put_away(view)
        changed()

    def drawn(text: str) -> None:
        view[NAME] = st.session_state[KEPT] = rule(NAME, text)
        st.session_state[OPENED] = place_of(view)
        changed()

    st.session_state[key] = is_open(view)
    st.toggle("Your own digit", key=key, on_change=switch)
    if is_open(view):
        draw(view[NAME], key=view.key("draw"), on_drawn=drawn)


def place_of(view: View) -> tuple[str, str]:
    return view.lesson.name, view["step"]


def is_open(view: View) -> bool:
    """Whether the field is shown: with the drawing that is x, or empty where it was opened."""
    empty = not st.session_state.get(KEPT) and st.session_state.get(OPENED) == place_of(view)
    return bool(view[NAME]) or empty
