"""Whose turn it is: how many scripts of a class may draw at once.

Python runs one thread at a time. A hundred scripts that take turns every few milliseconds all end late, and the
switching costs as much as the work; a few at a time, the others in a queue, and most answers are there at once.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

AT_ONCE = 2
PATIENCE = 1.0  # seconds after which a script goes ahead without a turn: one that computes for long stops nobody


class Turns:
    """So many turns; a thread that has one may ask again."""

    def __init__(self, count: int, patience: float):
        self._free, self._patience = threading.Semaphore(count), patience
        self._mine = threading.local()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn, at most `patience` seconds, and give it back at the end."""
        if getattr(self._mine, "held", False):
            yield
            return
        taken = self._free.acquire(timeout=self._patience)
        self._mine.held = True
        try:
            yield
        finally:
            self._mine.held = False
            if taken:
                self._free.release()


drawing = Turns(AT_ONCE, PATIENCE)
