"""The choices made by eye, against arrays written by hand: the framing, black and white swapped, a threshold, rows."""

import numpy as np
import pytest
from PIL import Image

from vaedemo.uploads.framing import framed
from vaedemo.uploads.limits import SIDE
from vaedemo.uploads.preparing import FRAMINGS, is_light, prepared, some_of_each


def image(pixels: np.ndarray) -> Image.Image:
    return Image.fromarray(pixels.astype(np.uint8))


def filled(shape: tuple[int, int], level: int = 0) -> np.ndarray:
    return np.full(shape, level, np.uint8)


def test_an_image_of_28_by_28_stays_as_it_is():
    pixels = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE), np.uint8)
    for found in framed(image(pixels)):
        assert np.array_equal(found, pixels)


def test_a_square_of_twice_the_side_becomes_the_means_of_its_fours():
    small = np.random.default_rng(1).integers(0, 63, (SIDE, SIDE), np.uint8) * 4
    corners = np.array([[-2, 2], [2, -2]]) + 2
    pixels = np.kron(small, np.ones((2, 2))) + np.tile(corners, (SIDE, SIDE))
    whole, square = framed(image(pixels))
    assert np.array_equal(whole, small + 2) and np.array_equal(square, whole)


def test_a_wide_image_is_set_on_the_median_of_its_border_or_loses_its_ends():
    pixels = filled((SIDE, 2 * SIDE), 40)  # a border of 40, a bright middle, and two ends of another grey
    pixels[1:-1, 1:-1] = 200
    pixels[1:-1, 1:14] = pixels[1:-1, -14:-1] = 100
    whole, square = framed(image(pixels))
    assert np.array_equal(square, pixels[:, 14:-14])
    assert (whole[:7] == 40).all() and (whole[-7:] == 40).all()
    assert (whole[9:-9, 9:-9] == 200).all() and (whole[9:-9, 1:6] == 100).all()


def test_a_tall_image_is_set_between_two_columns_of_ground():
    pixels = filled((56, 14), 250)
    pixels[20:36, 4:10] = 0
    whole, square = framed(image(pixels))
    assert whole.shape == square.shape == (SIDE, SIDE)
    assert (whole[:, :10] == 250).all() and (whole[:, -10:] == 250).all()
    assert whole[14, 13] < 50 and square[14, 14] < 50 and (square[:, 0] == 250).all()


def test_a_strip_of_one_pixel_keeps_a_line_of_one_pixel():
    pixels = filled((1, 5000), 10)
    pixels[0, 2500:] = 90
    whole, square = framed(image(pixels))
    assert (whole[13, :14] == 10).all() and (whole[13, 14:] == 90).all()
    assert len(np.unique(np.delete(whole, 13, axis=0))) == 1 and square.shape == (SIDE, SIDE)


def pair() -> dict[str, np.ndarray]:
    whole = np.arange(2 * SIDE * SIDE).reshape(2, SIDE, SIDE) % 256
    return {"whole": whole.astype(np.uint8), "square": filled((2, SIDE, SIDE), 7)}


def test_nothing_chosen_changes_nothing():
    both = pair()
    for framing in FRAMINGS:
        assert np.array_equal(prepared(both, framing), both[framing])


def test_what_is_swapped_twice_is_what_it_was_and_the_upload_stays():
    both = pair()
    before = both["whole"].copy()
    once = prepared(both, "whole", invert=True)
    assert once.dtype == np.uint8 and np.array_equal(once.astype(int), 255 - before.astype(int))
    assert np.array_equal(prepared({"whole": once}, "whole", invert=True), before)
    assert np.array_equal(both["whole"], before)


@pytest.mark.parametrize(
    ("threshold", "expected"), [(0, [0, 99, 100, 255]), (1, [0, 255, 255, 255]), (100, [0, 0, 255, 255])]
)
def test_a_pixel_of_at_least_the_threshold_is_white(threshold, expected):
    found = prepared({"whole": np.array([[[0, 99, 100, 255]]], np.uint8)}, "whole", threshold=threshold)
    assert found.dtype == np.uint8 and found[0, 0].tolist() == expected


def test_the_threshold_comes_after_the_swap():
    found = prepared({"whole": np.array([[[0, 100, 255]]], np.uint8)}, "whole", invert=True, threshold=200)
    assert found[0, 0].tolist() == [255, 0, 0]


@pytest.mark.parametrize(("framing", "threshold"), [("round", 0), ("whole", -1), ("whole", 256)])
def test_another_choice_is_refused(framing, threshold):
    with pytest.raises(ValueError, match=r"^The (framing|threshold) is .*\.$"):
        prepared(pair(), framing, threshold=threshold)


def test_most_borders_say_whether_it_is_ink_on_paper():
    paper, slate = filled((SIDE, SIDE), 240), filled((SIDE, SIDE), 5)
    paper[5:20, 5:20], slate[5:20, 5:20] = 0, 255  # a large sign in the middle says nothing of the ground
    assert is_light(np.stack([paper])) and not is_light(np.stack([slate]))
    assert is_light(np.stack([paper, paper, slate])) and not is_light(np.stack([paper, slate, slate]))
    paper[0] = 0  # a shadow along one edge
    assert is_light(np.stack([paper]))
    assert not is_light(filled((1, SIDE, SIDE), 127)) and is_light(filled((1, SIDE, SIDE), 128))


def test_rows_are_of_each_class_and_in_their_order():
    labels = np.array([2, 0, 2, 0, 2, 2, 0, 5])
    assert some_of_each(labels, 6).tolist() == [1, 3, 0, 2, 7]
    assert some_of_each(labels, 2).tolist() == [1, 0]
    assert some_of_each(np.zeros(3, int), 60).tolist() == [0, 1, 2]
    assert len(some_of_each(np.arange(1000), 60)) == 60
