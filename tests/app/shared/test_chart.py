"""The one helper for Plotly charts: what it sets, and that the lessons draw with it."""

from pathlib import Path

import plotly.graph_objects as go
import pytest

import vaedemo
from tests.browser.stage import SMALLEST
from vaedemo.app.shared import chart
from vaedemo.figures import style

PACKAGE = Path(vaedemo.__file__).parent


def test_the_lessons_draw_charts_with_the_one_helper():
    found = [file for file in PACKAGE.rglob("*.py") if "st.plotly_chart(" in file.read_text(encoding="utf-8")]
    assert [file.relative_to(PACKAGE).as_posix() for file in found] == ["app/shared/chart.py"]


def test_a_saved_chart_is_large_and_named_after_its_page():
    config = chart.config("beta.curve")
    assert config["toImageButtonOptions"] == {"format": "png", "scale": 2, "filename": "vaedemo-beta-curve"}
    assert config["modeBarButtons"] == [["zoomIn2d", "zoomOut2d", "resetScale2d", "toImage"]]
    assert style.CONFIG["toImageButtonOptions"]["filename"] == "vaedemo", "the settings of all charts stay as they are"


@pytest.mark.parametrize("kind", [go.Scatter, go.Bar])
def test_all_text_of_a_figure_has_one_size_and_keeps_its_colour(kind):
    figure = style.new_figure("x", "y", height=300, view="v", legend=True)
    figure.add_trace(kind(x=[0, 1], y=[0, 1], text=["a", "b"]))
    figure.add_annotation(x=0, y=0, text="a", font_color="#c22d28")
    chart.set_type(figure, chart.STAGE_TYPE)
    layout = figure.layout
    fonts = [layout.font, layout.legend.font, layout.hoverlabel.font, layout.annotations[0].font]
    fonts += [font for axis in (layout.xaxis, layout.yaxis) for font in (axis.tickfont, axis.title.font)]
    assert {font.size for font in fonts} == {chart.STAGE_TYPE} and chart.STAGE_TYPE >= SMALLEST
    assert layout.annotations[0].font.color == "#c22d28"
    assert {font.color for font in fonts} == {style.INK, "#c22d28"}
