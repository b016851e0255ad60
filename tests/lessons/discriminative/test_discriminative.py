"""The page on discriminative models: its numbers, links of before, and models of one's own."""

import pytest
import torch

from tests.app.in_process import check_numbers
from tests.app.pages import figures, link_of, open_page, sentences
from vaedemo.app import catalogue
from vaedemo.app.lessons.discriminative import form, models, planes
from vaedemo.datasets.same_posterior import posterior
from vaedemo.training import engine

PAGE = "discriminative"


def number(text: str) -> float:
    return float(text.split()[0].rstrip("%"))


@pytest.mark.parametrize(
    "query",
    [
        {"x1": "-1.5", "x2": "1", "draw": "4"},
        {"part": "moved"},
        {"part": "images"},
        {"part": "bayes", "ask": "2", "uphill": "3", "draws": "200", "digit_seed": "5"},
    ],
)
def test_every_exhibit_s_numbers_are_its_code_s(query):
    check_numbers(PAGE, query)


def test_the_exact_posterior_is_shown():
    shown = figures(open_page(PAGE, {"x1": "1", "x2": "-0.5"}))
    assert shown["p(y = 1|x), exact"] == f"{posterior(torch.tensor([[1.0, -0.5]])).item():.3f}"


def test_a_link_of_before_with_steps_uphill_opens_them():
    before = {"part": "images", "ask": "2", "step": "5", "draws": "300", "present": "1"}
    at = open_page(PAGE, before)
    assert not at.exception and sentences(at) == []
    assert link_of(at) == {name: value for name, value in before.items() if name != "step"} | {"uphill": "5"}
    (sentence,) = sentences(open_page(PAGE, {"step": "41"}))
    assert sentence.startswith("uphill accepts a whole number from 0 to 40")


@pytest.mark.usefixtures("shared_cache")
def test_own_points_are_trained_on_demand():
    query = {"points": "own", "width": "8", "epochs": "2"}
    at = open_page(PAGE, query)
    assert [each.label for each in at.button if each.label.startswith("Train")] == ["Train all four"]
    assert not figures(at) and link_of(at) == query
    values = {"width": 8, "epochs": 2, "seed": 1}
    for configs in models.configs_of(values):
        engine.sweep(configs)
    check_numbers(PAGE, query)


@pytest.mark.usefixtures("shared_cache")
def test_own_images_are_trained_on_demand():
    query = {"part": "images", "source": "own", "own_width": "8", "own_epochs": "1", "draws": "100"}
    at = open_page(PAGE, query)
    assert "Train both" in [each.label for each in at.button] and not figures(at)
    for config in form.configs_of({"own_data": "digits", "own_width": 8, "own_epochs": 1, "own_seed": 0}):
        engine.train(config)
    check_numbers(PAGE, query)


@pytest.mark.usefixtures("shared_cache")
def test_a_class_that_the_images_do_not_have_is_refused():
    values = {"own_data": "shapes", "own_width": 4, "own_epochs": 1, "own_seed": 0}
    for config in form.configs_of(values):
        engine.train(config)
    query = {"source": "own", "ask": "7", "draws": "100"} | {name: str(value) for name, value in values.items()}
    for where in ({"part": "images"}, {"step": "draw"}):
        at = open_page(PAGE, where | query)
        assert not at.exception
        assert sentences(at) == ["ask accepts a class from 0 to 3 of shapes, got 7."]
        assert link_of(at)["ask"] == "3"


def test_a_place_outside_the_square_is_refused():
    assert any("x1 accepts a number from -2.2 to 2.2" in each for each in sentences(open_page(PAGE, {"x1": "9"})))


def test_what_holds_at_a_place_is_kept_by_models_and_place():
    crowds, fringes = (catalogue.run(f"{name}-classifier") for name in ("crowds", "fringes"))
    pair, turned = [crowds, fringes], [fringes, crowds]
    digests = tuple(run.digest for run in pair)
    first = planes.at_place(digests, pair, (0.5, 0.2))
    assert planes.at_place(digests, pair, (0.5, 0.2)) is first
    assert planes.at_place(digests, pair, (0.2, 0.5)).exact != first.exact
    swapped = planes.at_place(digests[::-1], turned, (0.5, 0.2))
    assert list(swapped.probabilities.values()) == list(first.probabilities.values())[::-1]
