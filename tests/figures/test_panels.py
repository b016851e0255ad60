"""Panels in one figure, and the plots of the loss pages that stand in them."""

import numpy as np
import pytest

from vaedemo.figures import knob, loss_scale, palette, panels
from vaedemo.figures.pixel_losses import LOSS_RANGE, PixelPanel, pixel_losses

AXIS = {"title": "x"}


def test_panels_do_not_overlap_and_each_has_its_names():
    titles = ["a", "b", "c"]
    figure = panels.new_panels(titles, [AXIS] * 3, [{"title": "nats"}] * 3, columns=2, height=300, view="test")
    across = [figure.layout[f"xaxis{number}"].domain for number in ("", 2, 3)]
    up = [figure.layout[f"yaxis{number}"].domain for number in ("", 2, 3)]
    assert across[0][1] < across[1][0] and across[1][1] <= 1
    assert up[0] == up[1] and up[2][1] < up[0][0] and up[2][0] >= 0
    assert [note.text for note in figure.layout.annotations] == ["<b>a</b>", "<b>b</b>", "<b>c</b>"]
    assert figure.layout.yaxis3.title.text == "nats"
    assert figure.layout.xaxis2.anchor == "y2" and figure.layout.yaxis2.anchor == "x2"
    assert panels.at(0) == {"xaxis": "x", "yaxis": "y"} and panels.at(2) == {"xaxis": "x3", "yaxis": "y3"}


def test_panels_without_names_are_refused():
    with pytest.raises(ValueError, match="one title and two axes"):
        panels.new_panels(["a", "b"], [AXIS], [AXIS], columns=2, height=300, view="test")
    with pytest.raises(ValueError, match="needs a name"):
        panels.new_panels(["a"], [AXIS], [{"title": ""}], columns=1, height=300, view="test")


def test_a_pixel_s_losses_are_drawn_as_given():
    prediction, loss = np.linspace(0.1, 0.9, 5), [5.0, 3.0, 2.0, 3.0, 5.0]
    shown = [
        PixelPanel("Gaussian", "nats", "x̂", loss, (0.5, 2.0), x=0.25, reference=[0.0] * 5),
        PixelPanel("Categorical", "nats", "p", loss, (0.5, 2.0)),
    ]
    figure = pixel_losses(prediction, shown)
    pixel, reference, curve, point = figure.data[:4]
    assert list(pixel.x) == [0.25, 0.25] and pixel.line.color == palette.DATA
    assert list(reference.y) == [0.0] * 5
    np.testing.assert_array_equal(curve.y, loss)
    assert (point.x[0], point.y[0]) == (0.5, 2.0)
    assert len(figure.data) == 6 and figure.data[-1].xaxis == "x2"
    assert figure.layout.yaxis.range == figure.layout.yaxis2.range == LOSS_RANGE
    with pytest.raises(ValueError, match="one length"):
        pixel_losses(prediction[:-1], shown)


def test_gradients_lie_on_the_line_with_the_slope():
    twin = np.random.default_rng(0).normal(size=5000)
    line, points = knob.gradient_line(twin, 4 * twin, 4.0).data
    assert line.y[1] / line.x[1] == pytest.approx(4)
    assert len(points.x) == knob.SHOWN_WEIGHTS
    np.testing.assert_allclose(np.array(points.y), 4 * np.array(points.x))
    assert max(abs(points.x)) == max(abs(twin))
    with pytest.raises(ValueError, match="one length"):
        knob.gradient_line(twin, twin[:-1], 1.0)


def test_axes_above_the_threshold_are_drawn_alive():
    eigenvalues, variances, betas = [5.0, 2.0, 0.5, 1e-9], (0.1, 1.0, 10.0), (0.5, 1.0)
    kept = [[3, 3, 1], [3, 2, 0]]
    figure = knob.axes_kept(eigenvalues, kept, variances, betas, chosen=(0.1, 10.0))
    alive, dead, threshold, plane, diagonal, dots = figure.data
    assert list(alive.x) == [1, 2] and list(dead.x) == [3, 4]
    assert alive.base + alive.y[0] == pytest.approx(np.log10(5))
    assert dead.y[1] == 0  # below the axis' end, not below the axis
    assert threshold.y[0] == pytest.approx(0)
    np.testing.assert_array_equal(plane.customdata, kept)
    np.testing.assert_allclose(np.array(diagonal.x) + np.array(diagonal.y), 0, atol=1e-12)
    np.testing.assert_allclose(dots.x, [0, -1])
    np.testing.assert_allclose(dots.y, [0, 1])


def test_the_scale_runs_from_floor_to_ceiling():
    figure = loss_scale.loss_scale(
        {"all": (46.0, {"20 axes": 79.0}, 206.0), "this one": (50.0, {"20 axes": 80.0}, 210.0)}, unit="nats", end=230
    )
    bars, marks, texts = figure.data
    assert list(bars.base) == [46.0, 50.0] and list(bars.x) == [160.0, 160.0]
    assert list(marks.x) == [46.0, 79.0, 206.0, 50.0, 80.0, 210.0]
    assert list(marks.y) == [1, 1, 1, 0, 0, 0]  # the first row on top
    assert texts.text[1] == "20 axes 79.0"
    assert list(figure.layout.yaxis.ticktext) == ["all", "this one"]
