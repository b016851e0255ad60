"""Daemon threads that can be joined together."""

import threading
from collections.abc import Callable


class Threads:
    """A group of daemon threads; one that ends leaves the group."""

    def __init__(self, name: str):
        self.name, self._lock = name, threading.Lock()
        self._running: set[threading.Thread] = set()

    def start(self, function: Callable[..., None], *arguments) -> None:
        def run() -> None:
            try:
                function(*arguments)
            finally:
                with self._lock:
                    self._running.discard(threading.current_thread())

        thread = threading.Thread(target=run, name=self.name, daemon=True)
        with self._lock:
            self._running.add(thread)
        thread.start()

    def join(self, timeout: float) -> None:
        """Wait for the running threads, at most `timeout` seconds each."""
        with self._lock:
            running = list(self._running)
        for thread in running:
            thread.join(timeout)
