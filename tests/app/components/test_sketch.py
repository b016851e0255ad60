"""The Python side of the sketch: what is sent to the browser, and what is believed of what comes back."""

import base64
import json
import math

import numpy as np
import pytest

from vaedemo.app.components import sketch
from vaedemo.app.components.sketch import Axis, Sketch, layers

PLANE = Sketch(Axis("z₁", -1, 1), Axis("z₂", -2, 2), [layers.level(0.5, color="text")], handle=(0.25, 1))


def test_a_sketch_is_plain_json():
    sent = json.loads(json.dumps(sketch.pack(PLANE, "a plane", 300), allow_nan=False))
    assert sent["x"] == {"title": "z₁", "range": [-1.0, 1.0], "ticks": None, "map": "linear", "bare": False}
    assert sent["layers"] == [{"kind": "level", "at": 0.5, "color": "text"}]
    assert sent["handle"] == [0.25, 1.0]
    assert (sent["label"], sent["height"], sent["equal"], sent["readout"]) == ("a plane", 300, False, [])


def test_long_lists_travel_as_bytes_and_short_ones_as_numbers():
    heights = [1 / 3, None, *range(sketch.LONG)]
    drawn = Sketch(PLANE.x, PLANE.y, [layers.line(range(len(heights)), heights), layers.line([0], [0.5])])
    packed = sketch.pack(drawn, "a line ≥ 0", 300)
    sent = json.loads(sketch.wire(packed))
    read = np.frombuffer(base64.b64decode(sent["layers"][0]["y"]["f4"]), "<f4")
    assert read[0] == pytest.approx(1 / 3, abs=1e-5) and np.isnan(read[1]) and list(read[2:]) == heights[2:]
    assert sent["layers"][1] == packed["layers"][1] and sent["label"] == "a line ≥ 0"
    assert {name: value for name, value in sent.items() if name != "layers"} == json.loads(
        json.dumps({name: value for name, value in packed.items() if name != "layers"})
    )


def test_every_kind_of_layer_is_drawn_by_the_browser():
    drawn = sketch.source("sketch/draw.js")
    made = [
        layers.line([0], [0]),
        layers.band([0], [0], [1]),
        layers.dots([0], [0], 1),
        layers.spread([0], [0], [1]),
        layers.bar((0, 1), (0, 1)),
        layers.level(0),
        layers.upright(0),
        layers.words(0, 0, "text"),
        layers.heat((0, 1), (0, 1), [[0, 1], [1, 0]], "#000000"),
    ]
    for layer in made:
        assert f"\n  {layer['kind']}(context, layer, scale, look) {{" in drawn


def test_what_no_number_is_tears_a_line():
    layer = layers.line([0, 1, 2], [1.0, math.nan, math.inf], color="text")
    assert layer["y"] == [1.0, None, None]


def test_one_radius_is_every_disc_s():
    assert layers.dots([0, 1], [0, 1], 3)["r"] == [3.0, 3.0]
    assert layers.dots([0, 1], [0, 1], [3, 4])["r"] == [3.0, 4.0]


def test_a_field_travels_as_bytes_row_by_row_upwards():
    layer = layers.heat((0, 2), (0, 1), [[0, 0.5, 1], [2, -1, 0.2]], "#1f6fd6", levels=(0.5,))
    assert layer["shape"] == [2, 3]
    assert list(base64.b64decode(layer["values"])) == [0, 128, 255, 255, 0, 51]
    assert layer["levels"] == [128]


@pytest.mark.parametrize(
    ("x", "y", "label", "words"),
    [
        (Axis("", 0, 1), Axis("", 0, 1), "a", "The x axis needs a name"),
        (Axis("x", 1, 1), Axis("", 0, 1), "a", "The x axis must run from a lower to a higher number"),
        (Axis("x", 0, 1), Axis("", 0, np.nan), "a", "The y axis must run"),
        (Axis("x", 0, 1, log=True), Axis("", 0, 1), "a", "The x axis must run"),
        (Axis("x", 0, 1), Axis("", 0, 1), "", "label must say"),
    ],
)
def test_what_cannot_be_drawn_is_refused(x, y, label, words):
    with pytest.raises(ValueError, match=words):
        sketch.pack(Sketch(x, y, []), label, 100)


@pytest.mark.parametrize("value", [None, "12", [1], [1, 2, 3], [1, "2"], [True, 1], [math.nan, 1], [1, math.inf], {}])
def test_a_place_that_is_none_is_not_believed(value):
    assert sketch.read_place(value) is None


def test_a_place_is_two_numbers():
    assert sketch.read_place([1, -2.5]) == (1.0, -2.5)


def test_numbers_read_like_a_list_and_have_null_for_what_is_none():
    found = layers.numbers([1.0, float("nan"), 2.5, float("-inf")])
    assert found == [1.0, None, 2.5, None] and found[2] == 2.5 and found[1] is None
    assert list(found[1:3]) == [None, 2.5] and len(found) == 4
    assert json.loads(json.dumps(found, default=list, allow_nan=False)) == [1.0, None, 2.5, None]
    sent = np.frombuffer(base64.b64decode(found.sent["f4"]), "<f4")
    assert np.array_equal(sent, np.array([1, np.nan, 2.5, np.nan], "<f4"), equal_nan=True)
