"""The two large charts of the β page: what they show of a sweep, and what they hide while a question is open."""

import json
from dataclasses import replace

import numpy as np
import pytest

from vaedemo.app.lessons.beta import data, plots, steps
from vaedemo.figures import palette


@pytest.fixture(scope="module")
def digits():
    return data.shipped(steps.DIGITS)


def texts(figure):
    return [each.text.removeprefix("<b>").removesuffix("</b>") for each in figure.layout.annotations]


def test_the_curve_has_a_named_point_for_each_beta_from_a_tenth_on(digits):
    figure = plots.curve(digits, is_open=False, tall=400)
    found = [each for each in reversed(digits.figures) if each.beta >= 0.1]
    points = figure.data[-1]
    np.testing.assert_array_equal(np.column_stack([points.y, points.x]), [each.test for each in found])
    assert list(points.customdata) == [f"{each.beta:g}" for each in found]
    assert points.hovertemplate.startswith("β = %{customdata}") and points.hovertemplate.count("nats") == 2
    assert texts(figure)[2:] == ["β = 50", "β = 10", "β = 4", "2", "1", "0.5", "0.1"]
    assert points.line.color == palette.ELBO


def test_the_first_step_along_the_curve_has_its_price_and_its_gain(digits):
    figure = plots.curve(digits, is_open=False, tall=400)
    (before, after) = (np.array(each.test) for each in (digits.figures[-1], digits.figures[-2]))
    cost, saving, _ = figure.data
    assert list(cost.x) == [before[1], after[1]] and list(saving.y) == [before[0], after[0]]
    assert (cost.line.color, saving.line.color) == (palette.KL, palette.RECONSTRUCTION)
    assert texts(figure)[:2] == [f"+{after[1] - before[1]:.1f} nats", f"−{before[0] - after[0]:.0f} nats"]


def test_an_open_question_shows_the_first_point_alone(digits):
    figure = plots.curve(digits, is_open=True, tall=400)
    (points,) = figure.data
    assert list(points.y) == [digits.figures[-1].test[0]]
    assert figure.layout.shapes[0].x0 == digits.figures[-2].test[1]
    assert texts(figure) == ["β = 10: where?", "β = 50"]


def test_the_two_parts_stand_on_each_other_and_add_up(digits):
    figure = plots.split(digits, is_open=False, tall=400)
    known, apart, level = figure.data
    assert figure.layout.barmode == "stack"
    assert (known.marker.color, apart.marker.color) == (palette.DATA, palette.PRIOR)
    total = [max(each.split.kl, 0.0) for each in reversed(digits.figures)]
    np.testing.assert_allclose(np.array(known.y) + apart.y, total, atol=1e-12)
    assert known.y[-1] == pytest.approx(digits.figures[0].split.information)
    assert {y for y in level.y if np.isfinite(y)} == {digits.figures[0].split.log_count}
    assert list(figure.layout.xaxis.ticktext) == ["50", "10", "4", "2", "1", "0.5", "0.1", "0.01"]
    assert texts(figure)[-1] == f"{digits.figures[0].split.kl:.1f}"
    assert all("β = %{customdata}" in each.hovertemplate and "nats" in each.hovertemplate for each in (known, apart))


def test_an_open_question_shows_the_whole_kl_and_no_part(digits):
    figure = plots.split(digits, is_open=True, tall=400)
    (whole,) = figure.data
    assert whole.marker.color == palette.KL and whole.y[-1] == digits.figures[0].split.kl
    assert "I(x; z)" not in json.dumps(figure.to_dict(), default=str, ensure_ascii=False)


@pytest.mark.parametrize("draw", [plots.curve, plots.split])
@pytest.mark.parametrize("is_open", [False, True])
def test_a_sweep_of_two_models_is_drawn(digits, draw, is_open):
    few = replace(digits, figures=digits.figures[:2])
    figure = draw(few, is_open=is_open, tall=400)
    for axis in (figure.layout.xaxis, figure.layout.yaxis):
        assert axis.range[0] < axis.range[1]
    assert figure.data
