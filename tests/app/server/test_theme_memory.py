"""The remembered theme is Streamlit's own, byte for byte, and follows a change of the settings."""

import pytest
from streamlit import config
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session

from vaedemo.app.server import theme_memory

SECTIONS = ("theme", "theme.light", "theme.dark", "theme.sidebar", "theme.light.sidebar", "theme.dark.sidebar")


@pytest.fixture
def original(monkeypatch):
    """Streamlit's own function; whatever takes its place is undone behind the test."""
    function = getattr(app_session, theme_memory.NAME)
    monkeypatch.setattr(app_session, theme_memory.NAME, function)
    return function


def theme(populate) -> bytes:
    message = CustomThemeConfig()
    parts = (message, message.light, message.dark, message.sidebar, message.light.sidebar, message.dark.sidebar)
    for part, section in zip(parts, SECTIONS, strict=True):
        populate(part, section)
    return message.SerializeToString(deterministic=True)


def test_it_is_streamlit_s_own_theme_at_first_and_when_remembered(original):
    assert theme_memory.remember_theme()
    remembering = getattr(app_session, theme_memory.NAME)
    assert theme(remembering) == theme(remembering) == theme(original) != b""


def test_it_reads_the_settings_once_and_again_when_they_were_read_anew(original, monkeypatch):
    asked = []
    monkeypatch.setattr(
        config,
        "get_options_for_section",
        lambda section: asked.append(section) or {"primaryColor": f"#{len(asked):06}"},
    )
    theme_memory.remember_theme()
    remembering = getattr(app_session, theme_memory.NAME)
    first = theme(remembering)
    assert theme(remembering) == first
    assert asked == list(SECTIONS)
    remembering.forget()
    assert theme(remembering) != first
    assert asked == 2 * list(SECTIONS)


def test_twice_asked_it_remembers_once(original):
    theme_memory.remember_theme()
    once = getattr(app_session, theme_memory.NAME)
    theme_memory.remember_theme()
    assert getattr(app_session, theme_memory.NAME) is once


def test_a_streamlit_without_that_function_is_left_alone(original, monkeypatch):
    monkeypatch.delattr(app_session, theme_memory.NAME)
    assert not theme_memory.remember_theme()
    assert not hasattr(app_session, theme_memory.NAME)
