"""The menu of pages in the sidebar, drawn at once and marked with where one is.

Streamlit's own menu is laid out anew with every change on a page, link by link: a fifth of the time from a click to
its paint. Links here go the way of the browser's Back button, which Streamlit follows without loading the app again.
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
    js=script("common/copied.js", "contents/contents.js"),
)


def contents(parts: Parts, here: StreamlitPage, *, key: str, label: str) -> None:
    """Draw the pages by their parts; `here` is the one that is open. `label`: what the links are, to be read out.

    Raises:
        ValueError: an empty label.
    """
    mount(key=key, data=[pack(parts, here, label)])


def pack(parts: Parts, here: StreamlitPage, label: str) -> dict[str, Any]:
    """What is sent to the browser, as JSON has it. Links are relative, for an app below another address."""
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
    """The name of a Material symbol, of Streamlit's ":material/name:"."""
    return icon.removeprefix(":material/").removesuffix(":")
