"""The histogram of radii: a density, cut at the axis but counted whole."""

import numpy as np
import pytest

from vaedemo.app.lessons.ring.radii import BIN, radii_sketch
from vaedemo.figures import palette


def drawn(radii, upper=1.7, mark=None):
    density = ([0.0, 1.0], [0.0, 2.0])
    return radii_sketch(radii, name="samples", colour=palette.DATA, density=density, mark=mark, upper=upper)


def test_the_histogram_is_a_density():
    radii = np.random.default_rng(0).rayleigh(0.2, 5000)
    band = drawn(radii).layers[0]
    left, height = np.array(band["x"][::2]), np.array(band["high"][::2])
    assert np.sum(height) * BIN == pytest.approx(1, abs=1e-2)
    expected = np.mean((radii >= 0.2) & (radii < 0.22)) / BIN
    assert height[np.abs(left - 0.2).argmin()] == pytest.approx(expected, abs=1e-3)


def test_radii_beyond_the_axis_still_count():
    assert np.sum(drawn([0.5, 9.0], upper=1.0).layers[0]["high"][::2]) * BIN == pytest.approx(0.5, abs=1e-3)


def test_the_reference_and_the_mark_are_drawn():
    picture = drawn([1.0], mark=0.9)
    assert [layer["name"] for layer in picture.layers if "name" in layer] == ["samples", "exact density"]
    assert picture.layers[-1]["kind"] == "upright" and picture.layers[-1]["at"] == 0.9
    assert "ρ" in picture.x.title and picture.y.title


@pytest.mark.parametrize("radii", [[], [-0.1], [[1.0]], [np.nan]])
def test_what_is_no_radius_is_refused(radii):
    with pytest.raises(ValueError, match="radii must be"):
        drawn(radii)
