"""The state of a component is what Streamlit shows of it, whether or not it has just triggered something."""

import pytest
from streamlit.components.v2.bidi_component import main
from streamlit.runtime.state.common import WidgetMetadata
from streamlit.runtime.state.session_state import SessionState

from vaedemo.app.server import component_state


@pytest.fixture
def original(monkeypatch):
    """Streamlit's own function; whatever takes its place is undone behind the test."""
    function = getattr(main, component_state.NAME)
    monkeypatch.setattr(main, component_state.NAME, function)
    return function


def session(payloads) -> SessionState:
    """A session in which the component `c` has triggered these events; None where it was never drawn."""
    state = SessionState()
    if payloads is not None:
        state._new_widget_state.set_widget_metadata(
            WidgetMetadata("c events", lambda value, *_: value, lambda value: value, "json_trigger_value")
        )
        state._new_widget_state.set_from_value("c events", payloads)
    return state


@pytest.mark.parametrize("payloads", [None, [], [{"event": "picked", "value": 7}]])
@pytest.mark.parametrize("base", [{}, {"moved": [0.5, -1.0]}, {"moved": [0.5], "picked": 3}])
def test_it_shows_what_streamlit_shows(original, payloads, base):
    assert component_state.present_plainly()
    plain = getattr(main, component_state.NAME)("c events", "c", {"moved"})
    expected = original("c events", "c", {"moved"})(base, session(payloads))
    assert plain(base, session(payloads)) == expected


def test_what_has_triggered_nothing_is_shown_without_a_new_class(original):
    component_state.present_plainly()
    base = {"moved": [1.0, 2.0]}
    assert getattr(main, component_state.NAME)("c events")(base, session([])) is base


def test_twice_asked_it_is_replaced_once(original):
    component_state.present_plainly()
    once = getattr(main, component_state.NAME)
    component_state.present_plainly()
    assert getattr(main, component_state.NAME) is once


def test_a_streamlit_without_that_function_is_left_alone(original, monkeypatch):
    monkeypatch.delattr(main, component_state.NAME)
    assert not component_state.present_plainly()
    assert not hasattr(main, component_state.NAME)
