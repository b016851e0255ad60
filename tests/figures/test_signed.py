"""Signed values as colours: black at zero, the two hues apart, monotone, and what is refused."""

import numpy as np
import pytest

from vaedemo.figures.signed import channels, signed_pixels


def test_zero_and_what_is_no_number_are_black():
    shown = signed_pixels(np.array([[0.0, np.nan, np.inf]]), 1.0)
    assert shown.shape == (3, 1, 3) and shown.dtype == np.uint8 and not shown.any()


def test_blue_is_positive_and_orange_negative():
    (red, _, blue) = signed_pixels(np.array([[1.0, -1.0]]), 1.0)[:, 0]
    assert blue[0] > red[0] and red[1] > blue[1]


def test_a_quarter_of_the_largest_is_the_hue_of_the_palette():
    shown = signed_pixels(np.array([[0.25, -0.25]]), 1.0)[:, 0]
    assert tuple(shown[:, 0]) == channels("#1f6fd6") and tuple(shown[:, 1]) == channels("#cf8410")


def test_brightness_grows_with_size_and_stays_beyond_the_largest():
    shown = signed_pixels(np.linspace(0, 2, 101)[None], 1.0).sum(axis=0)[0].astype(int)
    assert (np.diff(shown) >= 0).all() and shown[50] == shown[100] > shown[10] > 0


def test_full_colour_is_at_the_largest_value_itself():
    values = np.array([[[0.1, -0.4]]])
    np.testing.assert_array_equal(signed_pixels(values), signed_pixels(10 * values))
    assert signed_pixels(values).shape == (1, 3, 1, 2)
    assert not signed_pixels(np.zeros((2, 2))).any()


def test_a_largest_of_zero_is_refused():
    with pytest.raises(ValueError, match="largest must be above 0, got 0"):
        signed_pixels(np.ones((2, 2)), 0)
