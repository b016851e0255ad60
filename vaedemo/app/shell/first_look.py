"""A visitor's browser draws the title and the menu first, while the server rests, and then gets the rest of the page.

Streamlit's part in the browser draws in one go whatever has come together, so a page that comes at once shows nothing
until all of it is laid out. Measured twice in Chromium on two cores, medians of 16 visits to the first page: the title
came 183 and 166 ms sooner, the whole page 71 ms sooner and 61 ms later. It is time that is waited for, and no event: a
browser does not tell what it has drawn.
"""

import time

import streamlit as st

from vaedemo.app.shell.flushing import FEW, visitors
from vaedemo.app.shell.turns import drawing

SECONDS = 0.06
TAKEN = "first look"  # in the session's state


def rest() -> None:
    """Rest once in a session, and let others draw meanwhile. A class that opens its link at once does not rest."""
    if st.session_state.get(TAKEN):
        return
    st.session_state[TAKEN] = True
    if 0 < visitors.count <= FEW:
        with drawing.aside():
            time.sleep(SECONDS)
