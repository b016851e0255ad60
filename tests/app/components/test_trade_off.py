"""What is sent to the trade-off's panels, and what is believed of what comes back."""

import json
import struct
from dataclasses import replace

import numpy as np
import pytest

from vaedemo.app.components.sketch import Axis, Sketch, layers
from vaedemo.app.components.trade_off import Chart, Models, Row, pack, read_places

CODES = np.arange(3 * 4 * 2).reshape(3, 4, 2) / 10
PICTURES = np.arange(3 * 2 * 2 * 3, dtype=np.uint8).reshape(3, 2, 2, 3)
MODELS = Models(
    betas=[0.1, 1, 4], lines=["a", "b", "c"], codes=CODES, labels=np.array([0, 1, 0, 2]), rows=[Row("x", PICTURES)]
)
CHART = Chart(
    "title",
    "label",
    Sketch(Axis("β", 0.05, 8, [(1, "1")], log=True), Axis("nats", 0, 1), [layers.level(0.5, color="text")]),
    np.array([[0.1, 0.2], [1, 0.4], [4, 0.6]]),
)


def unpack(content):
    (length,) = struct.unpack("<I", content[:4])
    return json.loads(content[4 : 4 + length]), content[4 + length :]


def test_numbers_and_pictures_follow_the_header():
    header, body = unpack(pack(MODELS, [CHART], (0, 1, 2), (0, 0, 2)))
    assert header["betas"] == [0.1, 1, 4] and header["places"] == [0, 1, 2] and header["names"] == "ABC"
    np.testing.assert_allclose(np.frombuffer(body[: 4 * CODES.size], "<f4").reshape(CODES.shape), CODES, rtol=1e-6)
    assert body[4 * CODES.size :] == PICTURES.tobytes()
    assert header["rows"] == [{"title": "x", "shape": [3, 2, 2, 3], "across": 8}]
    assert header["fixed"] is False and header["before"] == [0, 0, 2] and header["classes"] == []
    assert header["charts"][0]["track"] == [[0.1, 0.2], [1, 0.4], [4, 0.6]]


def test_points_come_with_the_data():
    cloud, data = np.ones((3, 5, 2)), np.zeros((7, 2))
    header, body = unpack(pack(replace(MODELS, rows=[], cloud=cloud, data=data), [], (1,)))
    assert (header["cloud"], header["data"], header["names"]) == (5, 7, "β")
    assert len(body) == 4 * (CODES.size + cloud.size + data.size)


@pytest.mark.parametrize(
    "changes",
    [
        {"betas": [1]},
        {"betas": [1, 1, 4]},
        {"betas": [4, 1, 0.1]},
        {"lines": ["a"]},
        {"codes": CODES[:2]},
        {"rows": [Row("x", PICTURES[:2])]},
        {"cloud": np.ones((3, 5, 2))},
    ],
)
def test_parts_that_do_not_fit_are_refused(changes):
    with pytest.raises(ValueError, match="must"):
        pack(replace(MODELS, **changes), [], (0,))


@pytest.mark.parametrize("places", [(), (3,), (-1,), (0.5,), (0, 1, 2, 0, 1)])
def test_places_outside_are_refused(places):
    with pytest.raises(ValueError, match="places must be"):
        pack(MODELS, [], places)
    if places:
        with pytest.raises(ValueError, match="places must be"):
            pack(MODELS, [], (0,), places)


def test_a_sweep_without_codes_still_has_planes():
    header, _ = unpack(pack(replace(MODELS, codes=np.zeros((3, 0, 2)), labels=[]), [], (0,)))
    assert header["codes"] == 0 and header["reaches"] == [3.3] * 3


def test_a_sweep_too_large_for_a_page_is_refused():
    rows = [Row("x", np.zeros((3, 200, 100, 100), np.uint8))]
    with pytest.raises(ValueError, match="at most"):
        pack(replace(MODELS, rows=rows), [], (0,))


def test_only_sound_places_are_believed():
    assert read_places({"places": [0, 1]}, 2, 3) == (0, 1)
    for value in (
        None,
        [],
        {"places": "12"},
        {"places": [0]},
        {"places": [0, 3]},
        {"places": [0, "x"]},
        {"places": [0, 1.5]},
        {"places": [0, None]},
    ):
        assert read_places(value, 2, 3) is None
