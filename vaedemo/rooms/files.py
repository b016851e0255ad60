"""The rooms on disk: one file each, written whole, so that a restart of the server loses none."""

import json
import logging
import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from vaedemo.rooms.room import Room, room_from

LARGEST_FILE = 64_000_000  # bytes: a room of 500 that has voted twice on every question of the lecture has 5 million
UNREADABLE = (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError)
TEMPORARY = ".writing-"
logger = logging.getLogger(__name__)


class RoomFiles:
    """Keeps rooms in a folder. One process at a time owns it: a second one finds `owned` False."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._lock: FileLock | None = None

    def own(self) -> bool:
        """Own the folder if no other process does, until this process ends. Raises OSError if it cannot be written."""
        if self._lock is None:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            lock = FileLock(self.folder / "owner.lock", thread_local=False)
            try:
                lock.acquire(timeout=0)
            except Timeout:
                return False
            self._lock = lock
            for left in self.folder.glob(f"{TEMPORARY}*"):  # of a process that was killed while it wrote
                left.unlink(missing_ok=True)
        return True

    def release(self) -> None:
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def read_all(self) -> Iterator[Room]:
        """The rooms on disk. A file that is none is left alone, with a line in the log."""
        for path in sorted(self.folder.glob("*.json")):
            try:
                if path.stat().st_size > LARGEST_FILE:
                    raise ValueError(f"more than {LARGEST_FILE:,} bytes")
                room = room_from(json.loads(path.read_text(encoding="utf-8")))
                if room.code != path.stem:
                    raise ValueError(f"it has the code {room.code}")
            except UNREADABLE as error:
                logger.warning("The room %s could not be read: %s", path.name, error)
                continue
            yield room

    def write(self, code: str, text: str) -> None:
        """Keep a room's text, under another name first. Raises OSError."""
        temporary = self.folder / f"{TEMPORARY}{secrets.token_hex(8)}"
        try:
            temporary.write_text(text, encoding="utf-8")
            temporary.chmod(0o600)
            temporary.replace(self.folder / f"{code}.json")
        except OSError:
            with suppress(OSError):
                temporary.unlink()
            raise

    def delete(self, code: str) -> None:
        try:
            (self.folder / f"{code}.json").unlink(missing_ok=True)
        except OSError as error:
            logger.warning("The ended room %s is still on the disk: %s", code, error)
