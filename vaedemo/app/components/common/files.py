"""The components' html, css and js: small files in each component's folder, put together as Streamlit takes them.

What several components draw or look like stands once, in this folder: canvas.js, and base.css (the page's type),
slider.css, buttons.css, player.css (play, with its icons) and legend.css.

What is sent is bytes, or a list with the one dict in it: in a bare dict Streamlit looks for tables, value by value,
and imports pyarrow for it (30 MB).
"""

import json
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vaedemo.app.components.common.addresses import PREFIX, SMALLEST, parcel, shelf

FOLDER = Path(__file__).parents[1]  # of all components
# A component's script is fetched by its address, and evaluated once however many components of a page use it. The
# app's root is where Streamlit's own script comes from: an app may be served below another address.
LOADER = """\
const root = document.querySelector("script[src*='static/js/']").src.split("static/js/")[0];
const { default: draw } = await import(`${root}ADDRESS`);
export default draw;
"""


def source(*names: str) -> str:
    """The text of these files, one after the other; their paths from the folder of all components."""
    return "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in names)


def script(*names: str, first: str = "") -> str:
    """What Streamlit gets as a component's script: a few lines that load, by address, `first` and then these files."""
    text = f"{first}\n{source(*names)}" if first else source(*names)
    return LOADER.replace("ADDRESS", PREFIX + shelf.offer(parcel(text.encode(), "js", SMALLEST)))


def with_header(header: Mapping[str, Any], *parts: bytes) -> bytes:
    """One message of both: a little-endian length (4 bytes), that many bytes of JSON, then the parts; canvas.js's
    `opened` takes it apart. Raises ValueError for a number in the header that is not finite."""
    text = json.dumps(header, allow_nan=False).encode()
    return struct.pack("<I", len(text)) + text + b"".join(parts)
