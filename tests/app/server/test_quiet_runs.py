"""A fragment's run is announced when it lasts, a page's at once; every run's end is told, and no link is lost."""

import asyncio

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession

from vaedemo.app.server import quiet_runs


@pytest.fixture
def streamlits(monkeypatch):
    """Streamlit's own function; whatever takes its place is undone behind the test."""
    function = getattr(AppSession, quiet_runs.NAME)
    function = getattr(function, "streamlits", function)
    monkeypatch.setattr(AppSession, quiet_runs.NAME, function)
    return function


class Session:
    """Somebody to whom messages go."""


def begins(*fragments: str) -> ForwardMsg:
    message = ForwardMsg()
    message.new_session.name = "page"
    message.metadata.run.fragment_ids.extend(fragments)
    return message


def runs(whether: bool) -> ForwardMsg:
    message = ForwardMsg()
    message.session_status_changed.script_is_running = whether
    return message


def link(query: str) -> ForwardMsg:
    message = ForwardMsg()
    message.page_info_changed.query_string = query
    return message


def told(*happenings, seconds: float = 0.01, monkeypatch) -> list[str]:
    """What sessions are told of messages, or of seconds that pass: by the names of the messages."""
    monkeypatch.setattr(quiet_runs, "SECONDS", seconds)
    sent = []

    def enqueue(session, message):
        kind = message.WhichOneof("type")
        running = message.session_status_changed.script_is_running
        query = message.page_info_changed.query_string
        sent.append(query or (kind if kind != "session_status_changed" else "runs" if running else "ended"))

    async def all_of_it():
        late, session = quiet_runs.announcing_late(enqueue), Session()
        for happening in happenings:
            if isinstance(happening, ForwardMsg):
                late(session, happening)
            else:
                await asyncio.sleep(happening)

    asyncio.run(all_of_it())
    return sent


def test_a_quick_run_of_a_fragment_is_not_announced_but_its_end_is_told(monkeypatch):
    found = told(begins("a"), runs(True), runs(False), 0.05, monkeypatch=monkeypatch)
    assert found == ["new_session", "ended"]


def test_one_that_lasts_is_announced_once(monkeypatch):
    found = told(begins("a"), runs(True), 0.05, runs(False), 0.05, monkeypatch=monkeypatch)
    assert found == ["new_session", "runs", "ended"]


def test_a_page_s_run_is_announced_at_once_also_after_a_fragment_s(monkeypatch):
    quick = (begins("a"), runs(True), runs(False))
    found = told(*quick, begins(), runs(True), runs(False), seconds=60, monkeypatch=monkeypatch)
    assert found == ["new_session", "ended", "new_session", "runs", "ended"]


def test_a_run_that_takes_the_place_of_another_is_waited_for_from_its_own_begin(monkeypatch):
    first, second = (begins("a"), runs(True), runs(False)), (begins("b"), runs(True), 0.05)
    found = told(*first, *second, monkeypatch=monkeypatch)
    assert found == ["new_session", "ended", "new_session", "runs"]


def test_a_fragment_s_link_comes_after_the_run(monkeypatch):
    found = told(begins("a"), link("seed=1"), runs(False), 0.05, monkeypatch=monkeypatch)
    assert found == ["new_session", "ended", "seed=1"]


def test_a_page_s_link_comes_with_it(monkeypatch):
    assert told(begins(), link("seed=1"), seconds=60, monkeypatch=monkeypatch) == ["new_session", "seed=1"]


def test_of_two_links_in_one_run_the_last_is_told(monkeypatch):
    assert told(begins("a"), link("seed=1"), link("seed=2"), 0.05, monkeypatch=monkeypatch)[1:] == ["seed=2"]


def test_a_link_is_told_before_another_fragment_runs_and_only_once(monkeypatch):
    found = told(begins("a"), link("seed=1"), begins("b"), 0.05, monkeypatch=monkeypatch)
    assert found == ["new_session", "seed=1", "new_session"]


def test_a_link_that_a_page_overtakes_is_the_page_s_to_write(monkeypatch):
    found = told(begins("a"), link("seed=1"), begins(), 0.05, link("seed=2"), monkeypatch=monkeypatch)
    assert found == ["new_session", "new_session", "seed=2"]


def test_all_other_messages_go_their_way_at_once(monkeypatch):
    delta = ForwardMsg()
    delta.delta.new_element.text.body = "words"
    assert told(begins("a"), runs(True), delta, monkeypatch=monkeypatch, seconds=60) == ["new_session", "delta"]


def test_streamlit_s_function_is_replaced_once_and_only_where_there_is_one(streamlits, monkeypatch):
    assert quiet_runs.announce_late()
    once = getattr(AppSession, quiet_runs.NAME)
    assert once is not streamlits and quiet_runs.announce_late()
    assert getattr(AppSession, quiet_runs.NAME) is once
    monkeypatch.delattr(AppSession, quiet_runs.NAME)
    assert not quiet_runs.announce_late() and not hasattr(AppSession, quiet_runs.NAME)


def test_streamlit_announces_its_runs_by_it_and_sends_what_scripts_say():
    assert quiet_runs.NAME in AppSession._handle_scriptrunner_event_on_event_loop.__code__.co_names
