"""The Python side of the explorer: what is sent to the browser, and what is believed of what comes back."""

import dataclasses
import json
import struct

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from vaedemo.app.components import explorer
from vaedemo.app.components.explorer import Plane

MEANS = np.array([[1, 0], [0, 1], [-1, 0]], np.float32)
PLANE = Plane(
    means=MEANS,
    classes=np.array([0, 1, 1]),
    names=("no", "yes"),
    off_plane=np.array([0.5, 0.25, 0.0]),
    base=np.array([0.0, 3.0, 0.0]),
    axes=(2, 0),
    deviations=(np.array([0, 2]), np.array([[0.1, 0.2], [0.3, 0.4]])),
    data=np.array([[7.0, 8.0]]),
    spacing="prior",
    labels=[(0.5, -0.5, "no")],
    path=[(0, 1), (1, 0)],
    field=np.array([[0.0, 0.1], [0.2, 0.3]]),
)


def opened(payload: bytes, kind: str = "<f4"):
    length = struct.unpack("<I", payload[:4])[0]
    return json.loads(payload[4 : 4 + length]), np.frombuffer(payload[4 + length :], kind)


def test_the_plane_arrives_in_the_order_the_browser_reads():
    header, numbers = opened(explorer.pack(PLANE, (0.12345, -1.0), "abc", "a plane"))
    expected = [*MEANS.ravel(), 0.5, 0.25, 0, 0.1, 0.2, 0.3, 0.4, 7, 8, 0, 0.1, 0.2, 0.3]
    assert np.allclose(numbers, expected)
    assert (header["count"], header["rows"], header["data"], header["classes"]) == (3, [0, 2], 1, [0, 1, 1])
    assert (header["axes"], header["base"], header["place"]) == ([2, 0], [0, 3, 0], [0.123, -1])
    assert (header["decoder"], header["label"]) == ("abc", "a plane")
    assert (header["map"], header["labels"], header["path"]) == ("normal", [[0.5, -0.5, "no"]], [[0, 1], [1, 0]])
    assert (header["field"], header["regions"]) == (2, None)


def test_the_layers_arrive_matrix_before_bias():
    layers = [(np.arange(6).reshape(3, 2), np.array([6, 7, 8])), (np.arange(9, 12).reshape(1, 3), np.array([12]))]
    header, numbers = opened(explorer.pack_layers(layers, "sigmoid", 1, (1, 1, 1)).content)
    assert numbers.tolist() == list(range(13))
    assert header == {
        "kind": "layers",
        "layers": [[3, 2], [1, 3]],
        "mean": "sigmoid",
        "levels": 1,
        "shape": [1, 1, 1],
    }


def test_a_sheet_of_images_is_bytes_and_one_of_points_is_not():
    decoded = np.linspace(-0.1, 1.1, 2 * 2 * 3).reshape(2, 2, 1, 1, 3)
    header, numbers = opened(explorer.pack_sheet(decoded, 4.0).content, np.uint8)
    assert numbers.tolist() == np.rint(255 * decoded.clip(0, 1)).ravel().tolist()
    assert (header["side"], header["extent"], header["shape"]) == (2, 4.0, [1, 1, 3])
    points = np.arange(8.0).reshape(2, 2, 2)
    header, numbers = opened(explorer.pack_sheet(points, 4.0).content)
    assert numbers.tolist() == list(range(8))
    assert header["shape"] == [2]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"means": np.zeros((0, 2))}, "means must be 1 to 5,000 points"),
        ({"means": np.zeros((3, 3))}, r"got \(3, 3\)"),
        ({"classes": np.zeros(2, int)}, "one a point, 3"),
        ({"off_plane": np.zeros(4)}, "one a point, 3"),
        ({"classes": np.array([0, 1, 2])}, "indices into names"),
        ({"axes": (1, 1)}, "2 different ones from 0 to 2"),
        ({"axes": (0, 3)}, r"got \(0, 3\)"),
        ({"extent": 0.0}, "extent must be a positive number"),
        ({"spacing": "even"}, "one of z, prior"),
        ({"regions": np.zeros((2, 2), int)}, "13 rows of 13 tiles"),
        ({"field": np.zeros((2, 3))}, "a square of shares"),
        ({"deviations": (np.array([3]), np.ones((1, 2)))}, "rows into the means"),
        ({"deviations": (np.array([0]), np.ones((2, 2)))}, "a pair of numbers for each"),
    ],
)
def test_what_cannot_be_drawn_is_refused(change, words):
    with pytest.raises(ValueError, match=words):
        explorer.pack(dataclasses.replace(PLANE, **change), (0.0, 0.0), "abc", "a plane")


def test_a_plane_without_words_is_refused():
    with pytest.raises(ValueError, match="label must say"):
        explorer.pack(PLANE, (0.0, 0.0), "abc", "")


def test_a_place_is_believed():
    assert explorer.read_place([0.5, -1]) == (0.5, -1.0)
    assert explorer.read_place([0.12345, 0]) == (0.123, 0.0)


@pytest.mark.parametrize("value", [None, 3, "12", [1], [1, 2, 3], [1, "2"], [True, 1], [float("nan"), 0], [0, 101], {}])
def test_what_no_hand_can_have_told_is_ignored(value):
    assert explorer.read_place(value) is None


def page():
    import numpy as np
    import streamlit as st

    from tests.app.components.test_explorer import PLANE
    from vaedemo.app.components.explorer import explorer, pack_layers

    decoder = pack_layers([(np.ones((2, 3)), np.zeros(2))], "identity", 1, (2,))
    explorer(PLANE, (0.0, 0.0), decoder, key="plane", label="a plane", on_settled=lambda place: None)
    st.write("drawn")


def test_a_page_with_an_explorer_runs():
    app = AppTest.from_function(page).run()
    assert not app.exception
    assert app.main.children[0].type == "bidi_component"
    assert app.markdown[0].value == "drawn"
