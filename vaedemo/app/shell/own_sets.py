"""The visitor's own data sets in this session: those uploaded here, and those that a link showed.

They are in the menus of this session alone. Which of them were uploaded here is known too: only who has brought data
can clear them.
"""

from typing import Any

import streamlit as st

from vaedemo import datasets
from vaedemo.dataset_names import DATASETS, holds_points, is_own
from vaedemo.rules import ConfigError, accepting

NAMES = "own_sets.names"  # in the session, the newest last
BROUGHT = "own_sets.brought"
MOST = 16
LONGEST = 90  # characters of the name of own data


def remember(name: str, *, brought: bool = False) -> None:
    """Put own data into this session's menus. `brought`: they were uploaded in it. Other names are passed over."""
    if not is_own(name):
        return
    known = [each for each in st.session_state.get(NAMES, []) if each != name]
    st.session_state[NAMES] = [*known, name][-MOST:]
    if brought:
        st.session_state[BROUGHT] = {*st.session_state.get(BROUGHT, ()), name}


def forget(name: str) -> None:
    """Take own data that were cleared out of this session: who brings the same later brings their own."""
    st.session_state[NAMES] = [each for each in st.session_state.get(NAMES, []) if each != name]
    st.session_state[BROUGHT] = {*st.session_state.get(BROUGHT, ())} - {name}


def names() -> list[str]:
    """The own data of this session that are still on the server, the newest first."""
    return [name for name in reversed(st.session_state.get(NAMES, [])) if datasets.at_hand(name)]


def is_here(name: str) -> bool:
    """Whether a name is one of own data that are on the server."""
    return is_own(name) and datasets.at_hand(name)


def is_gone(name: str) -> bool:
    """Whether a name is one of own data that are no longer on the server."""
    return is_own(name) and not datasets.at_hand(name)


def was_brought(name: str) -> bool:
    """Whether these data were uploaded in this session."""
    return name in st.session_state.get(BROUGHT, ())


def options(shown: str) -> list[str]:
    """The names of a menu of data sets: those of the app, those of this session, and the one that is shown."""
    return list(dict.fromkeys([*DATASETS, *names(), shown]))


@accepting("one of " + ", ".join(DATASETS) + ", or data that were uploaded here and are still kept")
def rule(name: str, value: Any) -> str:
    """The rule for a data set in a link."""
    if not isinstance(value, str) or not (value in DATASETS or is_here(value)):
        raise ConfigError(name, value, rule.accepts)
    return value


def title(name: str) -> str:
    """The title of own data in a menu: "Own images: 200, 1a2b3c4d"."""
    what = "points" if holds_points(name) else "images"
    count = f"{sum(datasets.sizes(name)):,}" if datasets.at_hand(name) else "gone"
    return f"Own {what}: {count}, {name.partition(':')[2][:8]}"
