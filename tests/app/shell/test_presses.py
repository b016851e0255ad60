"""Presses that come together end where presses one by one would."""

from functools import reduce

import pytest

from tests.app.pages import link_of, open_page, press


@pytest.mark.parametrize("presses", [1, 12, 100_003])
def test_another_digit(presses):
    at = press(open_page("home", {"noise": "3"}), "home.another", presses)
    image = reduce(lambda image, _: (image * 7 + 1) % 5000, range(presses), 42)
    assert link_of(at) == {"image": str(image)}


@pytest.mark.parametrize(
    ("page", "query", "button", "seed", "end"),
    [
        ("home", {"image": "7"}, "home.resample", "noise", 100_000),
        ("losses", {"part": "floor"}, "losses.resample", "draw", 100_000),
        ("likelihood", {"source": "encoder"}, "likelihood.new", "seed", 100_000),
        ("reparameterization", {}, "reparameterization.next", "draw", 2_000),
    ],
)
def test_the_seed_goes_round(page, query, button, seed, end):
    at = press(open_page(page, query | {seed: str(end - 2)}), button, 12)
    assert link_of(at) == query | {seed: "10"}
