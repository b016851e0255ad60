"""A button of which every press counts.

Streamlit's own button is a trigger: reruns that wait are put together, and its presses with them, as one. This one
counts in the browser and tells the total, of which the last one counts.
"""

import secrets
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import streamlit as st

from vaedemo.app.components.common.files import script, source
from vaedemo.app.components.contents import symbol

MOST = 10**9  # presses of one button in one session
HEARD = ".heard"  # after a button's key: where the session keeps what was heard of it
KINDS = ("primary", "secondary")

mount = st.components.v2.component(
    "vaedemo_press_button",
    html=source("press_button/press_button.html"),
    css=source("common/base.css", "common/buttons.css", "press_button/press_button.css"),
    js=script("press_button/press_button.js"),
)


class Heard(NamedTuple):
    """The presses of a button that have counted, and a word for this session that the browser gives back."""

    session: str
    presses: int


def press_button(
    label: str,
    *,
    key: str,
    on_press: Callable[[int], None],
    icon: str | None = None,
    kind: Literal["primary", "secondary"] = "secondary",
    width: Literal["content", "stretch"] = "content",
    help: str | None = None,
) -> None:
    """Draw a button that looks as `st.button` does.

    Args:
        label: the words on it.
        key: unique on the page.
        on_press: called before the page reruns, with the number of new presses, at least 1.
        icon: a Material symbol, ":material/name:".
        kind: "primary" is in the theme's colour.
        width: "stretch" is as wide as the column.
        help: shown where a mouse rests on it.

    Raises:
        ValueError: an empty label, or another kind.
    """
    place = key + HEARD
    heard = st.session_state.setdefault(place, Heard(secrets.token_hex(8), 0))

    def hear() -> None:
        count = waiting(key)
        if count:
            before = st.session_state[place]
            st.session_state[place] = before._replace(presses=before.presses + count)
            on_press(count)

    mount(key=key, data=[pack(label, icon, kind, help, heard)], width=width, on_presses_change=hear)


def pack(label: str, icon: str | None, kind: str, help: str | None, heard: Heard) -> dict[str, Any]:
    """What is sent to the browser, as JSON has it."""
    if not label:
        raise ValueError("label must say what the button does, got an empty text.")
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {kind!r}.")
    return {"label": label, "icon": symbol(icon or ""), "kind": kind, "help": help or "", **heard._asdict()}


def waiting(key: str) -> int:
    """How many presses of this button have come with the present run and have not been told to its page yet."""
    heard = st.session_state.get(key + HEARD)
    if heard is None:
        return 0  # a run that was stopped early has not drawn the button yet
    return new_presses(st.session_state.get(key, {}).get("presses"), heard)


def new_presses(told: Any, heard: Heard) -> int:
    """How many presses are new in what a browser told: [the session's word, all presses so far].

    0 for anything else: a number that is not whole, not from 1 to 10^9 or not above what was heard before, or one of
    another session, whose presses have counted there.
    """
    match told:
        case [heard.session, int(presses)] if not isinstance(presses, bool) and heard.presses < presses <= MOST:
            return presses - heard.presses
    return 0
