"""Messages rest for a moment only while few are connected; where Streamlit has no such rest nothing is changed."""

from contextlib import ExitStack

import pytest
from streamlit.runtime import runtime

from vaedemo.app.shell import flushing


@pytest.fixture
def usual(monkeypatch):
    """Streamlit's own rest, which is there again behind the test."""
    monkeypatch.setattr(runtime, flushing.NAME, 0.005)
    return 0.005


def rest() -> float:
    return getattr(runtime, flushing.NAME)


def test_a_few_visitors_are_answered_sooner_and_a_class_as_streamlit_does(usual):
    visitors = flushing.Visitors()
    with ExitStack() as few:
        for _ in range(flushing.FEW):
            few.enter_context(visitors.one())
            assert rest() == flushing.SECONDS < usual
        with visitors.one():
            assert rest() == usual
        assert rest() == flushing.SECONDS


def test_who_is_thrown_out_is_counted_out(usual):
    visitors = flushing.Visitors()
    with pytest.raises(ConnectionError), visitors.one():
        raise ConnectionError
    assert visitors.count == 0


def test_a_streamlit_without_that_rest_is_left_alone(usual, monkeypatch):
    monkeypatch.delattr(runtime, flushing.NAME)
    with flushing.Visitors().one():
        assert not hasattr(runtime, flushing.NAME)


def test_streamlits_loop_reads_the_rest_from_where_it_is_set():
    assert flushing.NAME in runtime.Runtime._loop_coroutine.__code__.co_names
