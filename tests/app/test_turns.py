"""Turns: never more at once than there are, in the order of asking, again for who has one, and none waits for ever."""

import threading
import time

import pytest

from vaedemo.app.turns import Turns

PATIENCE = 30.0


def start(target) -> threading.Thread:
    thread = threading.Thread(target=target, daemon=True)
    thread.start()
    return thread


def wait_until(condition) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)


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
    turns, order = Turns(1, PATIENCE), []

    def draw(number: int):
        with turns.turn():
            order.append(number)

    with turns.turn():
        threads = []
        for number in range(6):
            threads.append(start(lambda number=number: draw(number)))
            wait_until(lambda number=number: len(turns._queue) == number + 1)
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


def test_as_long_as_turns_move_nobody_goes_ahead():
    turns, inside, most = Turns(1, patience=0.2), [], []

    def draw():
        with turns.turn():
            inside.append(None)
            most.append(len(inside))
            time.sleep(0.05)  # together twice the patience, but each well within it
            inside.pop()

    threads = [start(draw) for _ in range(8)]
    for thread in threads:
        thread.join(PATIENCE)
    assert most == [1] * 8
