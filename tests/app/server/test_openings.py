"""What pages need when they are first opened is there before: after it, an opening computes nothing that takes long."""

import functools
import threading

import pytest
import streamlit as st
import torch

from tests.app.pages import open_page
from vaedemo.analysis import denoising, holes, mutual_information, traversal, turned_q
from vaedemo.app.server import openings
from vaedemo.app.shared import twenty
from vaedemo.probability import bounds, streams

# By page, what takes long there: module and name.
LONG = {
    "likelihood": ((streams, "prior_stream"), (streams, "climb"), (bounds, "log_marginal_grid")),
    "axes": ((mutual_information, "information_matrix"), (traversal, "traverse")),
    "holes": ((holes, "code_spacing"), (holes, "in_holes")),
    "denoising": ((denoising, "match_on_ring"),),
}


# By page, what a first visitor need not wait for, because its numbers ship: module, name, and whether a call is long.
SHIPPED = {
    "likelihood": (
        (streams, "prior_stream", lambda model, x, *_: len(x) > 0),
        (bounds, "log_marginal_grid", lambda *_, **__: True),
    ),
    "elbo": ((bounds, "log_marginal_grid", lambda *_, **__: True),),
    "axes": ((turned_q, "best_over_angles", lambda model, x, angles: not torch.equal(x, twenty.binary()[:1])),),
}
SHOWN = {"axes": {"step": "explore"}}  # the views that show these numbers, where they are not the first


@pytest.mark.parametrize("page", SHIPPED)
def test_the_first_visitor_of_a_cold_server_waits_for_no_computation_of_seconds(page, monkeypatch):
    st.cache_resource.clear()
    asked = []
    for module, name, is_long in SHIPPED[page]:
        own = getattr(module, name)

        @functools.wraps(own)
        def listen(*given, own=own, name=name, is_long=is_long, **named):
            if is_long(*given, **named):
                asked.append(name)
            return own(*given, **named)

        monkeypatch.setattr(module, name, listen)
    at = open_page(page, SHOWN.get(page))
    assert not at.exception
    assert asked == []


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
    monkeypatch.setattr(mutual_information, "information_matrix", lambda *_: asked.append("again"))
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
