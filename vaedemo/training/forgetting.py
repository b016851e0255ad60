"""Forgets own data: the data, and all that was trained on them, so that nothing of them is left on this disk."""

import logging
import shutil
from collections.abc import Iterator
from pathlib import Path

from vaedemo import settings
from vaedemo.datasets import own
from vaedemo.training import kept_states
from vaedemo.training.cache_folders import runs_folder
from vaedemo.training.files import CONFIG, LARGEST_TEXT_BYTES

DIGEST_LENGTH = 16

logger = logging.getLogger(__name__)


def forget(name: str) -> list[str]:
    """Delete own data and all runs and states on them; returns the digests of these runs. Raises `ConfigError`.

    The data go last: when this process is killed in between, they expire later, and what is left is found then.
    """
    digests = forget_runs(name)
    own.forget(name)
    return digests


def forget_runs(name: str) -> list[str]:
    """Delete all runs and states on a data set, not the set; returns the digests of the stored runs, sorted."""
    found = [folder for folder in folders() if is_on(folder, name)]
    digests = {digest_of(folder) for folder in found}
    # The settings of a run that was set aside may be what is damaged: its folder still has the digest.
    found += [folder for folder in folders() if digest_of(folder) in digests and folder not in found]
    stored = sorted(folder.name for folder in found if folder == runs_folder() / digest_of(folder))
    for folder in found:
        shutil.rmtree(folder, ignore_errors=True)
        if folder.exists():
            logger.warning("A run on own data is still on the disk: %s", folder)
    kept_states.forget(name)
    return stored


def folders() -> Iterator[Path]:
    """The folders of all runs: stored, being written, and set aside."""
    for root in (runs_folder(), settings.current().cache / "aside"):
        yield from (folder for folder in root.glob("*") if folder.is_dir())


def is_on(folder: Path, name: str) -> bool:
    """Whether a run's settings name this data set. The text is searched, because it may be damaged."""
    try:
        with (folder / CONFIG).open("rb") as file:
            return f'"{name}"'.encode() in file.read(LARGEST_TEXT_BYTES)
    except OSError:
        return False


def digest_of(folder: Path) -> str:
    """The digest in a folder's name, `<digest>`, `<digest>-…` or `.<digest>-…`."""
    return folder.name.removeprefix(".")[:DIGEST_LENGTH]
