"""Whose turn it is: how many scripts of a class may run at once.

Python runs one thread at a time. A hundred scripts that take turns every few milliseconds all end late, and the
switching costs as much as the work; a few at a time, the others in a queue, and most answers are there at once.
"""

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

AT_ONCE = 2
PATIENCE = 1.0  # seconds without a turn given back, after which one more is made: who computes for long stops nobody


class Turns:
    """So many turns, given in the order of asking; a thread that has one may ask again.

    Where none moves for `patience` seconds, the next in the queue gets a turn made for it. It goes round like the
    others for as long as somebody waits.
    """

    def __init__(self, count: int, patience: float):
        self._count = self._made = self._free = count
        self._patience, self._moved = patience, time.monotonic()
        self._lock, self._queue = threading.Lock(), deque()
        self._mine = threading.local()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn, and give it back at the end."""
        if getattr(self._mine, "held", False):
            yield
            return
        self._take()
        self._mine.held = True
        try:
            yield
        finally:
            self._mine.held = False
            self._give_back()

    def _take(self) -> None:
        called = threading.Event()
        with self._lock:
            if self._free:
                self._free, self._moved = self._free - 1, time.monotonic()
                return
            self._queue.append(called)
        while not called.wait(self._patience):
            with self._lock:
                if not called.is_set() and time.monotonic() - self._moved >= self._patience:
                    self._made, self._moved = self._made + 1, time.monotonic()
                    self._queue.popleft().set()

    def _give_back(self) -> None:
        with self._lock:
            self._moved = time.monotonic()
            if self._queue:
                self._queue.popleft().set()
            elif self._made > self._count:
                self._made -= 1
            else:
                self._free += 1


drawing = Turns(AT_ONCE, PATIENCE)
