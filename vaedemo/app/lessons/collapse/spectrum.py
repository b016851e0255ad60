"""Exhibit: the variances of the data along their principal axes and the line βσ²: which axes a linear VAE keeps."""

from string import Template

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from torch import Tensor

from vaedemo.app import catalogue
from vaedemo.app.shared.chart import chart, height
from vaedemo.app.shell import sliders
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import Values
from vaedemo.figures import palette, style
from vaedemo.models import pca
from vaedemo.probability.covariance import axes_kept
from vaedemo.training import collapse

STEPS = sliders.decades(0.01, 20)
PARAMETERS = (Parameter("variance", 1.0, sliders.listed(STEPS)),)
SCRIPT = Template("""\
import vaedemo as vd
from vaedemo.models import pca
from vaedemo.probability.covariance import axes_kept

images, _ = vd.datasets.first_view("fashion")
eigenvalues = pca.fit(images.as_data().flatten(1).double(), $axes).variances
print(f"Axes that live: {int(axes_kept(eigenvalues, 1.0, $variance).sum())} of $axes")
print(f"Largest variance λ: {eigenvalues[0]:.2f}")
""")


@st.cache_resource(max_entries=1, show_spinner=False)
def eigenvalues() -> Tensor:
    """The variances of the available Fashion-MNIST images along their first principal axes, largest first."""
    x = catalogue.images("fashion")[0].as_data().flatten(1).double()
    return pca.fit(x, collapse.AXES).variances


def alive(values: Values) -> int:
    """The number of axes that a linear VAE keeps at β = 1 and a view's σ²."""
    return int(axes_kept(eigenvalues(), 1.0, values["variance"]).sum())


def picture(view: StepView) -> None:
    figure = spectrum(view["variance"], tall=height(view), before=view.before and view.before["variance"])
    label = f"{alive(view.own)} of {collapse.AXES} variances lie above the line σ² = {view['variance']:g}"
    chart(view, figure, name="spectrum", alt=label)


def spectrum(variance: float, *, tall: int, before: float | None = None) -> go.Figure:
    """The variances as bars and the line σ², at β = 1; `before`: another σ², as a thin line."""
    values = eigenvalues().numpy()
    lives = axes_kept(eigenvalues(), 1.0, variance).numpy()
    figure = style.new_figure(
        "principal axis j", "variance λ along the axis", height=tall, view="spectrum", legend=False
    )
    count = len(values)
    for kept, colour, symbol in (lives, palette.RECONSTRUCTION, "circle"), (~lives, palette.NEUTRAL, "circle-open"):
        figure.add_trace(
            go.Scatter(
                x=np.arange(1, count + 1)[kept],
                y=values[kept],
                mode="markers",
                marker={"color": colour, "size": 11, "symbol": symbol},
                hovertemplate="axis %{x}: λ = %{y:.3f}<extra></extra>",
            )
        )
    for at, dash, width, text in (variance, "solid", 3.5, f"σ² = {variance:g}"), (before, "dot", 2, "σ² before"):
        if at is None:
            continue
        line = {"color": palette.KL, "width": width, "dash": dash}
        figure.add_trace(
            go.Scatter(x=[0, count + 1], y=[at, at], mode="lines", line=line, hoverinfo="skip"),
        )
        is_free = values[-1] < at  # no dot stands above the line's end
        words(figure, count + 1, at, text, palette.KL, xanchor="right", yanchor="bottom" if is_free else "top")
    found = int(lives.sum())
    last = max(found, 1)
    at = {"xanchor": "left" if last < count / 2 else "right", "yanchor": "bottom", "xshift": 10, "yshift": 26}
    words(figure, last, values[last - 1], f"{found or 'none'} above the line", palette.RECONSTRUCTION, **at)
    figure.update_xaxes(range=[0, count + 1], tickvals=[1, *range(10, count + 1, 10)], showgrid=False)
    ticks = [0.01, 0.1, 1, 10]
    figure.update_yaxes(type="log", range=[-2.15, 1.5], tickvals=ticks, ticktext=[f"{each:g}" for each in ticks])
    return figure


def words(figure: go.Figure, x: float, y: float, text: str, colour: str, **look) -> None:
    """Bold text at a place of the picture, whose vertical axis is logarithmic."""
    figure.add_annotation(x=x, y=float(np.log10(y)), text=f"<b>{text}</b>", font_color=colour, showarrow=False, **look)


def work(view: StepView) -> tuple[dict[str, str], str]:
    found = eigenvalues()
    figures = {
        "Axes that live": f"{alive(view.own)} of {collapse.AXES}",
        "Largest variance λ": f"{found[0]:.2f}",
    }
    return figures, SCRIPT.substitute(axes=collapse.AXES, variance=view["variance"])


def choose(view: StepView) -> None:
    sliders.slider(view, "variance", "Noise variance σ² of p(x|z), at β = 1", STEPS)
