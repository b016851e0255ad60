"""The rest between a page's title and the rest of it: once a visitor, with the title sent, and never for a class."""

from types import SimpleNamespace

import pytest
from streamlit.runtime.scriptrunner import get_script_run_ctx

from tests.app.pages import open_page, script_of
from vaedemo.app.shell import first_look
from vaedemo.app.shell.flushing import FEW, visitors
from vaedemo.app.shell.turns import AT_ONCE, drawing

PAGE = "kl"


@pytest.fixture
def rests(monkeypatch):
    """The rests that are taken, each as (seconds, turns that can be had meanwhile, elements that stand on the page)."""
    taken = []

    def sleep(seconds: float) -> None:
        taken.append((seconds, drawing._free, get_script_run_ctx().cursors[0].index))

    monkeypatch.setattr(first_look, "time", SimpleNamespace(sleep=sleep))
    return taken


def test_a_visitor_meets_it_once_with_the_title_drawn_and_while_others_may_draw(rests, monkeypatch):
    monkeypatch.setattr(visitors, "count", 1)
    at = open_page(PAGE)
    assert not at.exception
    ((seconds, free, drawn),) = rests
    assert (seconds, free) == (first_look.SECONDS, AT_ONCE)
    title = next(index for index, element in at.main.children.items() if element.type == "title")
    assert title < drawn < len(at.main.children)
    at.run()
    at.switch_page(script_of("home")).run()
    assert len(rests) == 1


@pytest.mark.parametrize("count", [0, FEW + 1])
def test_a_class_and_a_page_without_a_server_go_on_at_once(rests, monkeypatch, count):
    monkeypatch.setattr(visitors, "count", count)
    assert not open_page(PAGE).exception
    assert rests == []
