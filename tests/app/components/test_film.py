"""The Python side of the film: what is sent to the browser, and what is believed of what comes back."""

import dataclasses
import json
import struct

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from vaedemo.app.components import film
from vaedemo.app.components.film.reel import Codes, Curve, Plane, Reel, Sheet, pack
from vaedemo.figures import palette

IMAGES = np.arange(3 * 4 * 1 * 2 * 5, dtype=np.uint8).reshape(3, 4, 1, 2, 5)
MEANS = np.linspace(-2, 2, 3 * 6 * 2, dtype=np.float32).reshape(3, 6, 2)
CODES = Codes("codes", MEANS, np.array([0, 1, 2, 0, 1, 2], np.int16), ("a", "β", "c"), (4, 3, 3.5), ((0.5, 1.18),))
REEL = Reel(
    steps=(0, 1, 20),
    curves=(Curve("KL", palette.KL, (1.0, float("nan")), (1.5, 2.5)),),
    epoch_steps=(10, 20),
    codes=CODES,
    decoded=Sheet("sheet", IMAGES, 2),
)
DECODED = np.linspace(-1, 1, 3 * 9 * 2, dtype=np.float32).reshape(3, 9, 2)
DATA = np.array([[0.25, 0.5], [1, -1]], np.float32)
PLANE = Plane("plane", DECODED, DATA, ((-1, 1), (-2, 0)), 3)


def sent(reel=REEL):
    payload = pack(reel).film.content
    length = struct.unpack("<I", payload[:4])[0]
    return json.loads(payload[4 : 4 + length]), payload[4 + length :]


def test_codes_and_pixels_arrive_as_they_are():
    header, body = sent()
    split = 4 * header["floats"]
    assert np.array_equal(np.frombuffer(body[:split], "<f4").reshape(MEANS.shape), MEANS)
    assert np.array_equal(np.frombuffer(body[split:], np.uint8).reshape(IMAGES.shape), IMAGES)
    assert header["sheet"] == {"title": "sheet", "count": 4, "channels": 1, "height": 2, "width": 5, "columns": 2}
    assert "plane" not in header
    assert (header["steps"], header["epochs"], header["first"]) == ([0, 1, 20], [10, 20], 1)
    assert header["curves"] == [{"name": "KL", "colour": palette.KL, "train": [1, None], "test": [1.5, 2.5]}]
    assert (header["codes"]["labels"], header["codes"]["extents"]) == ([0, 1, 2, 0, 1, 2], [4, 3, 3.5])
    assert header["codes"]["radii"] == [["50%", 1.18]]


def test_points_arrive_with_their_data():
    header, body = sent(dataclasses.replace(REEL, decoded=PLANE))
    pairs = np.frombuffer(body, "<f4").reshape(-1, 2)
    assert len(pairs) == 18 + 27 + 2
    assert np.array_equal(pairs[18:45].reshape(DECODED.shape), DECODED)
    assert np.array_equal(pairs[45:], DATA)
    plane = {"title": "plane", "count": 9, "data": 2, "mesh": 3, "window": [[-1, 1], [-2, 0]]}
    assert header["plane"] == plane
    assert "sheet" not in header


def test_colours_and_markers_are_the_palette_s():
    header, _ = sent()
    assert [each["name"] for each in header["codes"]["classes"]] == ["a", "β", "c"]
    assert [each["colour"] for each in header["codes"]["classes"]] == [palette.class_colour(i) for i in range(3)]
    assert header["colours"] == {
        "neutral": palette.NEUTRAL,
        "prior": palette.PRIOR,
        "data": palette.DATA,
        "decoded": palette.RECONSTRUCTION,
    }


def test_a_film_is_known_by_what_it_shows():
    names = {pack(REEL).name}
    assert len(names | {pack(REEL).name}) == 1
    changed = IMAGES.copy()
    changed[2, 3, 0, 1, 4] += 1
    for other in (
        dataclasses.replace(REEL, decoded=Sheet("sheet", changed, 2)),
        dataclasses.replace(REEL, steps=(0, 1, 21)),
        dataclasses.replace(REEL, codes=dataclasses.replace(CODES, means=MEANS + 1)),
    ):
        names.add(pack(other).name)
    assert len(names) == 4
    assert pack(REEL) == pack(REEL)


def codes(**changes):
    return {"codes": dataclasses.replace(CODES, **changes)}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"steps": ()}, "steps must be 1 to 100 rising numbers"),
        ({"steps": (0, 5, 5)}, "rising"),
        ({"steps": (0, 1)}, r"means must have the shape \(2, "),
        (codes(means=MEANS[..., :1]), r"got \(3, 6, 1\)"),
        (codes(means=np.zeros((3, 2001, 2))), "1 to 2,000"),
        (codes(means=MEANS * np.nan), "not finite"),
        (codes(labels=np.array([0, 1])), "labels must be one a mean, 6, from 0 to 2"),
        (codes(labels=np.array([0, 1, 2, 3, 0, 0])), "from 0 to 2"),
        (codes(extents=(1, 2)), "extents must be one a frame, 3"),
        (codes(extents=(1, 0, 2)), "above 0"),
        ({"epoch_steps": (10,)}, "one value an epoch, 1"),
        ({"decoded": Sheet("s", IMAGES[:2], 2)}, r"images must have the shape \(3, n, C, H, W\)"),
        ({"decoded": Sheet("s", IMAGES, 0)}, "in 1 or more columns"),
        ({"decoded": Sheet("s", IMAGES.astype(np.float32), 2)}, "images must be uint8"),
        ({"decoded": Sheet("s", IMAGES[:, :0], 2)}, "at least one a frame"),
        ({"decoded": Sheet("s", np.zeros((3, 9000, 1, 28, 28), np.uint8), 10)}, "at most 16,000,000 bytes"),
        ({"decoded": dataclasses.replace(PLANE, decoded=DECODED[:2])}, r"decoded must have the shape \(3, n, 2\)"),
        ({"decoded": dataclasses.replace(PLANE, mesh=4)}, "a mesh of side s needs s² points, got 4 and 9"),
    ],
)
def test_what_cannot_be_shown_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        pack(dataclasses.replace(REEL, **change))


@pytest.mark.parametrize("start", [-1, 3])
def test_a_start_the_film_does_not_have_is_refused(start):
    with pytest.raises(ValueError, match=f"frames 0 to 2, got {start}"):
        film.film_player(pack(REEL), start, key="film")


@pytest.mark.parametrize("value", [-1, 3, 10**30, 1.0, True, "1", None, [1], {"frame": 1}, float("nan")])
def test_a_frame_no_film_can_have_told_is_ignored(value):
    assert film.read_settled(value, 3) is None


@pytest.mark.parametrize("value", [0, 2])
def test_a_real_frame_is_taken(value):
    assert film.read_settled(value, 3) == value


def page():
    import streamlit as st

    from tests.app.components.test_film import REEL
    from vaedemo.app.components.film import film_player
    from vaedemo.app.components.film.reel import pack

    film_player(pack(REEL), 1, key="film", on_settled=lambda frame: None)
    st.write("drawn")


def test_a_page_with_a_film_runs():
    app = AppTest.from_function(page).run()
    assert not app.exception
    assert app.main.children[0].type == "bidi_component"
    assert app.markdown[0].value == "drawn"
