"""A limit on the number of page scripts that run at the same time in this process.

Python runs one thread at a time. If a hundred scripts share the interpreter lock, all of them end late, and switching
costs as much as the work. With a few at a time and the others in a queue, most answers come at once.
"""

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

AT_ONCE = 2
HANDS_IN_A_ROW = 8  # so many slots go to hands before one goes to a page that waits
PATIENCE = 1.0  # seconds without an acquisition or a release, after which one slot is added


class FairSemaphore:
    """A semaphore that serves waiting threads first in, first out. A thread that holds a slot may acquire it again.

    Those `by_hand` come before the others: who moves a slider does not wait for a class that goes to another page. So
    that the class comes too, at least one slot in `HANDS_IN_A_ROW` + 1 goes to the others.

    If no slot was acquired or released for `patience` seconds, the first thread in the queue gets an extra slot. The
    extra slot is removed when it is released and no thread waits.
    """

    def __init__(self, count: int, patience: float):
        self._count = self._slots = self._free = count
        self._patience, self._last_change = patience, time.monotonic()
        self._lock, self._queue, self._hands, self._in_a_row = threading.Lock(), deque(), deque(), 0
        self._local = threading.local()

    @contextmanager
    def acquired(self, *, by_hand: bool = False) -> Iterator[None]:
        """Acquire a slot, waiting if necessary; release it at the end of the block."""
        if getattr(self._local, "held", False):
            yield
            return
        self._acquire(by_hand)
        self._local.held = True
        try:
            yield
        finally:
            self._local.held = False
            self._release()

    def _acquire(self, by_hand: bool) -> None:
        granted = threading.Event()
        with self._lock:
            if self._free:
                self._free, self._last_change = self._free - 1, time.monotonic()
                return
            (self._hands if by_hand else self._queue).append(granted)
        while not granted.wait(self._patience):
            with self._lock:
                if not granted.is_set() and time.monotonic() - self._last_change >= self._patience:
                    self._slots, self._last_change = self._slots + 1, time.monotonic()
                    self._next().set()

    def _next(self) -> threading.Event:
        """The thread in the queues whose turn it is."""
        if self._hands and (not self._queue or self._in_a_row < HANDS_IN_A_ROW):
            self._in_a_row += 1
            return self._hands.popleft()
        self._in_a_row = 0
        return self._queue.popleft()

    def _release(self) -> None:
        with self._lock:
            self._last_change = time.monotonic()
            if self._queue or self._hands:
                self._next().set()
            elif self._slots > self._count:
                self._slots -= 1
            else:
                self._free += 1


script_runs = FairSemaphore(AT_ONCE, PATIENCE)
