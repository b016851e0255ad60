"""Who may upload how much: tickets, what is counted before a body is read, and what waits to be looked at."""

from contextlib import ExitStack

import pytest

from vaedemo.uploads import desk as desks
from vaedemo.uploads.desk import Busy, Desk, NotAllowed
from vaedemo.uploads.limits import LARGEST_UPLOAD


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def gone():
    return set()


@pytest.fixture
def desk(clock, gone):
    return Desk(lambda owner: owner not in gone, clock)


def send(desk, owner: str, size: int) -> None:
    with desk.admitted(desk.ticket(owner), size):
        pass


def test_a_visitor_has_one_ticket_and_another_one_another(desk):
    assert desk.ticket("a") == desk.ticket("a") != desk.ticket("b")
    assert len(desk.ticket("a")) >= 32


@pytest.mark.parametrize("ticket", ["", "x", "a"])
def test_without_a_ticket_nothing_is_read(desk, ticket):
    desk.ticket("a")
    with pytest.raises(NotAllowed, match="reload the page"), desk.admitted(ticket, 1):
        pytest.fail("it was admitted")


def test_a_ticket_is_worth_nothing_once_its_visitor_has_left(desk, clock, gone):
    ticket = desk.ticket("a")
    gone.add("a")
    with pytest.raises(NotAllowed), desk.admitted(ticket, 1):
        pytest.fail("it was admitted")
    clock.now += desks.AWAY_SECONDS + 1
    desk.tidy()  # those who have left are forgotten
    gone.clear()
    with pytest.raises(NotAllowed), desk.admitted(ticket, 1):
        pytest.fail("it was admitted")


def test_the_owner_of_the_ticket_is_told(desk):
    with desk.admitted(desk.ticket("a"), 5) as owner:
        assert owner == "a" and desk.under_way == 5
    assert desk.under_way == 0


def test_an_upload_that_fails_is_counted_to_its_end_only(desk):
    with pytest.raises(ZeroDivisionError), desk.admitted(desk.ticket("a"), 5):
        _ = 1 / 0
    assert desk.under_way == 0
    send(desk, "a", 5)


def test_the_largest_upload(desk):
    send(desk, "a", LARGEST_UPLOAD)
    with pytest.raises(NotAllowed, match="An upload may have 20 MB"):
        send(desk, "a", LARGEST_UPLOAD + 1)


def test_one_upload_of_a_visitor_at_a_time(desk):
    with desk.admitted(desk.ticket("a"), 1):
        with pytest.raises(NotAllowed, match="one at a time"):
            send(desk, "a", 1)
        send(desk, "b", 1)
    send(desk, "a", 1)


def test_so_many_uploads_of_a_visitor_in_ten_minutes(desk, clock):
    for _ in range(desks.MOST_UPLOADS):
        send(desk, "a", 1)
    with pytest.raises(NotAllowed, match="in ten minutes"):
        send(desk, "a", 1)
    send(desk, "b", 1)
    clock.now += desks.WINDOW_SECONDS + 1
    send(desk, "a", 1)


def test_so_many_bytes_of_a_visitor_in_ten_minutes(desk):
    for _ in range(desks.MOST_BYTES // LARGEST_UPLOAD):
        send(desk, "a", LARGEST_UPLOAD)
    with pytest.raises(NotAllowed, match="in ten minutes"):
        send(desk, "a", 1)


def test_the_bytes_of_all_bodies_under_way(desk):
    with ExitStack() as stack:
        for number in range(desks.UNDER_WAY // LARGEST_UPLOAD):
            stack.enter_context(desk.admitted(desk.ticket(f"v{number}"), LARGEST_UPLOAD))
        with pytest.raises(Busy, match="try again in a moment"):
            send(desk, "late", 1)
    send(desk, "late", 1)


def test_who_was_told_to_come_again_has_used_nothing(desk):
    with ExitStack() as stack:
        for number in range(desks.UNDER_WAY // LARGEST_UPLOAD):
            stack.enter_context(desk.admitted(desk.ticket(f"v{number}"), LARGEST_UPLOAD))
        for _ in range(2 * desks.MOST_UPLOADS):
            with pytest.raises(Busy):
                send(desk, "late", 1)
    send(desk, "late", 1)


def test_what_waits_is_its_owner_s_alone_and_the_last_one_counts(desk):
    for owner in "ab":
        desk.ticket(owner)
    desk.put("a", "first", 1)
    desk.put("a", "second", 1)
    assert (desk.waiting("a"), desk.waiting("b"), desk.waiting("nobody")) == ("second", None, None)
    desk.drop("a")
    assert desk.waiting("a") is None
    desk.drop("nobody")
    desk.put("nobody", "lost", 1)
    assert desk.waiting("nobody") is None


def test_what_waits_too_long_is_dropped(desk, clock):
    desk.ticket("a")
    desk.put("a", "content", 1)
    clock.now += desks.WAITING_SECONDS + 1
    assert desk.waiting("a") is None


def test_what_waits_for_those_who_have_left_is_dropped(desk, clock, gone):
    for owner in "abc":
        desk.ticket(owner)
        desk.put(owner, owner, 1)
    gone.add("a")
    desk.tidy()
    clock.now += desks.AWAY_SECONDS + 1
    gone.add("b")
    gone.remove("a")  # the connection was lost for a moment only
    desk.tidy()
    assert [desk.waiting(owner) for owner in "abc"] == ["a", None, "c"]


def test_what_waited_longest_makes_room(desk, clock):
    third = desks.MOST_WAITING // 3
    for owner in "abcd":
        desk.ticket(owner)
        desk.put(owner, owner, third + 1)
        clock.now += 1
    assert [desk.waiting(owner) for owner in "abcd"] == [None, None, "c", "d"]


def test_a_set_larger_than_the_room_is_kept_alone(desk):
    for owner in "ab":
        desk.ticket(owner)
        desk.put(owner, owner, 2 * desks.MOST_WAITING)
    assert desk.waiting("b") == "b"


def test_tickets_are_of_a_limited_number(desk, monkeypatch):
    monkeypatch.setattr(desks, "MOST_TICKETS", 3)
    first = desk.ticket("a")
    for owner in "bcd":
        desk.ticket(owner)
    with pytest.raises(NotAllowed), desk.admitted(first, 1):
        pytest.fail("it was admitted")
    assert desk.ticket("a") != first
