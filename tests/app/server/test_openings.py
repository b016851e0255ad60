"""What pages need when they are first opened is there before: after it, an opening computes nothing that takes long."""

import functools
import threading

import pytest

from tests.app.pages import open_page
from vaedemo.analysis import denoising, holes, turned_q
from vaedemo.app.server import openings
from vaedemo.probability import bounds, streams

# By page, what takes long there: module and name.
LONG = {
    "likelihood": ((streams, "prior_stream"), (streams, "climb"), (bounds, "log_marginal_grid")),
    "axes": ((turned_q, "best_over_angles"), (bounds, "posterior_grid")),
    "holes": ((holes, "code_spacing"), (holes, "in_holes")),
    "denoising": ((denoising, "match_on_ring"),),
}


@pytest.mark.parametrize("page", openings.OPENINGS)
def test_a_prepared_page_opens_without_its_long_computations(page, monkeypatch):
    openings.prepare(threading.Event(), {page: openings.OPENINGS[page]})
    asked = []
    for module, name in LONG[page]:
        own = functools.wraps(getattr(module, name))  # with its docstring, which the page shows
        monkeypatch.setattr(module, name, own(lambda *_, name=name, **__: asked.append(name)))
    at = open_page(page)
    assert not at.exception
    assert asked == []


def test_nothing_is_computed_twice(monkeypatch):
    openings.prepare(threading.Event(), {"axes": openings.OPENINGS["axes"]})
    asked = []
    monkeypatch.setattr(turned_q, "best_over_angles", lambda *_: asked.append("again"))
    openings.prepare(threading.Event(), {"axes": openings.OPENINGS["axes"]})
    assert asked == []


def test_what_cannot_be_had_is_said_and_the_others_are_prepared(caplog):
    def fail():
        raise OSError("no such file")

    prepared = []
    openings.prepare(threading.Event(), {"first": fail, "second": lambda: prepared.append("second")})
    assert prepared == ["second"]
    assert "The page first was not prepared: no such file" in caplog.text


def test_a_server_that_closes_prepares_no_further_page():
    closing, prepared = threading.Event(), []

    def close():
        prepared.append("first")
        closing.set()

    openings.prepare(closing, {"first": close, "second": lambda: prepared.append("second")})
    assert prepared == ["first"]


def test_the_caches_ask_for_no_page_in_the_log(caplog):
    openings.prepare(threading.Event(), {"likelihood": openings.OPENINGS["likelihood"]})
    assert "ScriptRunContext" not in caplog.text
