"""What every page does in the browser: it draws a quick answer in one go (`together.js`)."""

import streamlit as st

from vaedemo.app.components.common.files import script

mount = st.components.v2.component(
    "vaedemo_page_script",
    html='<div class="script" hidden></div>',
    js=script("page_script/together.js", "page_script/page_script.js"),
)


def page_script() -> None:
    """Mount it. It shows nothing; a page does so once, in whatever place."""
    mount(key="page script", height="content")
