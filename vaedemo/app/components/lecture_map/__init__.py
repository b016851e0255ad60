"""Cards with links to pages, as one component.

Streamlit's frontend lays out and compares each of a page's elements after every change. Native cards and links would be
forty elements; this is one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from vaedemo.app.components.common.files import script, source

mount = st.components.v2.component(
    "vaedemo_lecture_map",
    html=source("lecture_map/lecture_map.html"),
    css=source("common/base.css", "lecture_map/lecture_map.css"),
    js=script("common/visit.js", "lecture_map/lecture_map.js"),
)


@dataclass(frozen=True)
class Card:
    """A section of the lecture: its `title`, and (page, title) of each link."""

    title: str
    links: Sequence[tuple[str, str]]


def lecture_map(cards: Sequence[Card], *, key: str, label: str) -> None:
    """Draw the cards. `label`: what the links are, for screen readers.

    Raises:
        ValueError: an empty label, or no cards.
    """
    mount(key=key, data=[pack(cards, label)])


def pack(cards: Sequence[Card], label: str) -> dict[str, Any]:
    """The JSON for the browser."""
    if not label:
        raise ValueError("label must say what the links are; it is read out before them.")
    if not cards:
        raise ValueError("A map needs at least one card.")
    return {
        "label": label,
        "cards": [
            {
                "title": card.title,
                "links": [{"label": words, "href": page} for page, words in card.links],
            }
            for card in cards
        ],
    }
