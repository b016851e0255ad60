"""FairSemaphore: limited slots, first in, first out, reentrant for a thread that holds one; none waits for ever."""

import threading
from collections import deque

import pytest

from vaedemo.app.shell.fair_semaphore import HANDS_IN_A_ROW, FairSemaphore

PATIENCE = 30.0


def start(target) -> threading.Thread:
    thread = threading.Thread(target=target, daemon=True)
    thread.start()
    return thread


class Announced(deque):
    """A queue that signals each thread that joins it."""

    def __init__(self):
        super().__init__()
        self.came = threading.Semaphore(0)

    def append(self, called):
        super().append(called)
        self.came.release()


class Clock:
    """Replaces `time`: constant until it is set; it signals when it has been read `looks` times."""

    def __init__(self, looks: int):
        self.now, self.looks, self.looked_at = 0.0, looks, threading.Event()

    def monotonic(self) -> float:
        self.looks -= 1
        if self.looks <= 0:
            self.looked_at.set()
        return self.now


def free_slots(semaphore: FairSemaphore) -> int:
    """How many slots are free now."""
    return semaphore._free


def test_only_so_many_draw_at_once_and_all_get_a_slot():
    semaphore, inside, most, full = FairSemaphore(2, PATIENCE), [], [], threading.Barrier(2, timeout=PATIENCE)

    def draw():
        with semaphore.acquired():
            inside.append(threading.current_thread())
            most.append(len(inside))
            full.wait()  # passes when two are here: with fewer the test would end in an error
            inside.remove(threading.current_thread())

    threads = [start(draw) for _ in range(8)]
    for thread in threads:
        thread.join(PATIENCE)
    assert len(most) == 8
    assert max(most) == 2


def test_slots_are_given_first_in_first_out():
    semaphore, order, queue = FairSemaphore(1, PATIENCE), [], Announced()
    semaphore._queue = queue

    def draw(number: int):
        with semaphore.acquired():
            order.append(number)

    with semaphore.acquired():
        threads = []
        for number in range(6):
            threads.append(start(lambda number=number: draw(number)))
            assert queue.came.acquire(timeout=PATIENCE)
    for thread in threads:
        thread.join(PATIENCE)
    assert order == list(range(6))


def test_a_thread_that_holds_a_slot_may_acquire_again():
    semaphore = FairSemaphore(1, PATIENCE)
    with semaphore.acquired(), semaphore.acquired():
        assert free_slots(semaphore) == 0
    assert free_slots(semaphore) == 1


def test_a_slot_is_released_when_drawing_fails():
    semaphore = FairSemaphore(1, PATIENCE)
    with pytest.raises(ValueError), semaphore.acquired():
        raise ValueError
    assert free_slots(semaphore) == 1


def test_a_long_computation_adds_a_slot_which_is_removed_at_the_end():
    semaphore, drawn = FairSemaphore(1, patience=0.05), []

    def draw():
        with semaphore.acquired():
            drawn.append(threading.current_thread())

    with semaphore.acquired():  # the one that computes for long
        threads = [start(draw) for _ in range(5)]
        for thread in threads:
            thread.join(PATIENCE)
        assert len(drawn) == 5
    assert free_slots(semaphore) == 1
    assert semaphore._slots == 1


def test_no_slot_is_added_while_slots_move(monkeypatch):
    clock = Clock(looks=20)
    monkeypatch.setattr("vaedemo.app.shell.fair_semaphore.time", clock)
    semaphore, drawn = FairSemaphore(1, patience=0.01), threading.Event()

    def draw():
        with semaphore.acquired():
            drawn.set()

    with semaphore.acquired():  # moved just now, and for this clock it stays so
        thread = start(draw)
        assert clock.looked_at.wait(PATIENCE), "it asks again and again"
        assert not drawn.is_set()
        clock.now = 1.0  # nothing has moved for longer than the patience
        assert drawn.wait(PATIENCE)
    thread.join(PATIENCE)
    assert (free_slots(semaphore), semaphore._slots) == (1, 1)


def test_hands_come_before_pages_and_pages_come_too():
    semaphore, order, pages, hands = FairSemaphore(1, PATIENCE), [], Announced(), Announced()
    semaphore._queue, semaphore._hands = pages, hands

    def draw(name: str, by_hand: bool):
        with semaphore.acquired(by_hand=by_hand):
            order.append(name)

    with semaphore.acquired():
        threads = []
        for queue, name, count in ((pages, "page", 3), (hands, "hand", 2 * HANDS_IN_A_ROW)):
            for _ in range(count):
                threads.append(start(lambda name=name: draw(name, name == "hand")))
                assert queue.came.acquire(timeout=PATIENCE)
    for thread in threads:
        thread.join(PATIENCE)
    row = ["hand"] * HANDS_IN_A_ROW
    assert order == [*row, "page", *row, "page", "page"]
    assert free_slots(semaphore) == 1
