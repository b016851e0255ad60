"""The menu of pages in the sidebar, as one component; it marks the current page.

Streamlit's own menu lays out each link again after every change on a page: a fifth of the time from a click to its
paint. A link here changes the browser's history, as the Back button does; Streamlit follows it without reloading the
app.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from vaedemo.app.components.common.files import script, source

Parts = Mapping[str, Sequence[StreamlitPage]]

mount = st.components.v2.component(
    "vaedemo_contents",
    html=source("contents/contents.html"),
    css=source("common/base.css", "common/buttons.css", "contents/contents.css"),
    js=script("common/copied.js", "common/visit.js", "contents/contents.js"),
)


def contents(parts: Parts, here: StreamlitPage, *, key: str, label: str) -> None:
    """Draw the menu by section; `here` is the current page. `label`: the name of the menu for screen readers.

    Raises:
        ValueError: an empty label.
    """
    mount(key=key, data=[pack(parts, here, label)])


def pack(parts: Parts, here: StreamlitPage, label: str) -> dict[str, Any]:
    """The JSON for the browser. Links are relative, because an app may be served below another path."""
    if not label:
        raise ValueError("label must say what the links are; it is read out before them.")
    return {
        "label": label,
        "here": address(here),
        "parts": [
            {
                "title": title,
                "links": [{"href": address(page), "label": page.title, "icon": symbol(page.icon)} for page in pages],
            }
            for title, pages in parts.items()
        ],
    }


def address(page: StreamlitPage) -> str:
    return page.url_path or "./"


def symbol(icon: str) -> str:
    """The name of a Material symbol in Streamlit's notation ":material/name:"."""
    return icon.removeprefix(":material/").removesuffix(":")
