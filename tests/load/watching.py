"""The memory of a server and of its children, sampled while something happens."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from benchmarks.report import Figure

SECONDS = 0.2  # between two samples
MEGABYTE = 1e6
DECODER = "vaedemo.uploads.child"


class Memory:
    """Resident megabytes at their highest: of the server, of its children, and of all at the same moment."""

    def __init__(self, server: psutil.Process):
        self.server, self.command = server, server.cmdline()
        self.own = self.children = self.together = self.decoder = 0.0
        self.decoders = 0  # at the same moment

    def sample(self) -> float:
        """Look now; returns the megabytes of all."""
        own, children = self.server.memory_info().rss / MEGABYTE, 0.0
        decoding = []
        for child in self.server.children(recursive=True):
            try:
                size, command = child.memory_info().rss / MEGABYTE, child.cmdline()
            except psutil.Error:  # it has just ended
                continue
            if command == self.command:  # a process that is just being started has the memory of its parent
                continue
            children += size
            decoding += [size] if DECODER in command else []
        self.own, self.children = max(self.own, own), max(self.children, children)
        self.together, self.decoder = max(self.together, own + children), max([self.decoder, *decoding])
        self.decoders = max(self.decoders, len(decoding))
        return own + children

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Sample until the block ends."""
        over = threading.Event()

        def look() -> None:
            while not over.wait(SECONDS):
                self.sample()

        thread = threading.Thread(target=look, daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def figures(self, when: str) -> list[Figure]:
        return [
            Figure(f"server and children, {when}", self.together, "MB"),
            Figure(f"server alone, {when}", self.own, "MB"),
            Figure(f"children, {when}", self.children, "MB"),
            Figure(f"one decoding child, {when}", self.decoder, "MB"),
        ]


def decoders_of(server: psutil.Process) -> list[int]:
    """The decoding children that are there now."""
    found = []
    for child in server.children(recursive=True):
        try:
            found += [child.pid] if DECODER in child.cmdline() else []
        except psutil.NoSuchProcess:
            continue
    return found
