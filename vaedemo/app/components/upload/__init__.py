"""The door for a visitor's own data: files by choice or drop, points drawn on a plane or pasted.

The browser sends them to a route of ours with the session's ticket; the page is told only that something has arrived.
"""

from collections.abc import Callable
from typing import Literal

import streamlit as st

from vaedemo.app.components.common.files import Sources, source

SOURCES = Sources(
    source("upload/upload.html"),
    ("common/base.css", "common/buttons.css", "upload/upload.css"),
    (
        "common/canvas.js",
        "common/axes.js",
        "common/life.js",
        "upload/dropped.js",
        "upload/parcel.js",
        "upload/sprinkle.js",
        "upload/upload.js",
    ),
)
mount = st.components.v2.component("vaedemo_upload", **SOURCES.for_streamlit())


def upload(
    kind: Literal["images", "points"],
    *,
    ticket: str,
    most_bytes: int,
    most_files: int,
    key: str,
    on_arrived: Callable[[], None],
) -> None:
    """Draw the door. `on_arrived()` is called before the page reruns, once the server has read what was sent.

    `ticket`: the session's, without which the server reads nothing. `most_bytes`, `most_files`: of one upload; more is
    refused in the browser, before it is sent.
    """
    data = [{"kind": kind, "ticket": ticket, "most_bytes": most_bytes, "most_files": most_files}]
    mount(key=key, data=data, on_arrived_change=on_arrived)
