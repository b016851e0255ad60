"""What a layer diagram sends to the browser, read back byte by byte, and what it refuses."""

import json
import struct

import numpy as np
import pytest

from vaedemo.app.components.layer_diagram import Box, pack

GENERATOR = np.random.default_rng(0)
ONE = Box("image x", ("28 × 28", "pixels"), "", GENERATOR.integers(0, 256, (4, 3, 4), dtype=np.uint8))
TWO = Box("code z", ("2", "dense"), "1,234", GENERATOR.integers(0, 256, (2, 1, 4), dtype=np.uint8))


def test_boxes_travel_as_they_are():
    content = pack([ONE, TWO], "two layers")
    (length,) = struct.unpack("<I", content[:4])
    header, pixels = json.loads(content[4 : 4 + length]), content[4 + length :]
    assert header["label"] == "two layers"
    assert header["layers"] == [
        {"title": "image x", "lines": ["28 × 28", "pixels"], "parameters": "", "height": 4, "width": 3},
        {"title": "code z", "lines": ["2", "dense"], "parameters": "1,234", "height": 2, "width": 1},
    ]
    assert pixels == ONE.picture.tobytes() + TWO.picture.tobytes()


@pytest.mark.parametrize(
    ("boxes", "label", "words"),
    [
        ([], "none", "1 to 16 layers, got 0"),
        ([ONE] * 17, "many", "1 to 16 layers, got 17"),
        ([ONE], "", "label must say"),
        ([Box("h", (), "", np.zeros((2, 2, 3), np.uint8))], "rgb", r"must be uint8 \(H, W, 4\)"),
        ([Box("h", (), "", np.zeros((2, 2, 4)))], "floats", "got float64"),
        ([Box("h", (), "", np.zeros((2, 513, 4), np.uint8))], "wide", "sides of 1 to 512"),
    ],
)
def test_what_cannot_be_drawn_is_named(boxes, label, words):
    with pytest.raises(ValueError, match=words):
        pack(boxes, label)
