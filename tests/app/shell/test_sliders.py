"""Sliders over listed numbers: which numbers, and what a link may say."""

import pytest

from vaedemo.app.shell import sliders
from vaedemo.rules import ConfigError


def test_decades_hold_both_ends_and_six_steps_each():
    values = sliders.decades(0.01, 10)
    assert values[0] == 0.01 and values[-1] == 10
    assert values[:7] == (0.01, 0.015, 0.02, 0.03, 0.05, 0.07, 0.1)
    assert list(values) == sorted(set(values))
    assert len(values) == 19


@pytest.mark.parametrize("text", ["0.015", "1.5e-2", 0.015])
def test_a_listed_number_is_read(text):
    assert sliders.listed(sliders.decades(0.01, 10))("variance", text) == 0.015


@pytest.mark.parametrize("value", ["5", 5.0, 5])
def test_a_listed_whole_number_stays_one(value):
    read = sliders.listed((1, 5, 10))("n", value)
    assert read == 5 and isinstance(read, int)


@pytest.mark.parametrize("text", ["0.016", "100", "0", "nan", "-1", "x", ""])
def test_any_other_is_refused_with_what_is_accepted(text):
    with pytest.raises(ConfigError, match=r"variance accepts one of the 19 steps from 0\.01 to 10, such as 0\.015"):
        sliders.listed(sliders.decades(0.01, 10))("variance", text)
