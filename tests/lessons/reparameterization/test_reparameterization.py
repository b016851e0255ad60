"""The page on the reparameterization trick without a browser: links, numbers, the ratio it promises, its code."""

import numpy as np
import pytest

from tests.app.pages import figures, link_of, open_page, press
from tests.app.test_code_of_view import check_twin
from vaedemo.app.lessons.reparameterization import sketches
from vaedemo.app.lessons.reparameterization.code import three_digits

PAGE = "reparameterization"


def ratio(query):
    shown = figures(open_page(PAGE, query))["Score over pathwise"]
    return float(shown.removesuffix(" ×").replace(",", ""))


def test_a_thousand_times_on_digits_a_few_times_on_the_ring():
    assert ratio({}) > 1000
    assert 4 < ratio({"run": "ring-2d"}) < 8
    assert 3 < ratio({"score": "baseline"}) < 12
    assert 3 < ratio({"score": "baseline", "run": "ring-2d"}) < 12


def test_the_next_draw_moves_on_and_keeps_the_means():
    at = open_page(PAGE, {"draw": "1999"})
    before = figures(at)
    at = press(at, "reparameterization.next")
    assert link_of(at) == {}
    assert figures(at) == before


@pytest.mark.parametrize(
    "query",
    [
        {"image": "7", "seed": "3", "pair": "axis1", "score": "baseline", "k": "5"},
        {"run": "ring-2d", "angle": "95", "pair": "logvar"},
    ],
)
def test_the_code_of_another_view_prints_its_numbers(query):
    assert check_twin(PAGE, query) != figures(open_page(PAGE))


def test_numbers_have_three_digits():
    assert [three_digits(value) for value in (2935412.3, 1474.6, 0.05234, 4.515)] == [
        "2,940,000",
        "1,470",
        "0.0523",
        "4.51",
    ]


def test_the_cloud_is_centred_on_the_exact_gradient():
    estimates = np.array([[0.0, 5.0], [2.0, 9.0], [4.0, 1.0]])
    cloud = sketches.cloud_sketch("score", estimates, np.array([2.0, 5.0]), np.array([3.0, 6.0]), ("a", "b"), marked=1)
    assert (cloud.x.low, cloud.x.high, cloud.y.low, cloud.y.high) == (-1.0, 5.0, -1.0, 11.0)
    (marked,) = [layer for layer in cloud.layers if layer.get("name") == "draw above"]
    assert (marked["x"], marked["y"]) == ([2.0], [9.0])


def test_many_estimates_are_thinned_out_but_for_the_marked_one():
    estimates = np.arange(4000.0).reshape(2000, 2)
    cloud = sketches.cloud_sketch("pathwise", estimates, estimates[0], np.ones(2), ("a", "b"), marked=1)
    counts = {layer["name"]: len(layer["x"]) for layer in cloud.layers if layer["kind"] == "dots"}
    assert counts == {"draw above": 1, "estimates": sketches.MOST_DOTS}


def test_variance_lines_fall_by_one_power_in_one_power():
    measured = {kind: [1000.0, 100.0, 10.0] for kind in sketches.CURVES}
    drawn = sketches.variance_sketch((1, 10, 100), measured, chosen=10)
    lines = [layer for layer in drawn.layers if layer["kind"] == "line"]
    assert [line["y"] for line in lines] == [[3.0, 1.0]] * 3
    assert (drawn.y.low, drawn.y.high) == (1, 3)
    assert drawn.y.ticks[0] == (1, "10¹")
    assert sketches.power_of_ten(-12) == "10⁻¹²"
