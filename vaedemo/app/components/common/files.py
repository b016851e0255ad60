"""Reads the components' HTML, CSS and JavaScript files and joins them for Streamlit.

This folder holds what several components share: canvas.js, base.css (the page's font), slider.css, buttons.css,
player.css (play button with its icons) and legend.css.

Components send bytes, or a list that contains one dict. In a bare dict Streamlit looks for tables, value by value, and
imports pyarrow for it (30 MB).
"""

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vaedemo.app.components.common.assets import PREFIX, SMALLEST, asset, asset_store

FOLDER = Path(__file__).parents[1]  # of all components


def source(*names: str) -> str:
    """The text of these files, joined; paths are relative to the folder of all components."""
    return "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in names)


def script(*names: str, first: str = "") -> str:
    """A component's script for Streamlit: loader.js, which loads, by their address, `first` and the joined files."""
    text = f"{first}\n{source(*names)}" if first else source(*names)
    return source("common/loader.js").replace("ADDRESS", PREFIX + asset_store.put(asset(text.encode(), "js", SMALLEST)))


@dataclass(frozen=True)
class Sources:
    """What a component is made of: its HTML, and the files of its styles and of its scripts, in the order in which they
    are joined. `first`: JavaScript that stands before the scripts."""

    html: str
    styles: tuple[str, ...]
    scripts: tuple[str, ...]
    first: str = ""

    @property
    def css(self) -> str:
        return source(*self.styles)

    def for_streamlit(self) -> dict[str, str]:
        """The arguments of `st.components.v2.component`."""
        return {"html": self.html, "css": self.css, "js": script(*self.scripts, first=self.first)}


def with_header(header: Mapping[str, Any], *parts: bytes) -> bytes:
    """Pack a message: the header's length (4 bytes, little-endian), the header as JSON, then the parts; canvas.js's
    `opened` unpacks it. Raises ValueError for a number in the header that is not finite."""
    text = json.dumps(header, allow_nan=False).encode()
    return struct.pack("<I", len(text)) + text + b"".join(parts)
