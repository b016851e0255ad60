"""A Plotly chart in the app's one style: its type is large enough for a room on the stage, and it can be saved."""

import re

import plotly.graph_objects as go
import streamlit as st

from vaedemo.app.shell.lesson import View
from vaedemo.figures import style

TYPE, STAGE_TYPE = 15, 21  # CSS pixels of all text
HEIGHT, STAGE_HEIGHT = 460, 600  # CSS pixels of a chart that is a step's whole picture


def chart(view: View, figure: go.Figure, *, name: str, alt: str) -> None:
    """Draw a figure of `figures` or of a lesson.

    Args:
        name: of the widget, and of the file in which a visitor saves the picture.
        alt: what it shows, for screen readers.
    """
    set_type(figure, STAGE_TYPE if view["present"] else TYPE)
    key = view.key(name)
    st.plotly_chart(figure, config=config(key), key=key, alt=alt)


def config(key: str) -> dict:
    """The settings of all charts; the file of a saved one is called after its key: vaedemo-beta-curve.png."""
    filename = "-".join(("vaedemo", *re.findall(r"\w+", key)))
    return style.CONFIG | {"toImageButtonOptions": style.CONFIG["toImageButtonOptions"] | {"filename": filename}}


def height(view: View) -> int:
    """The height of a chart that is the whole picture of a step."""
    return STAGE_HEIGHT if view["present"] else HEIGHT


def set_type(figure: go.Figure, pixels: int) -> None:
    """Set all text of a figure in one size."""
    size = {"size": pixels}
    figure.update_layout(font=size, legend_font=size, hoverlabel_font=size)
    for axes in (figure.update_xaxes, figure.update_yaxes):
        axes(tickfont=size, title_font=size)
    figure.update_annotations(font=size)
    figure.update_traces(textfont=size, selector={"type": "scatter"})
