"""What a flipbook sends to the browser, read back byte by byte, and what it refuses."""

import json
import struct

import numpy as np
import pytest

from vaedemo.app.components.flipbook import pack

ONE = np.random.default_rng(0).random((5, 1, 4, 3), dtype=np.float32)
TWO = np.random.default_rng(1).integers(0, 256, (5, 1, 4, 3), dtype=np.uint8)


def unpack(content: bytes):
    (length,) = struct.unpack("<I", content[:4])
    return json.loads(content[4 : 4 + length]), np.frombuffer(content[4 + length :], np.uint8)


def test_strips_travel_as_they_are():
    header, pixels = unpack(pack({"one": ONE, "two": TWO}, label="both", side=90))
    assert header["panes"] == ["one", "two"] and header["label"] == "both" and header["columns"] == 2
    assert [header[name] for name in ("frames", "channels", "height", "width", "side")] == [5, 1, 4, 3, 90]
    assert header["places"] == ["1 of 5", "2 of 5", "3 of 5", "4 of 5", "5 of 5"]
    shown = pixels.reshape(2, 5, 1, 4, 3)
    np.testing.assert_array_equal(shown[0], np.rint(255 * ONE))
    np.testing.assert_array_equal(shown[1], TWO)


def test_places_are_the_caller_s():
    header, _ = unpack(pack({"one": ONE}, label="one", places=["a", "b", "c", "d", "e"], columns=4))
    assert header["places"] == ["a", "b", "c", "d", "e"] and header["columns"] == 1


@pytest.mark.parametrize(
    ("strips", "how", "words"),
    [
        ({}, {}, "strips of one shape, got none"),
        ({"one": ONE, "two": TWO[:4]}, {}, "strips of one shape"),
        ({"one": np.zeros((501, 2, 2), np.uint8)}, {}, "1 to 500 images a strip, got 501"),
        ({"one": ONE}, {"label": ""}, "label must say"),
        ({"one": ONE}, {"places": ["a"]}, "places must be one an image, 5, got 1"),
    ],
)
def test_what_cannot_be_played_is_named(strips, how, words):
    with pytest.raises(ValueError, match=words):
        pack(strips, **{"label": "strips"} | how)
