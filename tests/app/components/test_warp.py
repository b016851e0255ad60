"""The Python side of the linked panes: what is sent to the browser, and what is believed of what comes back."""

import dataclasses
import json
import struct

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from vaedemo.app.components import warp
from vaedemo.app.components.warp import Pane, Scene, Settled
from vaedemo.rules import ConfigError

LEFT = np.array([[1, 0], [0, 1], [-1, 0], [0, -1]], np.float32)
LINES = [np.array([[0, 0], [1, 1], [2, 2]], np.float32), np.array([[5, 6], [7, 8]], np.float32)]
BENT = [np.array([[0, 0], [np.nan, np.nan], [4, 4]], np.float32), np.array([[1, 2], [3, 4]], np.float32)]
SCENE = Scene(
    left=LEFT,
    frames=np.stack([LEFT, 2 * LEFT]),
    angles=np.arctan2(LEFT[:, 1], LEFT[:, 0]),
    lines_left=LINES,
    lines_right={1: BENT},
    extent_left=3.0,
    extents_right=(3.0, 1.5),
)
PANES = (Pane("z", "the plane", ("z₁", "z₂")), Pane("x", "its image", ("x₁", "x₂"), 0.9))


def sent(scene=SCENE, panes=PANES, state=None, report=True):
    payload = warp.pack(scene, panes, state or Settled(1.0), report)
    length = struct.unpack("<I", payload[:4])[0]
    return json.loads(payload[4 : 4 + length]), np.frombuffer(payload[4 + length :], "<f4").reshape(-1, 2)


def test_the_numbers_arrive_in_the_order_the_browser_reads():
    header, pairs = sent()
    assert np.array_equal(pairs[:4], LEFT)
    assert np.array_equal(pairs[4:12], SCENE.frames.reshape(-1, 2))
    assert np.array_equal(pairs[12:17], np.concatenate(LINES))
    assert np.array_equal(pairs[17:22], np.concatenate(BENT), equal_nan=True)
    assert len(pairs) == 22
    assert (header["count"], header["frames"], header["lengths"], header["line_frames"]) == (4, 2, [3, 2], [1])
    assert header["extents"] == [3.0, [3.0, 1.5]]
    assert header["circles"] == [None, 0.9]
    assert header["state"] == {"position": 1, "shows": "both", "brush": ""}


def test_angles_go_round_the_circle_of_colours():
    header, _ = sent(dataclasses.replace(SCENE, angles=np.array([0.01, 1.58, -3.13, -1.56])))
    assert header["bins"] == [0, 6, 12, 18]
    header, _ = sent(dataclasses.replace(SCENE, angles=np.array([2 * np.pi, -1e-12, np.pi - 0.01, 9.5])))
    assert header["bins"] == [0, 23, 11, 12]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"left": np.zeros((0, 2))}, "left must be 1 to 2,000 points"),
        ({"left": np.zeros((4, 3))}, r"got \(4, 3\)"),
        ({"frames": LEFT}, r"frames must have the shape \(F, 4, 2\), got \(4, 2\)"),
        ({"angles": np.zeros(3)}, "angles must be one a point"),
        ({"mesh": 3}, "a mesh of side s needs s² points"),
        ({"extents_right": (1.0,)}, "one a frame, 2"),
        ({"labels": ("one",)}, "one a frame, 2"),
        ({"lines_right": {2: BENT}}, "for a frame there is"),
        ({"lines_right": {0: BENT[:1]}}, "as many vertices a line"),
        ({"lines_left": [np.zeros((600_000, 2))], "lines_right": {}}, "at most 1,000,000 numbers"),
    ],
)
def test_what_cannot_be_drawn_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        sent(dataclasses.replace(SCENE, **change))


def test_a_pane_without_words_is_refused():
    with pytest.raises(ValueError, match="title and a description"):
        sent(panes=(PANES[0], Pane("x", "", ("x₁", "x₂"))))


GOOD = {"position": 0.5, "shows": "grid", "brush": "right,-1,0,1,0.5,0.5"}


def test_what_a_hand_has_set_is_taken():
    assert warp.read_settled(GOOD, 2) == Settled(0.5, "grid", "right,-1,0,1,0.5,0.5")


@pytest.mark.parametrize(
    "value",
    [
        None,
        [1],
        "x",
        {},
        GOOD | {"position": 1.5},
        GOOD | {"position": float("nan")},
        GOOD | {"position": True},
        GOOD | {"shows": "all"},
        GOOD | {"shows": ["grid"]},
        GOOD | {"brush": "middle,0,0,1,1,0"},
        GOOD | {"brush": None},
    ],
)
def test_what_no_hand_can_have_set_is_ignored(value):
    assert warp.read_settled(value, 2) is None


def test_a_brush_in_a_link_is_put_in_order_and_in_the_browser_s_numbers():
    assert warp.brush_text("brush", "left,1.0,0.5,-1,0.25,1.0") == "left,-1,0.25,1,0.5,1"
    assert warp.brush_text("brush", "") == ""
    written = warp.brush_text("brush", "right,0.12345,0,1,1,27")
    assert warp.brush_text("brush", written) == written == "right,0.123,0,1,1,27"


@pytest.mark.parametrize(
    "value", ["left", "left,1,2,3,4", "up,0,0,1,1,0", "left,0,0,inf,1,0", "left,0,0,1,1,-1", 5, None]
)
def test_a_wrong_brush_is_refused_in_one_sentence(value):
    with pytest.raises(ConfigError, match="brush accepts left or right, then x0,y0,x1,y1"):
        warp.brush_text("brush", value)


def page():
    import streamlit as st

    from tests.app.components.test_warp import PANES, SCENE
    from vaedemo.app.components.warp import Settled, warp

    warp(SCENE, PANES, Settled(1.0), key="panes", on_settled=lambda told: None)
    st.write("drawn")


def test_a_page_with_panes_runs():
    app = AppTest.from_function(page).run()
    assert not app.exception
    assert app.main.children[0].type == "bidi_component"
    assert app.markdown[0].value == "drawn"
