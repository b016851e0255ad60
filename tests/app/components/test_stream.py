"""The stream's packing: shapes, order of the numbers, what is refused."""

import numpy as np
import pytest

from vaedemo.app.components.sketch import Axis, Sketch
from vaedemo.app.components.stream import pack

GROUND = Sketch(Axis("x₁", -1, 1), Axis("x₂", -1, 1), [])
HOW = {"name": "xₖ", "color": "#808792", "label": "Points that flow", "height": 200}


def test_places_come_step_by_step_and_point_by_point():
    packed = pack(np.arange(12).reshape(3, 2, 2), GROUND, **HOW)
    assert packed["paths"] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]
    assert packed["label"] == "Points that flow" and packed["x"]["title"] == "x₁"


@pytest.mark.parametrize(
    ("paths", "words"),
    [
        (np.zeros((3, 2)), "paths must have the shape"),
        (np.zeros((201, 1, 2)), "paths must have the shape"),
        (np.zeros((2, 1001, 2)), "1 to 1,000 points"),
        (np.full((2, 3, 2), np.nan), "must be finite"),
    ],
)
def test_paths_that_cannot_be_drawn_are_refused(paths, words):
    with pytest.raises(ValueError, match=words):
        pack(paths, GROUND, **HOW)
