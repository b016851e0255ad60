"""A Plotly chart in the app's one style: its type is large enough for a room on the stage, and it can be saved."""

import re

import plotly.graph_objects as go
import streamlit as st

from vaedemo.app.shell.view import View
from vaedemo.figures import style

TYPE, STAGE_TYPE = 15, 21  # CSS pixels of all text
HEIGHT, STAGE_HEIGHT = 460, 600  # CSS pixels of a chart that is a step's whole picture


def chart(view: View, figure: go.Figure, *, name: str, alt: str) -> None:
    """Draw a figure of `figures` or of a lesson.

    Args:
        name: of the widget, and of the file in which a visitor saves the picture.
        alt: what it shows, for screen readers.
    """
    plot(figure, key=view.key(name), alt=alt, pixels=type_size(view))


def plot(figure: go.Figure, *, key: str, alt: str, pixels: int = TYPE) -> None:
    """`chart` for a picture that belongs to no view. `pixels`: the size of all text."""
    set_type(figure, pixels)
    st.plotly_chart(figure, config=config(key), key=key, alt=alt)


def type_size(view: View) -> int:
    """The size of all text of a chart, in CSS pixels."""
    return STAGE_TYPE if view["present"] else TYPE


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
