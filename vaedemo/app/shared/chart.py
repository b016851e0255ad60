"""A Plotly chart in the app's one style; on the stage its type is large enough for a room."""

import plotly.graph_objects as go
import streamlit as st

from vaedemo.app.shell.lesson import View
from vaedemo.figures import style

TYPE, STAGE_TYPE = 15, 21  # CSS pixels of all text
HEIGHT, STAGE_HEIGHT = 460, 600  # CSS pixels of a chart that is a step's whole picture


def chart(view: View, figure: go.Figure, *, name: str, alt: str) -> None:
    """Draw a figure of `figures` or of a lesson. `name`: of the widget; `alt`: what it shows, for screen readers."""
    set_type(figure, STAGE_TYPE if view["present"] else TYPE)
    st.plotly_chart(figure, config=style.CONFIG, key=view.key(name), alt=alt)


def height(view: View) -> int:
    """The height of a chart that is the whole picture of a step."""
    return STAGE_HEIGHT if view["present"] else HEIGHT


def set_type(figure: go.Figure, pixels: int) -> None:
    """Set all text of a figure in one size."""
    size = {"size": pixels}
    figure.update_layout(font=size, legend_font=size)
    for axes in (figure.update_xaxes, figure.update_yaxes):
        axes(tickfont=size, title_font=size)
    figure.update_annotations(font=size)
    figure.update_traces(textfont=size, selector={"type": "scatter"})
