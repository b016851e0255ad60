"""The visitor's own digit: kept from page to page, put away and taken again, refused when it is none."""

import json

import pytest

from tests.app.drawn import SEVEN, finish_stroke, switch_on
from tests.app.in_process import check_numbers
from tests.app.pages import figures, link_of, open_page, script_of, sentences
from vaedemo.app import catalogue
from vaedemo.app.shared import own_digit
from vaedemo.datasets import drawing
from vaedemo.probability import bounds

OFFERED = {"plane": {}, "home": {}, "elbo": {}, "interpolation": {}, "denoising": {"part": "images"}}


def fields(at) -> list:
    return [each for each in at.get("bidi_component") if each.proto.id.endswith(".draw")]


def go(at, page: str, query: dict[str, str]):
    """Choose a page in the menu, then open a link to it."""
    at.query_params.clear()
    at = at.switch_page(script_of(page)).run()
    for name, value in query.items():
        at.query_params[name] = value
    return at.run()


def test_an_empty_field_changes_no_view_and_a_stroke_does():
    at = open_page("plane", {"step": "explore"})
    before = figures(at)
    at = switch_on(at, "plane")
    assert len(fields(at)) == 1 and figures(at) == before
    at = finish_stroke(at, "plane", SEVEN)
    assert link_of(at)["drawing"] == SEVEN and "μ of your digit" in figures(at)
    at = finish_stroke(at, "plane", "")  # all strokes undone
    assert "drawing" not in link_of(at) and len(fields(at)) == 1
    assert "μ of your digit" not in figures(at)


VIEWS = [
    ("plane", {"z1": "0.5"}),
    ("plane", {"run": "mnist-20d", "base": "image", "across": "5", "up": "9", "z2": "1.5"}),
    ("home", {"noise": "3"}),
    ("elbo", {}),
    ("elbo", {"part": "draws", "q": "best"}),
    ("interpolation", {"stops": "3,900,77", "base": "-1"}),
    ("denoising", {"part": "images", "kind": "masking", "level": "0.3", "steps": "2"}),
]


@pytest.mark.parametrize(("page", "query"), VIEWS)
def test_a_page_s_numbers_are_its_code_s_on_the_drawing(page, query):
    check_numbers(page, {"step": "explore"} | query | {"drawing": SEVEN})


@pytest.mark.parametrize("page", OFFERED)
def test_the_numbers_are_another_digit_s(page):
    query = {"step": "explore"} | OFFERED[page]
    assert figures(open_page(page, query | {"drawing": SEVEN})) != figures(open_page(page, query))


@pytest.mark.parametrize("page", OFFERED)
def test_a_drawing_is_kept_from_page_to_page(page):
    at = finish_stroke(switch_on(open_page("plane", {"step": "explore"}), "plane"), "plane", SEVEN)
    at = at.toggle(key="plane.own_digit").set_value(False).run()
    assert "drawing" not in link_of(at) and not fields(at)
    at = switch_on(go(at, page, {"step": "explore"} | OFFERED[page]), page)
    assert not at.exception and link_of(at)["drawing"] == SEVEN and len(fields(at)) == 1


def test_the_newest_drawing_is_on_offer_where_a_page_comes_back_with_an_older_one():
    at = finish_stroke(switch_on(open_page("plane", {"step": "explore"}), "plane"), "plane", SEVEN)
    at = go(at, "elbo", {"step": "explore"})
    newest = "H4" + SEVEN[2:]
    at = finish_stroke(switch_on(at, "elbo"), "elbo", newest)
    at = go(at, "plane", {})
    assert link_of(at)["drawing"] == SEVEN, "a page comes back as it was"
    at = switch_on(go(at, "home", {"step": "explore"}), "home")
    assert link_of(at)["drawing"] == newest


@pytest.mark.parametrize("page", OFFERED)
def test_a_forged_drawing_is_refused_in_one_sentence(page):
    for text, words in ((SEVEN[1:], "drawing accepts 392 of"), (SEVEN + "A", "drawing accepts at most 392 characters")):
        at = open_page(page, {"step": "explore", "drawing": text})
        assert not at.exception
        (sentence,) = sentences(at)
        assert sentence.startswith(words)


@pytest.mark.parametrize("page", ["elbo", "home"])
def test_a_digit_of_the_data_puts_the_drawing_away(page):
    at = open_page(page, {"step": "explore", "drawing": SEVEN})
    key = {"elbo": "elbo.digits", "home": "home.choice"}[page]
    (grid,) = [each.proto for each in at.get("bidi_component") if each.proto.id.endswith(f"-{key}")]
    states = at._tree.get_widget_states()
    states.widgets.add(id=grid.id, json_value=json.dumps({"clicked": 3}))
    at = at._run(states)
    assert "drawing" not in link_of(at) and not fields(at) and not at.toggle(key=f"{page}.own_digit").value
    at = switch_on(at, page)
    assert link_of(at)["drawing"] == SEVEN


def test_another_model_of_the_plane_encodes_the_drawing_anew_or_puts_it_away():
    at = open_page("plane", {"step": "explore", "drawing": SEVEN})
    at = at.selectbox(key="plane.run").set_value("mnist-20d").run()
    assert link_of(at)["base"] == "image" and float(figures(at)["From z to this μ"]) < 1e-3
    at = at.selectbox(key="plane.run").set_value("ring-2d").run()
    assert sentences(at) == [] and link_of(at) == {"run": "ring-2d"} and not fields(at)
    assert all(toggle.label != "Your own digit" for toggle in at.toggle)
    (sentence,) = sentences(open_page("plane", {"run": "ring-2d", "drawing": SEVEN}))
    assert sentence.startswith("drawing accepts a run of images of 28 × 28 pixels, got ")


def test_the_film_of_the_bound_is_that_of_one_of_the_twenty():
    at = open_page("elbo", {"part": "film", "digit": "4", "drawing": SEVEN})
    assert [each.value for each in at.info] == [
        "The training was measured for the twenty digits alone: here x is one of them, not yours."
    ]
    assert figures(at) == figures(open_page("elbo", {"part": "film", "digit": "4"})) and not fields(at)


def test_the_elbo_of_a_drawing_is_that_of_another_quadrature():
    shown = figures(open_page("elbo", {"step": "explore", "drawing": SEVEN}))
    model, x = catalogue.run("mnist-2d").model, (drawing.read(SEVEN)[None] >= 128).float()
    assert float(shown["log p(x)"].split()[0]) == pytest.approx(
        bounds.log_marginal_grid(model, x, points=301).item(), abs=5e-3
    )
    mu, logvar = model.posterior(x)
    assert float(shown["ELBO"].split()[0]) == pytest.approx(
        bounds.elbo_hermite(model, x, 100, mu, logvar).item(), abs=5e-3
    )


def test_a_drawing_without_ink_is_none():
    assert own_digit.rule("drawing", drawing.BLANK) == ""
