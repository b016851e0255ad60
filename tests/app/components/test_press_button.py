"""The Python side of the button: every press counts once, whatever a browser tells."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.pages import press
from vaedemo.app.components.press_button import MOST, PressCount, new_presses, pack

COUNTED = PressCount("ours", 7)


@pytest.mark.parametrize(("presses", "new"), [(8, 1), (19, 12), (MOST, MOST - 7)])
def test_what_is_new_counts(presses, new):
    assert new_presses(["ours", presses], COUNTED) == new


@pytest.mark.parametrize("presses", [7, 6, 0, -1, MOST + 1, 10**30, 8.0, True, "8", None, [8], float("nan")])
def test_a_number_that_no_press_has_made_is_ignored(presses):
    assert new_presses(["ours", presses], COUNTED) == 0


@pytest.mark.parametrize(
    "told", [None, 8, [], ["ours"], [8], ["ours", 8, 9], "ours", {"ours": 8}, ["theirs", 8], [7, 8]]
)
def test_what_is_no_count_of_this_session_is_ignored(told):
    assert new_presses(told, COUNTED) == 0


def test_true_is_no_first_press():
    assert new_presses(["ours", True], PressCount("ours", 0)) == 0


def test_what_is_sent():
    assert pack("Draw", ":material/casino:", "primary", None, COUNTED) == {
        "label": "Draw",
        "icon": "casino",
        "kind": "primary",
        "help": "",
        "session": "ours",
        "presses": 7,
    }


@pytest.mark.parametrize(
    ("label", "kind", "message"), [("", "primary", "label must say"), ("Draw", "big", "got 'big'")]
)
def test_what_cannot_be_drawn_is_refused(label, kind, message):
    with pytest.raises(ValueError, match=message):
        pack(label, None, kind, None, COUNTED)


def page():
    import streamlit as st

    from vaedemo.app.components.press_button import press_button

    told = st.session_state.setdefault("told", [])
    if not st.checkbox("Away"):
        press_button("Draw", key="draw", on_press=told.append)
    st.text(str(told))


def sent(at: AppTest) -> dict:
    return json.loads(at.get("bidi_component")[0].proto.json)[0]


def test_presses_that_come_together_are_all_told_and_no_rerun_tells_them_again():
    at = AppTest.from_function(page).run()
    assert at.text[0].value == "[]"
    at = press(at, "draw", 12)
    assert at.text[0].value == "[12]"
    at = press(at.run(), "draw").run()
    assert at.text[0].value == "[12, 1]"
    assert sent(at)["presses"] == 13


def test_a_button_that_was_away_goes_on_counting():
    at = press(AppTest.from_function(page).run(), "draw", 3)
    session = sent(at)["session"]
    at = at.checkbox[0].check().run()
    at = at.checkbox[0].uncheck().run()
    assert sent(at) | {"session": session, "presses": 3} == sent(at)
    assert press(at, "draw", 2).text[0].value == "[3, 2]"


def test_each_session_has_a_word_of_its_own():
    assert sent(AppTest.from_function(page).run())["session"] != sent(AppTest.from_function(page).run())["session"]
