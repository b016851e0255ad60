"""The page on the KL of Gaussians: what its exhibits say, against what is known of them."""

import math

import pytest

from tests.app.in_process import check_numbers
from tests.app.pages import figures, link_of, open_page

PAGE = "kl"
EXPLORE = {"step": "explore"}
TERMS = ("Trace", "Mahalanobis", "−k/2", "Log-determinant")


def number(text: str) -> float:
    return float(text.split()[0])


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"step": "answer", "sigma": "0.3"},
        {"part": "integrand", "e": "-0.7", "sigma": "2.05"},
        {"axes": "1", "q_mean1": "2", "p_sd1": "0.3"},
        {"part": "axis", "mean": "1.5", "variance": "7"},
        {"part": "modes", "distance": "1", "share": "0.2", "start": "right"},
        {"part": "modes", "target": "plane"},
        {"part": "modes", "target": "image", "digit": "1"},
        {"part": "correlated", "correlation": "-0.4", "sd2": "0.7"},
    ],
)
def test_every_exhibit_s_numbers_are_its_code_s(query):
    check_numbers(PAGE, query)


def test_the_known_divergences_of_the_lecture():
    equal = {"axes": "1", "q_sd1": "1", "p_mean1": "0", "p_sd1": "1"}
    assert figures(open_page(PAGE, equal))["KL(q‖p)"] == "0.500 nats"
    wide = equal | {"q_mean1": "0", "q_sd1": "2"}
    assert figures(open_page(PAGE, wide))["KL(q‖p)"] == "0.807 nats"


def test_the_terms_sum_to_the_divergence():
    shown = figures(open_page(PAGE, EXPLORE))
    assert sum(number(shown[name]) for name in TERMS) == pytest.approx(number(shown["KL(q‖p)"]), abs=2e-3)


def test_swapping_exchanges_the_directions():
    at = open_page(PAGE, EXPLORE)
    before = figures(at)
    at.button(key="kl.swap").click().run()
    after = figures(at)
    assert (after["KL(q‖p)"], after["KL(p‖q)"]) == (before["KL(p‖q)"], before["KL(q‖p)"])
    at.button(key="kl.swap").click().run()
    assert link_of(at) == EXPLORE


def test_an_axis_pays_nothing_at_the_prior():
    shown = figures(open_page(PAGE, {"part": "axis", "mean": "0", "variance": "1"}))
    assert set(shown.values()) == {"0.0000 nats"}


def test_one_mode_is_taken_and_both_are_covered():
    shown = figures(open_page(PAGE, {"part": "modes", "distance": "6"}))
    assert number(shown["KL(q‖p), from the left"]) == pytest.approx(-math.log(0.6), abs=2e-3)
    assert number(shown["KL(q‖p), from the right"]) == pytest.approx(-math.log(0.4), abs=2e-3)
    assert number(shown["σ₁ by KL(q‖p)"]) < 1 < 3 < number(shown["σ₁ by KL(p‖q)"])


def test_a_single_mode_is_fitted_alike_from_both_sides():
    shown = figures(open_page(PAGE, {"part": "modes", "distance": "0"}))
    assert shown["KL(q‖p), from the left"] == shown["KL(q‖p), from the right"] == shown["KL(p‖q)"] == "0.0000 nats"


def test_a_correlated_target_makes_q_too_narrow():
    shown = figures(open_page(PAGE, {"part": "correlated", "correlation": "0.6", "sd1": "1", "sd2": "2"}))
    assert number(shown["1/Λ₁₁"]) == pytest.approx(1 - 0.36)
    assert number(shown["1/Λ₂₂"]) == pytest.approx(4 * (1 - 0.36))
    assert number(shown["Σ₁₁"]) == 1 and number(shown["Σ₂₂"]) == 4
    assert number(shown["Smallest KL(q‖p)"]) == pytest.approx(-0.5 * math.log(1 - 0.36), abs=1e-4)
