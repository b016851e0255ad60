"""A contact sheet holds its images untouched, and its footer inside the paper."""

import numpy as np
import pytest

from vaedemo.figures import pixels
from vaedemo.figures.contact_sheet import INK, MARGIN, NARROWEST, PAPER, contact_sheet

IMAGES = np.random.default_rng(0).integers(0, 256, (6, 1, 10, 10), dtype=np.uint8)


def test_the_images_are_those_of_a_plain_sheet():
    sheet = contact_sheet(IMAGES, 3, ["seed 4"], scale=3)
    plain = pixels.sheet(IMAGES, 3, gap=1, scale=3, background=PAPER)
    height, width, _ = plain.shape
    np.testing.assert_array_equal(sheet[MARGIN : MARGIN + height, MARGIN : MARGIN + width], plain)
    assert sheet.dtype == np.uint8 and sheet.shape[1] == NARROWEST + 2 * MARGIN


def test_the_footer_is_written_below_and_broken_between_words():
    short, long = (contact_sheet(IMAGES, 3, [footer]) for footer in ("seed 4", "word " * 100))
    assert long.shape[0] > short.shape[0] + 50 and long.shape[1] == short.shape[1]
    below = short[short.shape[0] - 3 * MARGIN :]
    assert (np.abs(below.astype(int) - INK).sum(-1) < 120).any()
    edges = (long[:MARGIN], long[-4:], long[:, : MARGIN - 2], long[:, -4:])
    assert all((edge == 255).all() for edge in edges)


def test_the_same_images_give_the_same_file():
    one, two = (pixels.png_bytes(contact_sheet(IMAGES, 2, ["a", "b"])) for _ in range(2))
    assert one == two


def test_a_sheet_without_words_is_refused():
    with pytest.raises(ValueError, match="at least one line"):
        contact_sheet(IMAGES, 2, [])
