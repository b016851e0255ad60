"""Presses move a seed on by one each, whatever the browser's field still shows; what was typed counts."""

import pytest

from tests.app.pages import link_of, open_page, press

PAGES = {"gallery": {"side": "2", "picked": "-1"}, "ring": {}}


@pytest.fixture(params=PAGES)
def opened(request):
    """A page that has a seed's field, the keys of its field and button, and the seed in its link."""
    name = request.param
    at = open_page(name, PAGES[name] | {"seed": "100"})
    return at, f"{name}.seed", f"{name}.new"


def test_presses_come_with_a_seed_of_before(opened):
    at, field, button = opened
    at = press(at, button)
    at.number_input(key=field).set_value(100)  # The browser has not drawn the answer yet.
    at = press(at, button, 11)
    assert link_of(at)["seed"] == "112"
    assert at.number_input(key=field).value == 112


def test_a_typed_seed_is_moved_on(opened):
    at, field, button = opened
    at = press(at, button, 3)
    at = at.number_input(key=field).set_value(99_998).run()
    assert link_of(at)["seed"] == "99998"
    assert link_of(press(at, button, 3))["seed"] == "1"
