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
PATIENCE = 1.0  # seconds without a release, after which one slot is added: a long computation does not block the queue


class Turns:
    """A semaphore that serves waiting threads first in, first out. A thread that holds a slot may acquire it again.

    If no slot was acquired or released for `patience` seconds, the first thread in the queue gets an extra slot. The
    extra slot is removed when it is released and no thread waits.
    """

    def __init__(self, count: int, patience: float):
        self._count = self._made = self._free = count
        self._patience, self._moved = patience, time.monotonic()
        self._lock, self._queue = threading.Lock(), deque()
        self._mine = threading.local()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Acquire a slot, waiting if necessary; release it at the end of the block."""
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
