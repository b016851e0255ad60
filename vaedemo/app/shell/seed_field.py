"""A number field for a seed, and a button that moves on to the next seed."""

from typing import Literal

import streamlit as st

from vaedemo.app.components.press_button import press_button, uncounted_presses
from vaedemo.app.shell.view import View

SEEDS = 100_000


def following(seed: int, presses: int = 1) -> int:
    return (seed + presses) % SEEDS


def seed_field(
    view: View,
    label: str,
    *,
    width: int,
    kind: Literal["primary", "secondary"] = "secondary",
    help: str | None = None,
) -> None:
    """Draw the field of `view["seed"]` and the button with this label.

    A press arrives together with the field's value in the browser, which after quick presses is an older seed. So the
    next seed follows from the server's latest one, unless another was typed.
    """
    field, button, latest = view.key("seed"), view.key("new"), view.key("seed.latest")
    st.session_state[latest] = st.session_state[field]

    def typed() -> None:
        if not uncounted_presses(button):
            st.session_state[latest] = st.session_state[field]

    def move_on(presses: int) -> None:
        st.session_state[latest] = st.session_state[field] = following(st.session_state[latest], presses)

    st.number_input("Seed", 0, SEEDS - 1, key=field, help=help, on_change=typed, width=width)
    press_button(label, icon=":material/casino:", on_press=move_on, kind=kind, key=button)
