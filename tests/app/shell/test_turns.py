"""Turns: never more at once than there are, in the order of asking, again for who has one, and none waits for ever."""

import threading
from collections import deque

import pytest

from vaedemo.app.shell.turns import Turns

PATIENCE = 30.0


def start(target) -> threading.Thread:
    thread = threading.Thread(target=target, daemon=True)
    thread.start()
    return thread


class Announced(deque):
    """A queue that tells of each who comes to it."""

    def __init__(self):
        super().__init__()
        self.came = threading.Semaphore(0)

    def append(self, called):
        super().append(called)
        self.came.release()


class Clock:
    """In the place of `time`: it stands until it is set, and tells when it has been looked at so often."""

    def __init__(self, looks: int):
        self.now, self.looks, self.looked_at = 0.0, looks, threading.Event()

    def monotonic(self) -> float:
        self.looks -= 1
        if self.looks <= 0:
            self.looked_at.set()
        return self.now


def at_once(turns: Turns) -> int:
    """How many turns can be had now, without waiting."""
    return turns._free


def test_only_so_many_draw_at_once_and_all_come_to_their_turn():
    turns, inside, most, full = Turns(2, PATIENCE), [], [], threading.Barrier(2, timeout=PATIENCE)

    def draw():
        with turns.turn():
            inside.append(threading.current_thread())
            most.append(len(inside))
            full.wait()  # passes when two are here: with fewer the test would end in an error
            inside.remove(threading.current_thread())

    threads = [start(draw) for _ in range(8)]
    for thread in threads:
        thread.join(PATIENCE)
    assert len(most) == 8
    assert max(most) == 2


def test_turns_come_in_the_order_of_asking():
    turns, order, queue = Turns(1, PATIENCE), [], Announced()
    turns._queue = queue

    def draw(number: int):
        with turns.turn():
            order.append(number)

    with turns.turn():
        threads = []
        for number in range(6):
            threads.append(start(lambda number=number: draw(number)))
            assert queue.came.acquire(timeout=PATIENCE)
    for thread in threads:
        thread.join(PATIENCE)
    assert order == list(range(6))


def test_who_has_a_turn_may_ask_again():
    turns = Turns(1, PATIENCE)
    with turns.turn(), turns.turn():
        assert at_once(turns) == 0
    assert at_once(turns) == 1


def test_a_turn_is_given_back_when_drawing_fails():
    turns = Turns(1, PATIENCE)
    with pytest.raises(ValueError), turns.turn():
        raise ValueError
    assert at_once(turns) == 1


def test_where_one_computes_for_long_a_turn_is_made_goes_round_and_is_gone_at_the_end():
    turns, drawn = Turns(1, patience=0.05), []

    def draw():
        with turns.turn():
            drawn.append(threading.current_thread())

    with turns.turn():  # the one that computes for long
        threads = [start(draw) for _ in range(5)]
        for thread in threads:
            thread.join(PATIENCE)
        assert len(drawn) == 5
    assert at_once(turns) == 1
    assert turns._made == 1


def test_as_long_as_turns_move_nobody_goes_ahead(monkeypatch):
    clock = Clock(looks=20)
    monkeypatch.setattr("vaedemo.app.shell.turns.time", clock)
    turns, drawn = Turns(1, patience=0.01), threading.Event()

    def draw():
        with turns.turn():
            drawn.set()

    with turns.turn():  # moved just now, and for this clock it stays so
        thread = start(draw)
        assert clock.looked_at.wait(PATIENCE), "it asks again and again"
        assert not drawn.is_set()
        clock.now = 1.0  # nothing has moved for longer than the patience
        assert drawn.wait(PATIENCE)
    thread.join(PATIENCE)
    assert (at_once(turns), turns._made) == (1, 1)
