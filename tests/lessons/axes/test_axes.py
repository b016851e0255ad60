"""The page on latent axes without a browser: links, what its numbers must obey, its code, its pictures."""

import numpy as np
import pytest

from tests.app.in_process import check_numbers
from tests.app.pages import figures, open_page, sentences
from tests.app.test_pages import check_link, check_refused, check_whole
from vaedemo.app.lessons.axes import sketches

PAGE = "axes"


def number(text: str) -> float:
    return float(text.split()[0])


def shown(**query):
    return {label: number(value) for label, value in figures(open_page(PAGE, query)).items()}


VIEWS = [
    {"digit": "7", "theta": "20"},
    {"part": "along", "run": "fashion-20d", "image": "7", "axis": "3"},
    {"part": "along", "run": "shapes-beta8"},
    {"part": "factors", "shapes": "shapes-beta8", "turned": "45"},
    {"part": "product", "cloud": "mnist-2d"},
    {"part": "sizes", "correlation": "0.3"},
    {"part": "strips", "shapes": "shapes-beta8", "beside": "shapes-beta1", "start": "7"},
]


@pytest.mark.parametrize("query", VIEWS)
def test_a_link_opens_its_view_and_its_numbers_are_its_code_s(query):
    check_link(PAGE, query)
    check_numbers(PAGE, query)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("part", "everything", "part accepts one of turn, along, factors, strips, product, sizes"),
        ("theta", "91", "theta accepts a whole number from 0 to 90"),
        ("theta", "44", "theta accepts a multiple of 5 from 0 to 90"),
        ("axis", "-1", "axis accepts a whole number from 0 to 1,024"),
        ("image", "1000", "image accepts a whole number from 0 to 999"),
        ("shapes", "shapes-beta3", "shapes accepts one of shapes-beta1"),
        ("turned", "nan", "turned accepts a whole number from 0 to 90"),
        ("start", "2000", "start accepts a whole number from 0 to 1,999"),
        ("correlation", "1", "correlation accepts a number from 0 to 0.9"),
    ],
)
def test_a_wrong_value_is_refused_in_one_sentence(name, value, words):
    check_refused(PAGE, name, value, words)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"axis": "25"}, "axis accepts a whole number from 1 to 20 for this run"),
        ({"run": "mnist-2d-autoencoder"}, "The KL of each axis of 'mnist-2d-autoencoder' needs a distribution q(z|x)"),
        ({"run": "ring-2d"}, "Choose a VAE of images with at least 2 latent axes; 'ring-2d' is ring"),
        ({"run": "no-such-run"}, "No run is called 'no-such-run'"),
    ],
)
def test_an_axis_or_a_run_without_one_is_one_sentence_and_the_page_goes_on(query, words):
    at = open_page(PAGE, {"part": "along"} | query)
    check_whole(at)
    (sentence,) = sentences(at)
    assert sentence.startswith(words)
    assert figures(at)["KL of this axis"] == figures(open_page(PAGE, {"part": "along"}))["KL of this axis"]


def test_turning_moves_the_bound_and_not_log_p():
    turned = shown(theta="45")
    assert turned["log p(x)"] == pytest.approx(turned["log p(x), turned 45°"], abs=0.02)
    assert turned["Best ELBO, α"] < turned["Best ELBO, 0°"] <= turned["log p(x)"] + 0.01
    assert turned["Mean change, ten digits"] < -0.05
    for theta in ("0", "90"):
        assert shown(theta=theta)["Mean change, ten digits"] == pytest.approx(0, abs=0.005)


def test_for_some_digits_turning_helps():
    assert shown(digit="6", theta="60")["Change, α"] > 0


def test_dead_axes_move_nothing():
    at = open_page(PAGE, {"part": "along", "run": "fashion-20d"})
    least = at.selectbox(key="axes.axis").options[-1]
    moved = number(figures(at)["Pixels moved"])
    assert "KL 0.0" in least
    at.selectbox(key="axes.axis").set_value(least).run()
    assert number(figures(at)["Pixels moved"]) < 0.05 * moved


def test_turning_two_axes_that_know_x_and_y_lowers_mig():
    turned = shown(part="factors", shapes="shapes-beta8", turned="45")
    assert turned["MIG, two axes turned"] < turned["MIG"] - 0.2
    assert shown(part="factors", turned="0")["MIG, two axes turned"] == shown(part="factors")["MIG"]


def test_a_matrix_has_a_cell_for_each_value_from_the_top():
    drawn = sketches.matrix(np.array([[1.0, -0.5, 0.0], [0.0, 0.25, 2.0]]), ["a", "b"], ["p", "q", "r"], "t", 1.0)
    coloured = [layer for layer in drawn.layers if layer["kind"] == "bar"][1::2]
    assert [layer["alpha"] for layer in coloured] == [0.85, 0.425, 0, 0, 0.212, 0.85]
    assert coloured[0]["y"][1] > coloured[3]["y"][1]
    assert [layer["text"] for layer in drawn.layers if layer["kind"] == "words"][:2] == ["100 %", "-50 %"]


def test_the_turned_axes_pass_through_the_mean_of_q():
    gaussian = (np.array([1.0, -2.0]), np.diag([0.04, 0.01]))
    drawn = sketches.turned_plane(np.zeros((5, 2)), gaussian, gaussian, 0.3)
    dotted = [layer for layer in drawn.layers if layer.get("dash") == "dotted"]
    directions = []
    for layer in dotted:
        ends = np.array([layer["x"], layer["y"]]).T
        np.testing.assert_allclose(ends.mean(0), gaussian[0], atol=1e-5)
        directions.append(ends[1] - ends[0])
    assert directions[0] @ directions[1] == pytest.approx(0, abs=1e-4)
    # α = 0.3 turns the codes, so the new first axis points to (cos α, −sin α) on the old ones.
    assert directions[0][1] / directions[0][0] == pytest.approx(-np.tan(0.3), abs=1e-4)
