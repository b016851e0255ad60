"""Turns: never more at once than there are, again for who has one, and none waits for ever."""

import threading

import pytest

from vaedemo.app.turns import Turns

PATIENCE = 30.0


def test_only_so_many_draw_at_once_and_all_come_to_their_turn():
    turns, inside, most, full = Turns(2, PATIENCE), [], [], threading.Barrier(2, timeout=PATIENCE)

    def draw():
        with turns.turn():
            inside.append(threading.current_thread())
            most.append(len(inside))
            full.wait()  # passes when two are here: with fewer the test would end in an error
            inside.remove(threading.current_thread())

    threads = [threading.Thread(target=draw) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert len(most) == 8
    assert max(most) == 2


def test_who_has_a_turn_may_ask_again():
    turns = Turns(1, PATIENCE)
    with turns.turn(), turns.turn():
        pass
    assert turns._free.acquire(blocking=False), "the one turn is back"


def test_a_turn_is_given_back_when_drawing_fails():
    turns = Turns(1, PATIENCE)
    with pytest.raises(ValueError), turns.turn():
        raise ValueError
    assert turns._free.acquire(blocking=False)


def test_who_waited_long_enough_goes_ahead_without_and_gives_nothing_back():
    turns, went = Turns(1, patience=0.01), threading.Event()

    def other():
        with turns.turn():
            went.set()

    with turns.turn():
        thread = threading.Thread(target=other)
        thread.start()
        assert went.wait(PATIENCE)
        thread.join(PATIENCE)
    assert turns._free.acquire(blocking=False)
    assert not turns._free.acquire(blocking=False)
