"""The visitor's own digit: kept from page to page, put away and taken again, refused when it is none."""

import pytest

from tests.app.drawn import SEVEN, finish_stroke, switch_on
from tests.app.pages import figures, link_of, open_page, script_of, sentences
from vaedemo.app.shared import own_digit
from vaedemo.datasets import drawing

OFFERED = ("plane",)


def fields(at) -> list:
    return [each for each in at.get("bidi_component") if each.proto.id.endswith(".draw")]


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


@pytest.mark.parametrize("page", OFFERED)
def test_a_drawing_is_kept_from_page_to_page(page):
    at = finish_stroke(switch_on(open_page("plane", {"step": "explore"}), "plane"), "plane", SEVEN)
    at = at.toggle(key="plane.own_digit").set_value(False).run()
    assert "drawing" not in link_of(at) and not fields(at)
    at.query_params.clear()
    at = at.switch_page(script_of(page)).run()
    at.query_params["step"] = "explore"
    at = switch_on(at.run(), page)
    assert not at.exception and link_of(at)["drawing"] == SEVEN and len(fields(at)) == 1


@pytest.mark.parametrize("page", OFFERED)
def test_a_forged_drawing_is_refused_in_one_sentence(page):
    for text, words in ((SEVEN[1:], "drawing accepts 392 of"), (SEVEN + "A", "drawing accepts at most 392 characters")):
        at = open_page(page, {"step": "explore", "drawing": text})
        assert not at.exception
        (sentence,) = sentences(at)
        assert sentence.startswith(words)


def test_a_drawing_without_ink_is_none():
    assert own_digit.rule("drawing", drawing.BLANK) == ""
