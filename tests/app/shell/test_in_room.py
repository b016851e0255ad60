"""A page in a class's room: the vote in place of the question's buttons, and no answer before its time."""

import pytest

from tests.app.pages import link_of, open_page
from vaedemo.app.lessons.kl.steps import STEPS
from vaedemo.app.shell import in_room
from vaedemo.app.shell.in_room import Member
from vaedemo.app.shell.step_view import ANSWERS
from vaedemo.rooms.ballot import Asked
from vaedemo.rooms.here import rooms
from vaedemo.rooms.room import Place

VOTER, OTHER = "a" * 32, "b" * 32
ASK = next(step.ask for step in STEPS if step.name == "width")
ASKED = Asked(ASK.text, tuple(option.text for option in ASK.options), ASK.right)
HERE = Place("kl", "width", "step=width")


@pytest.fixture
def room(own_settings):
    opened, _ = rooms().open()
    opened.join(VOTER, 500)
    yield opened
    rooms().files.release()


def page_of(room, *, leads=False, answered=None, query=None):
    """The page of the step, of a visit that is in the room."""
    at = open_page("kl", query or {"step": "width"})
    at.session_state[in_room.KEY] = Member(room.code, VOTER, leads)
    if answered is not None:
        at.session_state[ANSWERS] = {("kl", "width"): answered}
    return at.run()


def buttons(at) -> set[str]:
    return {each.label for each in at.button}


def components(at) -> int:
    return len(at.get("bidi_component"))


def words(at) -> str:
    return " ".join(each.value for each in at.markdown)


def test_outside_a_room_a_question_has_its_buttons(own_settings):
    at = open_page("kl", {"step": "width"})
    assert set(ASKED.options) <= buttons(at)


def test_while_the_class_votes_there_are_no_buttons_that_tell(room):
    room.move(HERE, ASKED, "open")
    at = page_of(room)
    assert not at.exception and not set(ASKED.options) & buttons(at)
    assert ASK.text in words(at)


def test_who_has_answered_before_votes_like_all_others(room):
    room.move(HERE, ASKED, "open")
    at = page_of(room, answered=ASK.right)
    assert ASK.text in words(at) and ASK.options[ASK.right].feedback not in words(at)


def test_once_the_answer_is_told_the_page_shows_it_and_the_class(room):
    room.move(HERE, ASKED, "open")
    room.ballot.vote(VOTER, 1, 0)
    room.move(HERE, ASKED, "answered")
    at = page_of(room, answered=0)
    before = components(at)
    assert ASK.options[0].feedback in words(at)
    room.where = Place("loss", "answer", "")  # the lecturer has gone on: the result goes with the vote
    assert components(at.run()) == before - 1


def test_where_the_lecturer_is_elsewhere_the_question_is_one_s_own(room):
    room.move(Place("loss", "answer", ""), None, "")
    assert set(ASKED.options) <= buttons(page_of(room))


def test_the_lecturer_s_own_page_never_has_the_buttons(room):
    assert not set(ASKED.options) & buttons(page_of(room, leads=True))


def test_a_room_that_has_ended_gives_the_question_back(room):
    room.move(HERE, ASKED, "open")
    rooms().end(room)
    assert set(ASKED.options) <= buttons(page_of(room))


def test_an_invitation_stays_in_the_link_until_the_browser_has_read_it(room):
    at = open_page("kl", {"step": "width", "room": room.code})
    assert link_of(at) == {"step": "width", "room": room.code}
    assert not at.exception and at.session_state["kl.room"] == room.code


@pytest.mark.parametrize("code", ["ABC", "ABCDE", "AB1D", "AIOB", "<b>", "ÄBCD"])
def test_what_is_no_code_is_a_sentence(own_settings, code):
    at = open_page("kl", {"room": code})
    assert not at.exception
    assert any("four letters" in each.value for each in at.warning)


def test_small_letters_are_a_code_too(own_settings):
    assert open_page("kl", {"room": "abcd"}).session_state["kl.room"] == "ABCD"


@pytest.mark.parametrize(
    "message",
    [
        *(None, True, "ABCD", [], {}, {"code": 1}, {"code": "ABCD"}, {"code": "abcd", "voter": VOTER}),
        *({"code": "ABCD", "voter": "a"}, {"code": "ABCD", "voter": 5}, {"code": ["ABCD"], "voter": VOTER}),
    ],
)
def test_a_malformed_message_enters_no_room(monkeypatch, message):
    state = {}
    monkeypatch.setattr(in_room.st, "session_state", state)
    in_room.enter(message)
    assert state == {}


def test_who_leaves_is_in_no_room(monkeypatch):
    state = {}
    monkeypatch.setattr(in_room.st, "session_state", state)
    in_room.enter({"code": "ABCD", "voter": VOTER, "leads": "yes"})
    assert state == {in_room.KEY: Member("ABCD", VOTER, False)}
    in_room.enter({"code": ""})
    assert state == {}


def test_the_own_answer_is_the_last_one(room, monkeypatch):
    monkeypatch.setattr(in_room.st, "session_state", {in_room.KEY: Member(room.code, VOTER, False)})
    assert in_room.own_answer("kl", "width") is None
    room.move(HERE, ASKED, "open")
    room.ballot.vote(VOTER, 1, 1)
    room.ballot.again()
    assert in_room.own_answer("kl", "width") == 1
    room.ballot.vote(VOTER, 2, 2)
    assert in_room.own_answer("kl", "width") == 2 and in_room.own_answer("kl", "answer") is None
