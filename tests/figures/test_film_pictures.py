"""The film's pictures: where marks fall, and polygons that are as the palette orders them."""

import numpy as np
import pytest
from PIL import ImageColor

from vaedemo.figures import film_pictures, markers, palette


def area(polygon: np.ndarray) -> float:
    """The shoelace formula."""
    x, y = polygon.T
    return abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2


def inked(picture: np.ndarray, colour: str) -> np.ndarray:
    """Where a picture is nearer to the colour than to the white around it."""
    apart = [np.abs(picture.astype(int) - end).sum(axis=2) for end in (ImageColor.getrgb(colour), (255, 255, 255))]
    return apart[0] < apart[1]


def test_every_class_has_a_polygon_around_the_origin_of_like_size():
    assert set(markers.POLYGONS) == set(palette.CLASS_MARKERS)
    for name, polygon in markers.POLYGONS.items():
        assert np.linalg.norm(polygon, axis=1).max() <= 1.55, name
        assert 1.6 <= area(polygon) <= 3.6, name
        np.testing.assert_allclose(polygon.mean(axis=0), 0, atol=1e-9)
    assert markers.class_polygon(1) is markers.POLYGONS["square"]


def test_a_mean_is_drawn_where_it_lies():
    picture = film_pictures.codes_picture(np.array([[1.0, 2.0]]), np.array([3]), 4.0, (), side=200)
    coloured = np.argwhere((picture == ImageColor.getrgb(palette.class_colour(3))).all(axis=2))
    row, column = coloured.mean(axis=0)
    assert column == pytest.approx(200 * (1 + 4) / 8, abs=1)
    assert row == pytest.approx(200 * (4 - 2) / 8, abs=1)


def test_contours_have_their_radius():
    picture = film_pictures.codes_picture(np.zeros((1, 2)), np.array([0]), 4.0, (3.0,), side=400)
    ring = np.argwhere(inked(picture, palette.PRIOR)) - 199.5
    ring = ring[(np.hypot(*ring.T) > 20) & (np.abs(ring).max(axis=1) < 195)]  # without the mean and the frame
    assert np.hypot(*ring.T) == pytest.approx(np.full(len(ring), 150), abs=2)
    upright = film_pictures.codes_picture(np.zeros((1, 2)), np.array([0]), 4.0, (3.0,), upright=True, side=400)
    columns = np.argwhere(inked(upright, palette.PRIOR)[5:100, 5:-5])[:, 1] + 5  # above the marker, inside the frame
    assert np.abs(np.abs(columns - 199.5) - 150).max() <= 2


def test_the_grid_joins_rows_and_columns():
    grid = np.stack(np.meshgrid([-1.0, 1.0], [-1.0, 1.0]), axis=-1).reshape(-1, 2)
    picture = film_pictures.plane_picture(grid, np.zeros((0, 2)), ((-2, 2), (-2, 2)), 2, side=200)
    line = inked(picture, palette.PRIOR)
    for at in (50, 150):
        assert line[at - 1 : at + 2, 60:140].any(axis=0).all()
        assert line[60:140, at - 1 : at + 2].any(axis=1).all()
    assert not line[70:130, 70:130].any()


def test_a_sheet_keeps_its_pixels_and_pictures_stand_side_by_side():
    images = np.random.default_rng(0).integers(0, 256, (4, 1, 3, 3), dtype=np.uint8)
    sheet = film_pictures.sheet_picture(images, 2, side=16)
    assert sheet.shape == (14, 14, 3)
    np.testing.assert_array_equal(sheet[:6:2, :6:2, 0], images[0, 0])
    page = film_pictures.beside(sheet, sheet, "step 1")
    assert page.shape == (34 + 14 + 12, 14 + 14 + 36, 3)
    np.testing.assert_array_equal(page[34:48, 12:26], sheet)
    np.testing.assert_array_equal(page[34:48, 38:52], sheet)
