"""Exhibit: rectangles whose width and height are correlated, and the axes of a linear VAE that has learned them."""

from string import Template

import streamlit as st
import torch
from torch import Tensor

from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.axes import size_sketches
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import Values
from vaedemo.probability import ppca
from vaedemo.rules import real

MEAN, DEVIATION, NOISE = 14.0, 4.0, 0.25  # of width and of height, pixels; the noise is the decoder's σ²
COUNT, SEED, ROWS = 200, 0, 5  # rectangles drawn as data; images along each axis
LIMIT = 2.0
MOST = 0.9
PARAMETERS = (Parameter("correlation", 0.6, real(0.0, MOST)),)
SCRIPT = Template("""\
import torch
from vaedemo.probability import ppca

covariance = $variance * torch.tensor([[1, $correlation], [$correlation, 1]]).double()
eigenvalues, vectors = torch.linalg.eigh(covariance)
weights = ppca.optimal_weights(vectors.T.flip(0), eigenvalues.flip(0), $noise)
weights = weights * weights[0].sign()
for axis in (0, 1):
    width, height = weights[:, axis].tolist()
    print(f"z{axis + 1}, change of the width: {width:+.2f} pixels")
    print(f"z{axis + 1}, change of the height: {height:+.2f} pixels")
print(f"What a diagonal q loses: {ppca.gap(weights, $noise).item():.3f} nats")
""")


def covariance(values: Values) -> Tensor:
    """Of width and height, (2, 2), square pixels."""
    r = values["correlation"]
    return DEVIATION**2 * torch.tensor([[1, r], [r, 1]]).double()


def weights(values: Values) -> Tensor:
    """How width and height (the rows) change with z₁ and z₂ (the columns) in the best linear VAE: (2, 2), pixels."""
    eigenvalues, vectors = torch.linalg.eigh(covariance(values))
    found = ppca.optimal_weights(vectors.T.flip(0), eigenvalues.flip(0), NOISE)
    return found * found[0].sign()


def data(values: Values) -> Tensor:
    """Widths and heights of some rectangles, (N, 2), pixels."""
    noise = torch.randn(COUNT, 2, generator=torch.Generator().manual_seed(SEED)).double()
    return MEAN + noise @ torch.linalg.cholesky(covariance(values)).T


def decoded(values: Values, axis: int) -> Tensor:
    """Widths and heights along one axis, the other at 0: (ROWS, 2), pixels."""
    return MEAN + torch.linspace(-LIMIT, LIMIT, ROWS).double()[:, None] * weights(values)[:, axis]


def picture(view: StepView) -> None:
    """The plane of width and height, and rectangles: before the answer data, then those along each axis."""
    left, right = st.columns(2, gap="small")
    points = data(view).numpy()
    with left:
        drawn = size_sketches.plane(points, None if view.is_open else weights(view).numpy(), MEAN)
        words = "" if view.is_open else ", and the two axes of the linear VAE"
        sketch(drawn, key=view.key("sizes"), label=f"Widths and heights of rectangles{words}", height=420)
    with right:
        if view.is_open:
            drawn, label = size_sketches.some(points[: 3 * ROWS], ROWS), "Some of the rectangles"
        else:
            drawn = size_sketches.rows([decoded(view, axis).numpy() for axis in (0, 1)], LIMIT)
            label = "Rectangles along z₁, from small to large, and along z₂, from high to wide"
        sketch(drawn, key=view.key("rectangles"), label=label, height=420)


def work(view: StepView) -> tuple[dict[str, str], str]:
    found = weights(view)
    figures = {
        f"z{axis + 1}, change of the {side}": f"{found[row, axis].item():+.2f} pixels"
        for axis in (0, 1)
        for row, side in enumerate(("width", "height"))
    }
    figures["What a diagonal q loses"] = f"{ppca.gap(found, NOISE).item():.3f} nats"
    script = SCRIPT.substitute(variance=DEVIATION**2, correlation=view["correlation"], noise=NOISE)
    return figures, script


def slider(view: StepView) -> None:
    st.slider("Correlation r of width and height", 0.0, MOST, step=0.1, key=view.key("correlation"))


CONTROLS = {"correlation": slider}
OF_PART = ("correlation",)
