"""Signed steps: each bar starts where the last one ended, the sum is drawn from 0, names are escaped."""

import re

import pytest

from vaedemo.app.components import signed_steps

TERMS = {"up": 3.0, "down": -1.0, "more": 0.5}


def bars(html: str) -> list[tuple[float, float]]:
    return [(float(left), float(width)) for left, width in re.findall(r"left: ([\d.]+)%; width: ([\d.]+)%", html)]


def test_bars_follow_one_another_and_end_at_the_sum():
    html = signed_steps.one_sum("KL", TERMS, "sum", "nats", 0.0, 5.0)
    assert bars(html) == [(0, 60), (40, 20), (40, 10), (0, 50)]
    assert re.findall(r"class='value'>([^<]+)<", html) == ["+3.00", "−1.00", "+0.50", "2.50"]
    assert [kind.strip() for kind in re.findall(r"class='step ([^']*)'", html)] == ["", "minus", "", "sum"]


def test_a_sum_that_dips_below_zero_stays_on_its_track():
    html = signed_steps.one_sum("KL", {"down": -2.0, "up": 3.0}, "sum", "nats", -2.0, 2.0)
    assert bars(html) == [(0, 50), (0, 75), (50, 25)]


def test_names_are_escaped():
    assert "<script>" not in signed_steps.one_sum("<script>", {"<b>": 1.0}, "sum", "nats", 0.0, 1.0)


@pytest.mark.parametrize(
    ("value", "scale"), [(0.0, 0.5), (0.5, 0.5), (0.51, 0.7), (7.1, 10), (12.8, 15), (5000.1, 7000)]
)
def test_the_scale_is_rounded_up(value, scale):
    assert signed_steps.rounded(value) == pytest.approx(scale)
