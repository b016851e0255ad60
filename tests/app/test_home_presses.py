"""Presses of home's buttons that come together end where presses one by one would."""

from functools import reduce

import pytest

from tests.app.pages import link_of, open_page, press


@pytest.mark.parametrize("presses", [1, 12, 100_003])
def test_another_digit(presses):
    at = press(open_page("lessons/home.py", {"noise": "3"}), "home.another", presses)
    image = reduce(lambda image, _: (image * 7 + 1) % 5000, range(presses), 42)
    assert link_of(at) == {"image": str(image)}


def test_resample():
    assert link_of(press(open_page("lessons/home.py", {"noise": "99998"}), "home.resample", 12)) == {"noise": "10"}
