"""Navigation: which pages there are. Streamlit runs this script for every visitor, then the page they asked for."""

from pathlib import Path

import streamlit as st

from vaedemo.app.components.contents import contents
from vaedemo.app.lessons import index
from vaedemo.app.shell.turns import drawing

ICON = Path(__file__).parent / "assets" / "icon.png"

st.set_page_config(page_icon=str(ICON), layout="wide")  # before the navigation, which has icons from the internet

PAGES = {
    section: [
        st.Page(each.script, title=each.title, icon=f":material/{each.icon}:", default=each is index.HOME)
        for each in index.LESSONS
        if each.section == section
    ]
    for section in index.SECTIONS
}

with drawing.turn():
    here = st.navigation(PAGES, position="hidden")
    st.set_page_config(page_title=f"{here.title} · vaedemo")
    if st.query_params.get("present") != "1":
        with st.sidebar:
            contents(PAGES, here, key="main.contents", label="The pages of the lecture")
    here.run()
