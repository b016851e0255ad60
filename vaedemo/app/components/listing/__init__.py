"""A script as plain text, with a button that copies it.

`st.code` loads its syntax highlighter on every first visit, also for plain text: 1.5 MB, which the browser takes up to
half a second to start.
"""

from typing import Any

import streamlit as st

from vaedemo.app.components.common.files import script, source

mount = st.components.v2.component(
    "vaedemo_listing",
    html=source("listing/listing.html"),
    css=source("common/base.css", "common/buttons.css", "listing/listing.css"),
    js=script("common/copied.js", "listing/listing.js"),
)


def listing(text: str, *, key: str, label: str) -> None:
    """Show a script with a button that copies it; `label` says what it is, for screen readers."""
    mount(key=key, data=[pack(text, label)])


def pack(text: str, label: str) -> dict[str, Any]:
    """The JSON for the browser. Raises ValueError for an empty label."""
    if not label:
        raise ValueError("label must say what the script is; it is read out with it.")
    return {"text": text, "label": label}
