"""Leases on stored runs that are shown on a page or that a job starts from. No process evicts a leased run.

Each process lists its leases in `open/<token>.runs` of the cache and locks `open/<token>.lock` while it lives. The
operating system releases this lock when the process ends in any way, so a list with a free lock is stale and removed.
A mutex covers writing the lists and evicting runs: a run that is listed before it is read is not evicted, and a run
that was evicted first is not found.
"""

import logging
import os
import secrets
import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from vaedemo import settings
from vaedemo.config import RunConfig

logger = logging.getLogger(__name__)

MOST_PER_OWNER = 32  # latest leases per owner: a page shows at most a sweep's sixteen runs, and the lab six more
PATIENCE_SECONDS = 5.0


class Leases:
    """The leases of this process in one cache, per owner."""

    def __init__(self, cache: Path):
        self.folder = cache / "open"
        self.token = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._lock = threading.Lock()
        self._digests: dict[Hashable, OrderedDict[str, None]] = {}
        self._listed: frozenset[str] = frozenset()
        self._alive: FileLock | None = None
        self._warned = False

    def hold(self, owner: Hashable, digest: str) -> None:
        """Add or renew an owner's lease on a run; beyond `MOST_PER_OWNER` the oldest is dropped."""
        with self._lock:
            own = self._digests.setdefault(owner, OrderedDict())
            listed = digest in own
            own[digest] = None
            own.move_to_end(digest)
            while len(own) > MOST_PER_OWNER:
                own.popitem(last=False)
            if not listed:
                self._write_list()

    def hold_starts(self, owner: Hashable, configs: Iterable[RunConfig]) -> None:
        """Lease the runs from which configs start."""
        for config in configs:
            if config.start_from:
                self.hold(owner, config.start_from)

    def release(self, owner: Hashable) -> None:
        """Drop all leases of an owner."""
        with self._lock:
            if self._digests.pop(owner, None) is not None:
                self._write_list()

    def owners(self) -> list[Hashable]:
        with self._lock:
            return list(self._digests)

    @contextmanager
    def held(self) -> Iterator[set[str]]:
        """The leased digests of all processes; they cannot change until the end of the `with` block."""
        with self._mutex():
            found = set(self._listed)
            for path in self.folder.glob("*.runs"):
                if path.stem != self.token:
                    found |= self._read(path)
            yield found

    def _read(self, path: Path) -> set[str]:
        """Another process's list; it is removed if that process has ended."""
        lock = path.with_suffix(".lock")
        try:
            with FileLock(lock, timeout=0):
                path.unlink(missing_ok=True)
            lock.unlink(missing_ok=True)
        except Timeout:
            return set(path.read_text(encoding="ascii").split())
        return set()

    def _write_list(self) -> None:
        """Write this process's list if it has changed."""
        now = frozenset(digest for own in self._digests.values() for digest in own)
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
            if not self._warned:
                logger.warning("Other processes are not told which runs are open here: %s", error)
            self._warned = True

    @contextmanager
    def _mutex(self) -> Iterator[None]:
        lock = FileLock(self.folder / "mutex.lock", thread_local=False)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock.acquire(timeout=PATIENCE_SECONDS)
        except (OSError, NotImplementedError) as error:  # includes a timeout, when a stopped process holds the lock
            logger.warning("Open runs are looked up without their lock: %s", error)
        try:
            yield
        finally:
            lock.release()


_processes: dict[Path, Leases] = {}
_lock = threading.Lock()


def current() -> Leases:
    """The leases of this process in the cache of the current settings."""
    cache = settings.current().cache
    with _lock:
        if cache not in _processes:
            _processes[cache] = Leases(cache)
        return _processes[cache]
