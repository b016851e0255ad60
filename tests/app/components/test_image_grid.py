"""The Python side of the image grid: what is sent to the browser, and what is believed of what comes back."""

import json
import struct

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from vaedemo.app.components import image_grid

IMAGES = np.arange(3 * 4 * 5, dtype=np.uint8).reshape(3, 4, 5)


def sent(
    images=IMAGES,
    columns=2,
    label="three images",
    captions=None,
    selected=None,
    scale=3.0,
    clickable=True,
):
    payload, count = image_grid.pack(images, columns, label, captions, selected, scale, clickable)
    length = struct.unpack("<I", payload[:4])[0]
    return json.loads(payload[4 : 4 + length]), payload[4 + length :], count


def test_the_pixels_arrive_as_they_are():
    header, pixels, count = sent(selected=2, captions=["a", "β", "c"])
    assert count == 3
    assert pixels == IMAGES.tobytes()
    assert header == {
        "count": 3,
        "channels": 1,
        "height": 4,
        "width": 5,
        "columns": 2,
        "label": "three images",
        "captions": ["a", "β", "c"],
        "selected": 2,
        "scale": 3.0,
        "clickable": True,
    }


def test_colour_and_floats():
    images = np.linspace(-0.5, 1.5, 2 * 3 * 2 * 2, dtype=np.float32).reshape(2, 3, 2, 2)
    header, pixels, _ = sent(images, columns=9)
    assert (header["channels"], header["columns"]) == (3, 2)
    expected = np.rint(np.clip(images, 0, 1) * 255).astype(np.uint8)
    assert np.array_equal(np.frombuffer(pixels, np.uint8).reshape(images.shape), expected)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"images": np.zeros((0, 4, 4), np.uint8)}, "1 to 2,500 images, got 0"),
        ({"images": np.zeros((2501, 1, 1), np.uint8)}, "got 2,501"),
        ({"columns": 0}, "columns must be at least 1"),
        ({"label": ""}, "label must say"),
        ({"captions": ["one"]}, "captions must be one per image, 3, got 1"),
    ],
)
def test_what_cannot_be_drawn_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        sent(**change)


@pytest.mark.parametrize("value", [-1, 3, 10**30, 1.0, True, "1", None, [1], {"index": 1}, float("nan")])
def test_an_index_the_grid_cannot_have_sent_is_ignored(value):
    assert image_grid.valid_index(value, 3) is None


@pytest.mark.parametrize("value", [0, 2])
def test_a_real_index_is_taken(value):
    assert image_grid.valid_index(value, 3) == value


@pytest.mark.parametrize("ending", ["html", "css", "js"])
def test_the_parts_are_more_than_one_line(ending):
    # Streamlit takes a text of one line for a path.
    assert "\n" in image_grid.source(f"image_grid/image_grid.{ending}").strip()


def page():
    import numpy as np
    import streamlit as st

    from vaedemo.app.components.image_grid import image_grid

    clicked = image_grid(np.zeros((4, 8, 8), np.uint8), 2, key="grid", label="four black squares")
    st.write(f"clicked {clicked}")


def test_a_page_with_a_grid_runs():
    app = AppTest.from_function(page).run()
    assert not app.exception
    assert app.markdown[0].value == "clicked None"
    assert app.main.children[0].type == "bidi_component"
