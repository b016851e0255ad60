"""The cache's folders: stored runs, their time of last use, and the eviction of the least recently used."""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from vaedemo import settings
from vaedemo.training import leases

STALE_SECONDS = 86_400
USED = "last_used"  # an empty file in a run's folder; its mtime is the time of last use
CLOCK = "last_use"  # the same for the whole cache
TICK = 0.001  # seconds


def runs_folder() -> Path:
    return settings.current().cache / "runs"


def mark_used(folder: Path) -> None:
    """Record the time of use for the eviction; does nothing in a read-only cache."""
    if os.access(folder, os.W_OK):
        set_time(folder / USED, next_use_time())


def set_time(path: Path, moment: float) -> None:
    """Create a file if it does not exist, and set its mtime."""
    path.touch()
    os.utime(path, (moment, moment))


def next_use_time() -> float:
    """The present time, but always later than every earlier use, even if the clock was set back."""
    clock = settings.current().cache / CLOCK
    last = clock.stat().st_mtime if clock.is_file() else max(map(last_used, run_folders()), default=0.0)
    moment = max(time.time(), last + TICK)
    if os.access(clock.parent, os.W_OK):
        set_time(clock, moment)
    return moment


def evict(keep: str) -> None:
    """Remove the least recently used runs until the cache is within its size.

    The run `keep` and leased runs (`leases`) are never removed, even if the cache then stays above its size.
    """
    limit = settings.current().cache_bytes
    folders = [*run_folders(), *leftover_folders()]
    sizes = {folder: size_of(folder) for folder in folders}
    total = sum(sizes.values())
    if total <= limit:
        return
    with leases.current().held() as in_use:
        for folder in sorted(folders, key=last_used):
            if total <= limit:
                return
            if folder.name != keep and folder.name not in in_use:
                shutil.rmtree(folder, ignore_errors=True)
                total -= sizes[folder]


def size_of(folder: Path) -> int:
    """The bytes in a run's folder; 0 when another process evicts it meanwhile."""
    try:
        return sum(entry.stat().st_size for entry in folder.iterdir())
    except FileNotFoundError:
        return 0


def run_folders() -> Iterator[Path]:
    root = runs_folder()
    if root.is_dir():
        yield from (folder for folder in root.iterdir() if folder.is_dir() and not folder.name.startswith("."))


def leftover_folders() -> Iterator[Path]:
    """Damaged runs set aside, and temporary folders older than a day; they count towards the cache's size."""
    aside = settings.current().cache / "aside"
    if aside.is_dir():
        yield from (folder for folder in aside.iterdir() if folder.is_dir())
    for folder in runs_folder().glob(".*"):
        if folder.is_dir() and time.time() - folder.stat().st_mtime > STALE_SECONDS:
            yield folder


def last_used(folder: Path) -> float:
    marker = folder / USED
    return marker.stat().st_mtime if marker.is_file() else 0.0
