"""The Python side of a row of grids: what is sent to the browser, and what is refused."""

import json
import struct

import numpy as np
import pytest

from vaedemo.app.components import grid_row
from vaedemo.app.components.grid_row import Panel

IMAGES = np.arange(4 * 2 * 3, dtype=np.uint8).reshape(4, 2, 3)
PANELS = (Panel("one", IMAGES, "four images"), Panel("two", IMAGES[::-1] / 255, "and four more"))


def test_the_pixels_of_all_panels_arrive_one_after_the_other():
    payload = grid_row.pack(PANELS, 2, 3)
    length = struct.unpack("<I", payload[:4])[0]
    assert json.loads(payload[4 : 4 + length]) == {
        "count": 4,
        "channels": 1,
        "height": 2,
        "width": 3,
        "columns": 2,
        "scale": 3.0,
        "panels": [{"title": "one", "label": "four images"}, {"title": "two", "label": "and four more"}],
    }
    assert payload[4 + length :] == IMAGES.tobytes() + IMAGES[::-1].tobytes()


def test_more_columns_than_images_are_as_many_as_images():
    payload = grid_row.pack(PANELS, 9, 3)
    assert json.loads(payload[4 : 4 + struct.unpack("<I", payload[:4])[0]])["columns"] == 4


@pytest.mark.parametrize(
    ("panels", "columns", "message"),
    [
        ((), 2, "1 to 8 grids, got 0"),
        (PANELS[:1] * 9, 2, "got 9"),
        ((PANELS[0], Panel("three", IMAGES[:3], "three images")), 2, "images of one shape"),
        ((Panel("none", IMAGES[:0], "nothing"),), 2, "images of one shape"),
        (PANELS, 0, "columns must be at least 1"),
        ((Panel("", IMAGES, "untitled"),), 2, "needs a title"),
        ((Panel("one", IMAGES, ""),), 2, "and a label"),
    ],
)
def test_what_cannot_be_drawn_is_refused(panels, columns, message):
    with pytest.raises(ValueError, match=message):
        grid_row.pack(panels, columns, 3)
