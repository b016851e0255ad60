"""Who may upload how much now, and what has been decoded and waits to be looked at. Nothing here touches the disk.

Every limit is held before a body is read: a visitor's uploads and bytes in ten minutes, one upload of a visitor at a
time, and the bytes of all bodies under way.
"""

import secrets
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from vaedemo.uploads.limits import LARGEST_UPLOAD

WINDOW_SECONDS = 600.0
MOST_UPLOADS, MOST_BYTES = 30, 100_000_000  # of one visitor in this time
UNDER_WAY = 60_000_000  # bytes of all bodies that are read or decoded
MOST_WAITING = 150_000_000  # bytes of what waits to be looked at
WAITING_SECONDS = 900.0
AWAY_SECONDS = 15.0  # a browser may lose its connection for so long and find what waits for it
MOST_TICKETS = 10_000

Content = TypeVar("Content")


class NotAllowed(RuntimeError):
    """This upload is refused; the text is one sentence."""


class Busy(RuntimeError):
    """There is no room for this upload at the moment; the text is one sentence."""


@dataclass
class Visitor(Generic[Content]):
    """What the desk knows of one visitor: the moments and sizes of uploads, and the one that waits."""

    ticket: str
    log: deque[tuple[float, int]] = field(default_factory=deque)
    is_sending: bool = False
    waiting: Content | None = None
    size: int = 0  # bytes of what waits
    since: float = 0.0
    seen: float = 0.0  # when the browser was there last


class Desk(Generic[Content]):
    """The visitors of this process. Its methods may be called from any thread."""

    def __init__(self, is_present: Callable[[Hashable], bool], clock: Callable[[], float] = time.monotonic):
        self.is_present, self.clock = is_present, clock
        self.under_way = 0
        self._visitors: OrderedDict[Hashable, Visitor[Content]] = OrderedDict()
        self._by_ticket: dict[str, Hashable] = {}
        self._lock = threading.Lock()

    def ticket(self, owner: Hashable) -> str:
        """The ticket with which this visitor's browser may upload. It is worth nothing once the visitor has left."""
        with self._lock:
            visitor = self._visitors.get(owner)
            if visitor is None:
                while len(self._visitors) >= MOST_TICKETS:
                    self._forget(next(iter(self._visitors)))  # the one not seen for longest
                visitor = self._visitors[owner] = Visitor(secrets.token_urlsafe(24), seen=self.clock())
                self._by_ticket[visitor.ticket] = owner
            self._visitors.move_to_end(owner)
            return visitor.ticket

    def _forget(self, owner: Hashable) -> None:
        del self._by_ticket[self._visitors.pop(owner).ticket]

    @contextmanager
    def admitted(self, ticket: str, size: int) -> Iterator[Hashable]:
        """Admit an upload of so many bytes, and count it until it is read and decoded. Yields whose it is.

        Raises `NotAllowed` and `Busy`.
        """
        owner = self._admit(ticket, size)
        try:
            yield owner
        finally:
            with self._lock:
                self.under_way -= size
                if owner in self._visitors:
                    self._visitors[owner].is_sending = False

    def _admit(self, ticket: str, size: int) -> Hashable:
        with self._lock:
            owner = self._by_ticket.get(ticket)
            if owner is None or not self.is_present(owner):
                raise NotAllowed("Only a page that offers uploads can send one: reload the page.")
            if size > LARGEST_UPLOAD:
                raise NotAllowed(f"An upload may have {LARGEST_UPLOAD // 1_000_000} MB; this one has {size:,} bytes.")
            visitor, now = self._visitors[owner], self.clock()
            while visitor.log and visitor.log[0][0] < now - WINDOW_SECONDS:
                visitor.log.popleft()
            if visitor.is_sending:
                raise NotAllowed("Your last upload is still under way: one at a time.")
            if len(visitor.log) >= MOST_UPLOADS or sum(each for _, each in visitor.log) + size > MOST_BYTES:
                raise NotAllowed(
                    f"One visitor may upload {MOST_UPLOADS} times and {MOST_BYTES // 1_000_000} MB in ten minutes: "
                    "wait a little."
                )
            if self.under_way + size > UNDER_WAY:
                raise Busy("Others are uploading just now: try again in a moment.")
            visitor.log.append((now, size))
            visitor.is_sending = True
            self.under_way += size
            return owner

    def put(self, owner: Hashable, content: Content, size: int) -> None:
        """Keep what was decoded until the visitor has looked at it; it replaces the visitor's last one."""
        with self._lock:
            if owner not in self._visitors:
                return
            visitor = self._visitors[owner]
            visitor.waiting, visitor.size = content, size
            visitor.since = visitor.seen = self.clock()
            self._drop_old()
            others = [each for each in self._waiting() if each is not visitor]
            total = size + sum(each.size for each in others)
            for other in others:  # those that have waited longest come first
                if total > MOST_WAITING:
                    total -= other.size
                    other.waiting, other.size = None, 0

    def _waiting(self) -> list[Visitor[Content]]:
        return sorted((each for each in self._visitors.values() if each.size), key=lambda each: each.since)

    def _drop_old(self) -> None:
        for visitor in self._waiting():
            if visitor.since < self.clock() - WAITING_SECONDS:
                visitor.waiting, visitor.size = None, 0

    def tidy(self) -> None:
        """Forget those who have left, and what has waited for too long. To be called every few seconds."""
        with self._lock:
            self._drop_old()
            now = self.clock()
            for owner, visitor in list(self._visitors.items()):
                if self.is_present(owner):
                    visitor.seen = now
                elif visitor.seen < now - AWAY_SECONDS:
                    self._forget(owner)

    def waiting(self, owner: Hashable) -> Content | None:
        """What this visitor's last upload became; None where there is none, or no longer."""
        with self._lock:
            self._drop_old()
            visitor = self._visitors.get(owner)
            return visitor.waiting if visitor else None

    def drop(self, owner: Hashable) -> None:
        """Forget a visitor's last upload."""
        with self._lock:
            if owner in self._visitors:
                self._visitors[owner].waiting, self._visitors[owner].size = None, 0
