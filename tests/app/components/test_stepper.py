"""The stepper: what is sent, and which of the browser's messages reach the page."""

import pytest

from vaedemo.app.components.stepper import Route, pack, read_question

ROUTE = Route(
    lesson="kl",
    address="kl",
    steps=[("answer", "What KL charges", False, None), ("width", "Too wide", True, ("line", 6, 3))],
    here="answer",
    following=("loss", "The loss of a VAE"),
)


def test_what_is_sent_names_steps_and_questions():
    sent = pack(ROUTE)
    assert sent["steps"] == [
        {"name": "answer", "title": "What KL charges", "asks": False, "parts": None},
        {"name": "width", "title": "Too wide", "asks": True, "parts": ("line", 6, 3)},
    ]
    assert sent["following"] == {"href": "loss", "title": "The loss of a VAE"}
    assert (sent["walk"], sent["stops"], sent["keys"]) == (0, [], False)


@pytest.mark.parametrize("value", [None, True, 1, ["kl/width"], "kl/answer", "width", "", {"kl/width": 1}])
def test_a_message_that_names_no_question_is_ignored(value):
    assert read_question(value, {"kl/width"}) == ""


def test_a_question_that_is_asked_is_revealed():
    assert read_question("kl/width", {"kl/width"}) == "kl/width"
