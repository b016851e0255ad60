"""Image sheets and PNG files, checked pixel by pixel."""

import io

import numpy as np
import pytest
from PIL import Image

from vaedemo.figures import pixels


def test_floats_are_clipped_and_rounded():
    images = np.array([[[-0.2, 0.0, 0.5, 1.0, 1.7]]], dtype=np.float32)
    assert pixels.as_bytes(images).tolist() == [[[[0, 0, 128, 255, 255]]]]


def test_bytes_stay_as_they_are():
    images = np.arange(24, dtype=np.uint8).reshape(2, 3, 2, 2)
    assert np.array_equal(pixels.as_bytes(images), images)


@pytest.mark.parametrize(
    "images",
    [
        np.zeros((28, 28), np.uint8),
        np.zeros((1, 2, 28, 28), np.uint8),
        np.zeros((1, 0, 28), np.uint8),
        np.zeros((1, 2, 2), np.int64),
        np.full((1, 2, 2), np.nan),
    ],
)
def test_what_is_no_image_is_refused(images):
    with pytest.raises(ValueError, match="images"):
        pixels.as_bytes(images)


def test_sheet_puts_each_image_in_its_place():
    images = np.arange(1, 6, dtype=np.uint8)[:, None, None] * np.ones((5, 2, 3), np.uint8)
    result = pixels.sheet(images, columns=2, gap=1, scale=2, background=(9, 8, 7))
    assert result.shape == (2 * (3 * 2 + 2), 2 * (2 * 3 + 1), 3)
    for index in range(5):
        top, left = 2 * 3 * (index // 2), 2 * 4 * (index % 2)
        assert (result[top : top + 4, left : left + 6] == index + 1).all()
    assert (result[4:6] == (9, 8, 7)).all()  # the gap between two rows
    assert (result[12:, 8:] == (9, 8, 7)).all()  # the empty place after the last image


def test_sheet_with_transparent_gaps_and_colour():
    images = np.zeros((2, 3, 2, 2), np.uint8)
    images[0, 0], images[1, 2] = 200, 100
    result = pixels.sheet(images, columns=5)
    assert result.shape == (2, 5, 4)
    assert result[0].tolist() == [[200, 0, 0, 255]] * 2 + [[128, 135, 146, 0]] + [[0, 0, 100, 255]] * 2


@pytest.mark.parametrize("change", [{"columns": 0}, {"scale": 0}, {"gap": -1}, {"background": (0,)}])
def test_a_sheet_that_cannot_be_laid_out(change):
    with pytest.raises(ValueError, match="A sheet needs"):
        pixels.sheet(np.zeros((1, 2, 2), np.uint8), **({"columns": 1} | change))


@pytest.mark.parametrize("shape", [(4, 6), (4, 6, 3), (4, 6, 4)])
def test_png_comes_back_as_it_went_in(shape):
    array = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    file = pixels.png_bytes(array)
    assert file.startswith(b"\x89PNG\r\n")
    with Image.open(io.BytesIO(file)) as image:
        assert np.array_equal(np.asarray(image), array)


def test_png_refuses_floats():
    with pytest.raises(ValueError, match="uint8"):
        pixels.png_bytes(np.zeros((2, 2)))
