"""A button that counts every press.

Streamlit's own button is a trigger: several presses during one run are merged into one rerun and count once. This one
counts in the browser and sends the total, so that the last message is enough.
"""

import secrets
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import streamlit as st

from vaedemo.app.components.common.files import script, source
from vaedemo.app.components.contents import symbol

MOST = 10**9  # presses of one button in one session
COUNT_SUFFIX = ".count"  # suffix of a button's key: where the session stores its count
KINDS = ("primary", "secondary")

mount = st.components.v2.component(
    "vaedemo_press_button",
    html=source("press_button/press_button.html"),
    css=source("common/base.css", "common/buttons.css", "press_button/press_button.css"),
    js=script("press_button/press_button.js"),
)


class PressCount(NamedTuple):
    """The presses of a button that were counted, and a random token of the session, which the browser sends back."""

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
    """Draw a button that looks like `st.button`.

    Args:
        label: its text.
        key: unique on the page.
        on_press: called before the page reruns, with the number of new presses, at least 1.
        icon: a Material symbol, ":material/name:".
        kind: "primary" has the theme's colour.
        width: "stretch" fills the column.
        help: its tooltip.

    Raises:
        ValueError: an empty label, or another kind.
    """
    place = key + COUNT_SUFFIX
    counted = st.session_state.setdefault(place, PressCount(secrets.token_hex(8), 0))

    def receive() -> None:
        count = uncounted_presses(key)
        if count:
            before = st.session_state[place]
            st.session_state[place] = before._replace(presses=before.presses + count)
            on_press(count)

    mount(key=key, data=[pack(label, icon, kind, help, counted)], width=width, on_presses_change=receive)


def pack(label: str, icon: str | None, kind: str, help: str | None, counted: PressCount) -> dict[str, Any]:
    """The JSON for the browser."""
    if not label:
        raise ValueError("label must say what the button does, got an empty text.")
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {kind!r}.")
    return {"label": label, "icon": symbol(icon or ""), "kind": kind, "help": help or "", **counted._asdict()}


def uncounted_presses(key: str) -> int:
    """The number of presses that came with the present rerun and were not counted yet."""
    counted = st.session_state.get(key + COUNT_SUFFIX)
    if counted is None:
        return 0  # an earlier run was stopped before it drew the button
    return new_presses(st.session_state.get(key, {}).get("presses"), counted)


def new_presses(message: Any, counted: PressCount) -> int:
    """The number of new presses in the browser's message: [the session's token, all presses so far].

    0 if malformed: a number that is not whole, not from 1 to 10^9 or not above the counted one. 0 also for another
    session's token, because that session has counted those presses.
    """
    match message:
        case [counted.session, int(presses)] if not isinstance(presses, bool) and counted.presses < presses <= MOST:
            return presses - counted.presses
    return 0
