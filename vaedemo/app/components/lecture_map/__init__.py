"""Cards with links to pages, as one component.

Streamlit's frontend lays out and compares each of a page's elements after every change. Native cards and links would be
forty elements; this is one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from vaedemo.app.components.common.files import script, source

mount = st.components.v2.component(
    "vaedemo_lecture_map",
    html=source("lecture_map/lecture_map.html"),
    css=source("common/base.css", "lecture_map/lecture_map.css"),
    js=script("lecture_map/lecture_map.js"),
)


@dataclass(frozen=True)
class Card:
    """A section of the lecture: its `title`, its `ideas`, and (page, title) of each link."""

    title: str
    ideas: Sequence[str]
    links: Sequence[tuple[str, str]]


def lecture_map(
    cards: Sequence[Card], query: dict[str, str], *, key: str, label: str, on_chosen: Callable[[str], None]
) -> None:
    """Draw the cards. When a link is clicked, `on_chosen(page)` is called before the page reruns.

    `query`: appended to each link. `label`: what the links are, for screen readers.

    Raises:
        ValueError: an empty label, or no cards.
    """
    payload = pack(cards, query, label)
    known = {page for card in cards for page, _ in card.links}

    def receive():
        settled = st.session_state[key].get("chosen")
        if isinstance(settled, str) and settled in known:
            on_chosen(settled)

    mount(key=key, data=[payload], on_chosen_change=receive)


def pack(cards: Sequence[Card], query: dict[str, str], label: str) -> dict[str, Any]:
    """The JSON for the browser."""
    if not label:
        raise ValueError("label must say what the links are; it is read out before them.")
    if not cards:
        raise ValueError("A map needs at least one card.")
    tail = f"?{urlencode(query)}" if query else ""
    return {
        "label": label,
        "cards": [
            {
                "title": card.title,
                "ideas": list(card.ideas),
                "links": [{"page": page, "label": words, "href": f"{page}{tail}"} for page, words in card.links],
            }
            for card in cards
        ],
    }
