"""The page on denoising without a browser: links, what its numbers must show, its code, its pictures."""

import numpy as np
import pytest

from tests.app.in_process import check_numbers
from tests.app.pages import code_of, figures, open_page
from tests.app.test_pages import check_link, check_refused
from vaedemo.app import catalogue
from vaedemo.app.lessons.denoising import field, sketches
from vaedemo.figures import level_curves, palette
from vaedemo.training import shipped_runs

PAGE = "denoising"
VIEWS = [
    {"sigma": "0.1", "x1": "1.2", "x2": "-0.3"},
    {"field": "own", "own_sigma": "0.25"},
    {"part": "images", "kind": "masking", "level": "0.25", "steps": "4", "noise": "3"},
    {"part": "images", "trained_on": "salt_pepper", "kind": "salt_pepper", "level": "0"},
    {"part": "images", "models": "own", "dataset": "fashion", "train_level": "0.3"},
    {"part": "mean", "sigma": "0.5", "x1": "0.3"},
    {"part": "flow", "sigma": "0.2"},
]


def number(text: str) -> float:
    return float(text.split()[0].rstrip("%").replace("∞", "inf"))


def shown(**query):
    return {label: number(value) for label, value in figures(open_page(PAGE, query)).items()}


@pytest.mark.parametrize("query", VIEWS)
def test_a_link_opens_its_view_and_its_numbers_are_its_code_s(query):
    check_link(PAGE, query)
    check_numbers(PAGE, query)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("sigma", "0.17", "sigma accepts one of the 5 steps"),
        ("own_sigma", "-0.1", "own_sigma accepts a number from 0.02 to 1"),
        ("own_sigma", "nan", "own_sigma accepts a number from 0.02 to 1"),
        ("x1", "9", "x1 accepts a number from -1.75 to 1.75"),
        ("level", "nan", "level accepts a number from 0 to 1"),
        ("level", "-0.5", "level accepts a number from 0 to 1"),
        ("train_level", "0", "train_level accepts a number from 0.05 to 1"),
        ("kind", "rain", "kind accepts one of gaussian, masking, salt_pepper"),
        ("steps", "11", "steps accepts a whole number from 1 to 10"),
    ],
)
def test_a_wrong_value_is_refused_in_one_sentence(name, value, words):
    check_refused(PAGE, name, value, words)


@pytest.mark.parametrize("sigma", shipped_runs.SIGMAS)
def test_the_learned_arrows_are_the_exact_ones(sigma):
    found = shown(sigma=f"{sigma:g}")
    assert found["Mean cosine"] >= 0.95
    assert found["Cosine ≥ 0.95"] >= 85
    # A network that is trained long enough comes to the lumpy density of its own 4,000 points, not to the ring's.
    assert 0.85 < found["Weighted by density"] < found["4,000 points alone"] < 1


def test_a_denoiser_beats_the_plain_one_on_the_noise_that_it_knows_and_not_on_clean_images():
    for kind, level in (("gaussian", "0.5"), ("masking", "0.5"), ("salt_pepper", "0.3")):
        known = shown(part="images", trained_on=kind, kind=kind, level=level)
        assert known["Denoised"] > known["Plain"] + 3 and known["Plain"] > known["Corrupted input"]
    clean = shown(part="images", trained_on="masking", kind="masking", level="0")
    half = shown(part="images", trained_on="masking", kind="masking", level="0.5")
    assert clean["Denoised"] < half["Denoised"] and clean["Denoised"] < clean["Plain"] < clean["Corrupted input"]
    new = shown(part="images", trained_on="gaussian", kind="masking", level="0.5")
    assert new["Denoised"] < new["Plain"]


def test_an_own_model_asks_to_be_trained_and_its_code_trains_it():
    at = open_page(PAGE, {"field": "own"})
    assert [each.label for each in at.button if each.label.startswith("Train")] == ["Train this model"]
    assert list(figures(at)) == ["Exact arrow"]
    at = open_page(PAGE, {"part": "images", "models": "own"})
    assert [each.label for each in at.button if each.label.startswith("Train")] == ["Train it, and a plain one"]
    assert list(figures(at)) == ["Corrupted input"] and "RunConfig" not in code_of(at)


def test_an_arrow_ends_where_it_points():
    start, arrow = np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([[1.0, 0.0], [0.0, 0.01]])
    drawn = sketches.arrows(start, arrow, 0.1)
    points = np.array([drawn["x"], drawn["y"]], dtype=np.float64).T.reshape(2, 7, 2)
    np.testing.assert_allclose(points[:, 0], start, atol=1e-5)
    np.testing.assert_allclose(points[:, 1], start + arrow, atol=1e-5)
    np.testing.assert_allclose(points[:, 4], start + arrow, atol=1e-5)
    assert np.isnan(points[:, [2, 6]]).all()
    heads = np.linalg.norm(points[:, 3] - points[:, 4], axis=1)
    assert heads[0] == pytest.approx(0.1 * np.hypot(1, 0.6), abs=1e-4) and heads[1] < 0.01


def test_errors_off_the_axis_do_not_leave_the_plot_s_numbers():
    curves = {"plain": [0.02, 0.1], "Gaussian 0.5": [0.01, 0.2]}
    drawn = level_curves.level_curves([0.0, 1.0], curves, [0.0, 0.3], level=0.5, chosen="Gaussian 0.5", x_title="σ")
    itself, plain, own = drawn.data
    assert itself.y == (None, 0.3) and plain.y == (0.02, 0.1)
    assert (plain.line.color, own.line.color) == (palette.NEUTRAL, palette.RECONSTRUCTION)


def test_while_it_is_asked_no_arrow_is_drawn():
    data, place = field.ring(), np.array([0.3, 0.3])
    for drawn in (sketches.asked(data), sketches.asked(data, place)):
        assert not [layer for layer in drawn.layers if layer["color"] == palette.RECONSTRUCTION]
        assert drawn.handle is None


def test_what_holds_at_a_point_is_kept_by_run_and_place():
    shipped = [catalogue.run(shipped_runs.denoised_ring(sigma)) for sigma in (0.3, 0.2)]
    found = [field.learned_field(run.digest, run) for run in shipped]
    first = field.at_point(0.3, shipped[0].digest, shipped[0], found[0], 0.45, 0.4)
    other_run = field.at_point(0.3, shipped[1].digest, shipped[1], found[1], 0.45, 0.4)
    other_place = field.at_point(0.3, shipped[0].digest, shipped[0], found[0], 0.45, 0.5)
    no_run = field.at_point(0.3, "", None, None, 0.45, 0.4)
    assert first.exact == other_run.exact == no_run.exact != other_place.exact
    assert len({first.learned, other_run.learned, other_place.learned, no_run.learned}) == 4
    assert field.at_point(0.3, shipped[0].digest, shipped[0], found[0], 0.45, 0.4) is first
