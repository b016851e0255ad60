"""Navigation between the pages. Streamlit runs this script on every rerun; it then runs the requested page."""

import importlib
from base64 import b64encode
from pathlib import Path

import streamlit as st

from vaedemo.app.components.contents import contents
from vaedemo.app.lessons import index
from vaedemo.app.shell.fair_semaphore import script_runs
from vaedemo.app.shell.walk import walk

# Within its own address: a file of Streamlit's media is forgotten when its session goes to another page, and a browser
# that asks for the icon just then is answered 404.
ICON = "data:image/png;base64," + b64encode((Path(__file__).parent / "shell" / "icon.png").read_bytes()).decode()

# before st.navigation, whose default icons come from the internet
st.set_page_config(page_icon=ICON, layout="wide")

KEPT = "main.pages"


def pages():
    """The pages by section. A session keeps them: to make them takes a fifth of a page's run."""
    if KEPT not in st.session_state:
        st.session_state[KEPT] = {
            section: [
                st.Page(each.script, title=each.title, icon=f":material/{each.icon}:", default=each is index.HOME)
                for each in index.LESSONS
                if each.section == section
            ]
            for section in index.SECTIONS
        }
    return st.session_state[KEPT]


def steps_of(lesson: str):
    """The steps of a lesson, from its module `steps`."""
    return importlib.import_module(f"vaedemo.app.lessons.{lesson}.steps").STEPS


def has_menu() -> bool:
    """Whether the view of this link has the menu: not for a projector, alone in another page's frame, or on paper."""
    query = st.query_params
    return not (query.get("present") == "1" or query.get("only") == "exhibit" or query.get("handout") == "1")


walk.hand_over(steps_of)
with script_runs.acquired():
    here = st.navigation(pages(), position="hidden")
    st.set_page_config(page_title=f"{here.title} · vaedemo")
    if has_menu():
        with st.sidebar:
            contents(pages(), here, key="main.contents", label="The pages of the lecture")
    here.run()
