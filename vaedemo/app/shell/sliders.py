"""Sliders over listed numbers, for quantities that span several powers of ten."""

import math
from collections.abc import Sequence
from typing import Any

import streamlit as st

from vaedemo.app.shell.view import View
from vaedemo.rules import ConfigError, real


def decades(low: float, high: float) -> tuple[float, ...]:
    """1, 1.5, 2, 3, 5, 7 times each power of ten from `low` to `high`, both included."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    values = (float(f"{digit}e{power}") for power in powers for digit in (1, 1.5, 2, 3, 5, 7))
    return tuple(value for value in values if low <= value <= high)


def listed(values: Sequence[float]):
    """A rule that accepts exactly these numbers, in ascending order; a link's text is read as one of them."""

    def check(name: str, value: Any) -> float:
        accepts = f"one of the {len(values)} steps from {values[0]:g} to {values[-1]:g}, such as {values[1]:g}"
        try:
            number = real(values[0], values[-1])(name, value)
        except ConfigError:
            raise ConfigError(name, value, accepts) from None
        if number not in values:
            raise ConfigError(name, value, accepts)
        return values[values.index(number)]  # a whole number stays one

    return check


def slider(view: View, name: str, label: str, values: Sequence[float], help: str | None = None) -> float:
    """Draw a slider that stops at the listed numbers; return its value."""
    return st.select_slider(label, values, format_func="{:g}".format, key=view.key(name), help=help)
