"""The histogram of radii: a density, cut at the axis but counted whole."""

import numpy as np
import pytest

from vaedemo.figures import palette
from vaedemo.figures.radius import BIN, radii_figure


def drawn(radii, **changes):
    return radii_figure(radii, name="samples", colour=palette.DATA, **changes)


def test_the_histogram_is_a_density():
    radii = np.random.default_rng(0).rayleigh(0.2, 5000)
    figure = drawn(radii)
    bars = figure.data[0]
    assert np.sum(bars.y[:-1]) * BIN == pytest.approx(1, abs=1e-2)
    expected = np.mean((radii >= 0.2) & (radii < 0.22)) / BIN
    assert bars.y[list(bars.x).index(0.2)] == pytest.approx(expected, abs=1e-3)


def test_radii_beyond_the_axis_still_count():
    assert np.sum(drawn([0.5, 9.0], upper=1.0).data[0].y[:-1]) * BIN == pytest.approx(0.5, abs=1e-3)


def test_the_reference_and_the_mark_are_drawn():
    figure = drawn([1.0], density=([0.0, 1.0], [0.0, 2.0]), density_name="exact", mark=0.9)
    assert [trace.name for trace in figure.data] == ["samples", "exact"]
    assert figure.layout.shapes[0].x0 == 0.9
    assert "ρ" in figure.layout.xaxis.title.text and figure.layout.yaxis.title.text


@pytest.mark.parametrize("radii", [[], [-0.1], [[1.0]], [np.nan]])
def test_what_is_no_radius_is_refused(radii):
    with pytest.raises(ValueError, match="radii must be"):
        drawn(radii)
