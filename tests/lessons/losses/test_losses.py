"""The page on reconstruction losses: what its exhibits say, against what is known of them."""

import pytest

from tests.app.in_process import check_numbers
from tests.app.pages import figures, link_of, open_page, sentences

PAGE = "losses"
EXPLORE = {"step": "explore"}


def number(text: str) -> float:
    return float(text.split()[0].rstrip("%"))


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"step": "gaussian", "variance": "0.003", "prediction": "0.9"},
        {"part": "density", "x": "0", "variance": "0.02"},
        {"part": "levels", "rest": "next", "x": "1"},
        {"part": "levels", "rest": "far", "levels": "2", "prediction": "0.9"},
        {"part": "grey", "x": "0", "prediction": "0.5"},
        {"part": "grey", "prediction": "0.2"},
        {"x": "1", "prediction": "0.9", "variance": "0.01", "levels": "2"},
        {"part": "knob", "knob_variance": "0.015", "knob_beta": "7", "noise": "3"},
        {"part": "axes", "data": "fashion", "axes_variance": "0.1", "axes_beta": "2"},
        {"part": "axes", "data": "ring"},
        {"part": "axes", "reduction": "mean", "axes_beta": "0.01", "axes_variance": "0.01"},
        {"part": "floor", "images": "fashion", "image": "7", "draw": "2"},
        {"part": "floor", "pixels": "binary"},
    ],
)
def test_every_exhibit_s_numbers_are_its_code_s(query):
    check_numbers(PAGE, query)


def test_black_and_white_pixels_have_a_likelihood_and_grey_ones_a_loss():
    assert "Cross-entropy" in figures(open_page(PAGE, EXPLORE))
    shown = figures(open_page(PAGE, {"x": "1", "prediction": "0.5", "levels": "2"}))
    assert "Cross-entropy" not in shown
    assert shown["Bernoulli"] == shown["Categorical"] == "0.693 nats"


def test_the_lecture_s_loss_is_the_gaussian_less_its_constant():
    shown = figures(open_page(PAGE, {"x": "0.5", "prediction": "0.9"}))
    assert number(shown["½(x − x̂)²"]) == 0.08
    assert number(shown["Gaussian"]) == pytest.approx(0.08 + 0.9189, abs=1e-3)


def test_the_density_s_loss_is_the_mistake_and_a_constant():
    shown = {label: number(value) for label, value in figures(open_page(PAGE)).items()}
    assert shown["−log p(x|z)"] == pytest.approx(shown["(x − x̂)²/2σ²"] + shown["C"], abs=2e-3)
    unit = figures(open_page(PAGE, {"part": "density"}))
    assert number(unit["(x − x̂)²/2σ²"]) == pytest.approx(number(unit["½(x − x̂)²"]), abs=1e-3)


@pytest.mark.parametrize("query", [{}, {"knob_variance": "0.003", "knob_beta": "50"}, {"knob_variance": "10"}])
def test_both_sides_of_the_identity_agree_to_the_printed_digits(query):
    shown = figures(open_page(PAGE, {"part": "knob"} | query))
    assert shown["L(σ², β)"] == shown["L(1, βσ²)/σ² + constant"]
    assert shown["Slope of the gradients"] == shown["1/σ²"]


@pytest.mark.parametrize(("data", "kept"), [("mnist-55k", "12 of 784"), ("fashion", "8 of 784"), ("ring", "0 of 2")])
def test_axes_kept_at_the_lecture_s_variance(data, kept):
    query = {"part": "axes"} | ({} if data == "mnist-55k" else {"data": data})
    at = open_page(PAGE, query)
    assert figures(at)["Axes kept"] == kept
    assert link_of(at) == query


def test_losses_lie_between_floor_and_ceiling():
    for query in ({}, {"images": "fashion"}, {"pixels": "binary"}):
        shown = figures(open_page(PAGE, {"part": "floor"} | query))
        values = [number(shown[name]) for name in ("Floor", "20 axes", "2 axes", "Ceiling")]
        assert values == sorted(values)
    assert values[0] == 0  # black and white pixels have no entropy of their own


def test_other_exhibits_keep_their_state():
    at = open_page(PAGE, {"part": "axes", "axes_variance": "0.1"})
    at.segmented_control(key="losses.part").set_value("pixel").run()
    assert link_of(at) == {"axes_variance": "0.1"}
    at.segmented_control(key="losses.part").set_value("axes").run()
    assert at.select_slider(key="losses.axes_variance").value == 0.1
    assert sentences(at) == []


@pytest.mark.parametrize("part", ["pixel", "density", "levels", "grey", "knob", "axes", "floor"])
def test_every_exhibit_is_in_explore(part):
    at = open_page(PAGE, EXPLORE | ({} if part == "pixel" else {"part": part}))
    assert not at.exception and sentences(at) == []
    assert figures(at)
    assert at.segmented_control(key="losses.part").value == part
