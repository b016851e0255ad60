"""Navigation: which pages there are. Streamlit runs this script for every visitor, then the page they asked for."""

from pathlib import Path

import streamlit as st

ICON = Path(__file__).parent / "assets" / "icon.png"

st.set_page_config(page_title="vaedemo", page_icon=str(ICON), layout="wide")

PAGES = {
    "The lecture": [
        st.Page("lessons/home.py", title="The whole VAE at a glance", icon=":material/home:", default=True),
    ],
    "The trained VAE": [
        st.Page("lessons/lab.py", title="Training lab", icon=":material/science:"),
        st.Page("lessons/gallery.py", title="Sampling gallery", icon=":material/grid_view:"),
    ],
}

present = st.query_params.get("present") == "1"
st.navigation(PAGES, position="hidden" if present else "sidebar").run()
