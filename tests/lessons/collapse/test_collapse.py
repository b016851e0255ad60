"""The page on collapse without a browser: links, numbers and code of each exhibit, and a training of one's own."""

import numpy as np
import pytest

from tests.app.in_process import check_numbers
from tests.app.pages import code_of, figures, open_page, sentences
from vaedemo.app.lessons.collapse import data, own, plots, spectrum
from vaedemo.training import collapse

PAGE = "collapse"


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"part": "axes", "cure": "free-bits"},
        {"part": "course", "cure": "cycles"},
        {"part": "plane", "plane": "learned"},
        {"part": "spectrum", "variance": "0.3"},
    ],
)
def test_the_code_of_a_view_prints_its_numbers(query):
    check_numbers(PAGE, query)


def test_a_view_shows_the_numbers_of_its_training_and_of_the_one_without_a_cure():
    shown = figures(open_page(PAGE, {"part": "course", "cure": "cycles"}))
    assert f"Axes in use, {data.TITLES['cycles']}" in shown and f"KL, {data.TITLES['plain']}" in shown
    shown = figures(open_page(PAGE, {"part": "axes", "cure": "learned"}))
    assert f"σ², {data.TITLES['learned']}" in shown and f"½‖x − x̂‖², {data.TITLES['fixed']}" in shown


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"cure": "skip"}, "cure accepts one of plain, warm-up"),
        ({"variance": "-1"}, "variance accepts one of the"),
        ({"cycles": "0"}, "cycles accepts a whole number from 1 to 10"),
        ({"warm_up": "2"}, "warm_up accepts a number from 0 to 1"),
        ({"free_bits": "nan"}, "free_bits accepts a number from 0 to 5"),
    ],
)
def test_a_wrong_link_is_one_sentence(query, words):
    (said,) = sentences(open_page(PAGE, query))
    assert words in said


def test_a_summary_is_numpy_s_mean_and_deviation_over_the_seeds():
    for cure in collapse.CURES:
        found, rows = data.summary(cure), data.rows(cure)
        assert [row.seed for row in rows] == [*collapse.SEEDS]
        kl = np.array([row.kl for row in rows])
        assert found.kl == pytest.approx((kl.mean(), kl.std(ddof=1)))
        total = np.array([row.reconstruction + row.kl for row in rows])
        assert found.negative_elbo == pytest.approx((total.mean(), total.std(ddof=1)))
    assert data.gain("plain", "kl") == (0, 0)


def test_the_bars_are_sorted_and_the_floor_is_drawn():
    figure = plots.axes([0.1, 2.0, 0.0, 0.7], tall=300, floor=0.25, before=[1.0, 0.5, 0.2, 0.1])
    assert list(figure.data[0].y) == [2.0, 0.7, 0.1, 0.0]
    assert any(list(trace.y) == [0.25, 0.25] for trace in figure.data)
    assert list(figure.data[1].y) == [1.0, 0.5, 0.2, 0.1]


def test_an_open_question_has_no_cure_in_its_picture():
    def names(figure):
        return " ".join(each.text for each in figure.layout.annotations)

    for name, (first, *cures) in plots.PLANES.items():
        covered, told = (plots.plane(name, is_open=is_open, tall=300) for is_open in (True, False))
        assert data.TITLES[first] in names(covered)
        for cure in cures:
            assert f"<b>{plots.named(cure)}: " in names(told) and f"<b>{plots.named(cure)}: " not in names(covered)
    for cure in ("warm-up", "cycles"):
        assert len(plots.course(cure, is_open=True, tall=300).data) == 2
        assert len(plots.course(cure, is_open=False, tall=300).data) == 3


def test_the_picture_of_variances_marks_those_above_the_line():
    for variance in (20.0, 1.0, 0.05):
        lives, dead, line = spectrum.spectrum(variance, tall=300).data
        assert all(value > variance for value in lives.y) and all(value <= variance for value in dead.y)
        assert len(lives.y) == spectrum.alive({"variance": variance}) and len(lives.y) + len(dead.y) == collapse.AXES
        assert list(line.y) == [variance] * 2


VALUES = {"beta": 4.0, "warm_up": 0.5, "cycles": 1, "free_bits": 0.0, "seed": 3, "epochs": 2}


def test_one_s_own_training_differs_from_its_twin_in_the_cure_alone():
    cured, plain = own.configs_of(VALUES).values()
    assert cured.warm_up == 0.5 and cured.replace(warm_up=0).digest == plain.digest
    assert list(own.configs_of(VALUES | {"warm_up": 0.0, "cycles": 3})) == ["without"]


def test_a_view_before_training_has_the_code_that_trains():
    at = open_page(PAGE, {"part": "own", "epochs": "1", "free_bits": "0.2"})
    assert "vd.train(config)" in code_of(at) and "free_bits=0.2" in code_of(at) and figures(at) == {}
    assert at.button(key="collapse.train.begin")
