"""The cache's folders: where kept runs lie, when each was last used, and which go when space runs out."""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from vaedemo import settings

STALE_SECONDS = 86_400
USED = "last_used"  # an empty file whose time of change says when a run was last opened


def runs_folder() -> Path:
    return settings.current().cache / "runs"


def mark_used(folder: Path) -> None:
    """Note the time of use for the eviction; a read-only cache simply keeps no such times."""
    if os.access(folder, os.W_OK):
        (folder / USED).touch()


def evict(keep: str) -> None:
    """Remove the least recently used runs until the cache is within its size, never the one named."""
    limit = settings.current().cache_bytes
    folders = [*kept_folders(), *leftovers()]
    sizes = {folder: size_of(folder) for folder in folders}
    total = sum(sizes.values())
    for folder in sorted(folders, key=last_used):
        if total <= limit:
            return
        if folder.name != keep:
            shutil.rmtree(folder, ignore_errors=True)
            total -= sizes[folder]


def size_of(folder: Path) -> int:
    """Bytes in a run's folder; 0 when another process evicts it meanwhile."""
    try:
        return sum(entry.stat().st_size for entry in folder.iterdir())
    except FileNotFoundError:
        return 0


def kept_folders() -> Iterator[Path]:
    root = runs_folder()
    if root.is_dir():
        yield from (folder for folder in root.iterdir() if folder.is_dir() and not folder.name.startswith("."))


def leftovers() -> Iterator[Path]:
    """Damaged runs set aside, and what a writer killed over a day ago left: they count against the cache's size."""
    aside = settings.current().cache / "aside"
    if aside.is_dir():
        yield from (folder for folder in aside.iterdir() if folder.is_dir())
    for folder in runs_folder().glob(".*"):
        if folder.is_dir() and time.time() - folder.stat().st_mtime > STALE_SECONDS:
            yield folder


def last_used(folder: Path) -> float:
    marker = folder / USED
    return marker.stat().st_mtime if marker.is_file() else 0.0
