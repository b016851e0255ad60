"""A room: who is in it, who leads it, and where it is."""

import json

import pytest

from tests.rooms.sample import HEIGHT, WIDTH, voter
from vaedemo.rooms import room as room_module
from vaedemo.rooms.errors import NotLeading, RoomError
from vaedemo.rooms.room import MOST_LEADERS, TICKET_SECONDS, Place, Room, room_from

AT_WIDTH, AT_HEIGHT = Place("kl", "width", ""), Place("kl", "height", "")


@pytest.fixture
def room() -> Room:
    return Room("ABCD", used=0.0)


def test_a_full_room_refuses_others_but_not_who_is_in_it(room):
    for number in (1, 2, 1):
        room.join(voter(number), most=2)
    with pytest.raises(RoomError, match="This room is full: it has room for 2"):
        room.join(voter(3), most=2)
    room.join(voter(1), most=2)
    assert room.members == {voter(1), voter(2)}
    assert room.tally == 2


def test_each_secret_leads_and_no_other_text_does(room):
    secrets = [room.new_secret() for _ in range(3)]
    assert len(set(secrets)) == 3
    assert all(room.leads(each) for each in secrets)
    assert not any(room.leads(other) for other in ("", "A" * 22, secrets[0][:-1], secrets[0] + "A", *room.leaders))
    assert not Room("ABCE", used=0.0).leads(secrets[0])


def test_what_is_kept_of_a_room_has_neither_a_secret_nor_a_ticket(room):
    secret, ticket = room.new_secret(), room.make_ticket(0.0)
    kept = json.dumps(room.to_json())
    assert secret not in kept and ticket not in kept


def test_a_ticket_leads_once(room):
    ticket = room.make_ticket(now=0.0)
    assert not room.leads(ticket)
    assert room.leads(room.redeem(ticket, now=1.0))
    with pytest.raises(NotLeading, match="used already"):
        room.redeem(ticket, now=1.0)
    assert len(room.leaders) == 1


def test_a_ticket_is_good_for_ten_minutes(room):
    assert TICKET_SECONDS == 600
    in_time, late = room.make_ticket(now=0.0), room.make_ticket(now=0.0)
    assert room.leads(room.redeem(in_time, now=599.9))
    with pytest.raises(NotLeading, match="older than ten minutes"):
        room.redeem(late, now=600.0)
    assert len(room.leaders) == 1


def test_devices_and_tickets_together_have_a_limit_and_an_old_ticket_does_not_count(room):
    room.new_secret()
    for _ in range(MOST_LEADERS - 1):
        room.make_ticket(now=0.0)
    with pytest.raises(RoomError, match=f"at most {MOST_LEADERS} devices"):
        room.make_ticket(now=1.0)
    room.make_ticket(now=TICKET_SECONDS)
    assert len(room.tickets) == 1


def test_a_room_has_no_ballot_before_a_question_is_open(room):
    assert room.ballot is None
    for place, asked, question in (
        (AT_WIDTH, WIDTH, ""),
        (AT_WIDTH, WIDTH, "answered"),
        (Place("kl", "explore", ""), None, "open"),
    ):
        room.move(place, asked, question)
        assert room.where == place and room.ballot is None and not room.ballots


def test_an_open_question_is_asked_once_and_kept_when_the_lecturer_comes_back(room):
    room.move(AT_WIDTH, WIDTH, "open")
    room.ballot.vote(voter(1), 1, 0)
    asked = room.ballot
    room.move(AT_HEIGHT, HEIGHT, "open")
    assert room.ballot.place == ("kl", "height")
    room.move(AT_WIDTH, WIDTH, "open")
    assert room.ballot is asked
    assert asked.answers_of(voter(1)) == [0]


def test_the_answer_on_the_lecturer_s_screen_is_told_to_all(room):
    room.move(AT_WIDTH, WIDTH, "open")
    before = room.public
    room.move(AT_WIDTH, WIDTH, "answered")
    assert room.ballot.revealed and room.public > before
    room.move(AT_WIDTH, WIDTH, "open")
    assert room.ballot.revealed


def test_all_hear_of_a_move_and_nobody_of_none(room):
    counts = [room.public]
    for place, question in ((AT_WIDTH, ""), (AT_WIDTH, "open"), (Place("kl", "width", "beta=2"), "open")):
        room.move(place, WIDTH, question)
        counts.append(room.public)
        room.move(place, WIDTH, question)
        assert room.public == counts[-1]
    assert counts == sorted(set(counts))


def test_the_ballots_of_a_room_have_a_limit(room, monkeypatch):
    monkeypatch.setattr(room_module, "MOST_BALLOTS", 1)
    room.move(AT_WIDTH, WIDTH, "open")
    room.move(AT_HEIGHT, HEIGHT, "open")
    assert [*room.ballots] == [("kl", "width")]
    assert room.ballot is None
    room.move(AT_WIDTH, WIDTH, "open")
    assert room.ballot is not None


def test_the_ballot_of_another_step_is_refused(room):
    with pytest.raises(RoomError, match="votes on another step"):
        room.present_ballot("kl", "width")
    room.move(AT_WIDTH, WIDTH, "open")
    room.move(AT_HEIGHT, HEIGHT, "open")
    with pytest.raises(RoomError, match="votes on another step"):
        room.present_ballot("kl", "width")
    assert room.present_ballot("kl", "height").asked == HEIGHT


def test_a_room_is_equal_after_a_round_trip_through_json(room):
    assert room_from(json.loads(json.dumps(room.to_json()))) == room
    room.new_secret()
    room.make_ticket(now=3.5)
    room.join(voter(1), most=9)
    room.move(AT_WIDTH, WIDTH, "open")
    room.ballot.vote(voter(1), 1, 1)
    room.ballot.again()
    room.move(Place("kl", "height", "beta=2&d=é"), HEIGHT, "open")
    room.ballot.raise_hand(1, -1, 1)
    room.ballot.reveal()
    room.used = 1234.5
    assert room_from(json.loads(json.dumps(room.to_json()))) == room
