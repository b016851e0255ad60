"""Runs that are open: on somebody's screen, or where a job in flight starts from. No process evicts one of them.

Each process lists its own in `open/<token>.runs` of the cache, and holds a lock on `open/<token>.lock` as long as it
lives: the system frees that lock however the process ends, so a list whose lock is free is nobody's and is removed.
Lists are written, and runs evicted, under one more lock: a run that was listed before it was read is not taken away,
and one that was evicted first is simply not found.
"""

import logging
import os
import secrets
import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from vaedemo import settings

logger = logging.getLogger(__name__)

MOST_PER_OWNER = 32  # the latest: a page shows the sixteen runs of a sweep at most, and the lab six more
PATIENCE_SECONDS = 5.0


class Opened:
    """What this process has open in one cache, and for whom."""

    def __init__(self, cache: Path):
        self.folder = cache / "open"
        self.token = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._lock = threading.Lock()
        self._of: dict[Hashable, OrderedDict[str, None]] = {}
        self._listed: frozenset[str] = frozenset()
        self._alive: FileLock | None = None
        self._told = False

    def keep(self, owner: Hashable, digest: str) -> None:
        """An owner opens a run, or looks at it again; of very many the oldest count as closed."""
        with self._lock:
            own = self._of.setdefault(owner, OrderedDict())
            listed = digest in own
            own[digest] = None
            own.move_to_end(digest)
            while len(own) > MOST_PER_OWNER:
                own.popitem(last=False)
            if not listed:
                self._list()

    def let_go(self, owner: Hashable) -> None:
        """An owner has left."""
        with self._lock:
            if self._of.pop(owner, None) is not None:
                self._list()

    def owners(self) -> list[Hashable]:
        with self._lock:
            return list(self._of)

    @contextmanager
    def held(self) -> Iterator[set[str]]:
        """The digests that any process has open; they stay those until the end of the `with` block."""
        with self._mutex():
            found = set(self._listed)
            for path in self.folder.glob("*.runs"):
                if path.stem != self.token:
                    found |= self._read(path)
            yield found

    def _read(self, path: Path) -> set[str]:
        """Another process's list; removed if that process has ended."""
        lock = path.with_suffix(".lock")
        try:
            with FileLock(lock, timeout=0):
                path.unlink(missing_ok=True)
            lock.unlink(missing_ok=True)
        except Timeout:
            return set(path.read_text(encoding="ascii").split())
        return set()

    def _list(self) -> None:
        """Write this process's list, if it has changed."""
        now = frozenset(digest for own in self._of.values() for digest in own)
        if now == self._listed:
            return
        self._listed = now
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if self._alive is None:
                self._alive = FileLock(self.folder / f"{self.token}.lock", thread_local=False)
                self._alive.acquire()
            path = self.folder / f"{self.token}.runs"
            with self._mutex():
                path.with_suffix(".new").write_text("\n".join(sorted(now)), encoding="ascii")
                path.with_suffix(".new").replace(path)
        except (OSError, NotImplementedError) as error:  # the latter from a file system without locks
            if not self._told:
                logger.warning("Other processes are not told which runs are open here: %s", error)
            self._told = True

    @contextmanager
    def _mutex(self) -> Iterator[None]:
        lock = FileLock(self.folder / "mutex.lock", thread_local=False)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock.acquire(timeout=PATIENCE_SECONDS)
        except (OSError, NotImplementedError) as error:  # also of one that is held for seconds, by a stopped process
            logger.warning("Open runs are looked up without their lock: %s", error)
        try:
            yield
        finally:
            lock.release()


_processes: dict[Path, Opened] = {}
_lock = threading.Lock()


def here() -> Opened:
    """What this process has open in the cache of the settings in force."""
    cache = settings.current().cache
    with _lock:
        if cache not in _processes:
            _processes[cache] = Opened(cache)
        return _processes[cache]
