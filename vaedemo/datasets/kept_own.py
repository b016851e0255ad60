"""Own data on the disk, one file each, for as long as they are used and there is room for them.

A file's mtime is its last use. The file of a set that had to make room, or was damaged, is emptied and stays: the set
counts as missing, and the runs on it can still be removed when its time is over (`training.forgetting`).
"""

import logging
import os
import secrets
import time
from contextlib import suppress
from pathlib import Path

from vaedemo import settings
from vaedemo.dataset_names import holds_points, is_own, own_name, readable
from vaedemo.datasets.own_bytes import DamagedData, OwnData, check_size, from_bytes
from vaedemo.rules import ConfigError

TOUCH_SECONDS = 60.0  # a use is noted at most so often
LEFT_OVER_SECONDS = 3600.0  # a file that is written for longer is of a process that was killed
ENDING = ".safetensors"

logger = logging.getLogger(__name__)


def folder() -> Path:
    return settings.current().cache / "uploads"


def path_of(name: str) -> Path:
    """The file of own data of this name, whether it exists or not. Raises `ConfigError` for another name."""
    if not is_own(name):
        raise ConfigError("name", name, "a name that vaedemo.datasets.register gives to own data")
    return folder() / f"{name.partition(':')[2]}.{'points' if holds_points(name) else 'images'}{ENDING}"


def name_of(path: Path) -> str | None:
    """The name of the own data in a file of the folder; None for another file."""
    sha256, _, kind = path.name.removesuffix(ENDING).partition(".")
    name = own_name(sha256, kind == "points")
    return name if is_own(name) and path.name == path_of(name).name else None


def write(name: str, content: bytes) -> bool:
    """Keep the bytes of own data: under another name first, then renamed. False, with a warning, where that fails."""
    path = path_of(name)
    try:
        folder().mkdir(parents=True, exist_ok=True, mode=0o700)
        put(path, content)
        evict(path)
    except OSError as error:
        logger.warning("The %s could not be kept: %s", readable(name), error)
        return False
    return True


def put(path: Path, content: bytes) -> None:
    """Replace a file as a whole; only this user can read it. Raises OSError."""
    temporary = path.with_name(f".{os.getpid()}-{secrets.token_hex(4)}")
    try:
        temporary.touch(mode=0o600)
        temporary.write_bytes(content)
        os.replace(temporary, path)
    except OSError:
        with suppress(OSError):
            temporary.unlink()
        raise


def read(name: str) -> OwnData | None:
    """The data in a file, which is a use of it; None when it is missing, expired, or damaged, which empties it."""
    if not use(name):
        return None
    path = path_of(name)
    try:
        check_size(path.stat().st_size)
        return from_bytes(name, path.read_bytes(), kept=True)
    except DamagedData as error:
        logger.warning("The %s on the disk are not used and are removed: %s", readable(name), error)
        with suppress(OSError):
            empty(path)
    except FileNotFoundError:
        pass  # another process has just forgotten them
    except OSError as error:
        logger.warning("The %s on the disk cannot be read: %s", readable(name), error)
    return None


def is_kept(name: str) -> bool:
    """Whether a file has these data, and their time is not over; it is not read."""
    state = state_of(path_of(name)) if is_own(name) else None
    return state is not None and state.st_size > 0 and not is_over(state.st_mtime)


def was_kept(name: str) -> bool:
    """Whether these data have a file here, be it emptied or expired: then runs on them are on this disk too."""
    return state_of(path_of(name)) is not None


def use(name: str) -> bool:
    """`is_kept`, and note the use."""
    if not is_kept(name):
        return False
    path = path_of(name)
    with suppress(OSError):  # a cache that is read only, or a file that has just gone
        if time.time() - path.stat().st_mtime > TOUCH_SECONDS:
            os.utime(path)
    return True


def remove(name: str) -> None:
    """Delete the file of own data, if there is one."""
    try:
        path_of(name).unlink(missing_ok=True)
    except OSError as error:
        logger.warning("The %s are still on the disk: %s", readable(name), error)


def expired() -> list[str]:
    """The names of all data whose time is over, those whose files were emptied as well."""
    return [name for path, state in states().items() if (name := name_of(path)) and is_over(state.st_mtime)]


def prepare() -> None:
    """Make the folder if it can be made, and delete what processes left in it that were killed while they wrote."""
    with suppress(OSError):
        folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    for path in folder().glob(".*"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > LEFT_OVER_SECONDS:
                path.unlink()


def evict(newest: Path) -> None:
    """Empty the files used longest ago until all are within the cap; the one just kept stays."""
    found = sorted(states().items(), key=lambda pair: pair[1].st_mtime_ns)
    total = sum(state.st_size for _, state in found)
    for path, state in found:
        if total <= settings.current().upload_kept_bytes:
            return
        if path != newest and state.st_size:
            empty(path)
            total -= state.st_size


def empty(path: Path) -> None:
    """Remove the content of a file, and leave its last use. Does nothing when another process has deleted it."""
    state = state_of(path)
    if state is not None:
        put(path, b"")
        os.utime(path, ns=(state.st_mtime_ns, state.st_mtime_ns))


def states() -> dict[Path, os.stat_result]:
    """The sizes and times of all files."""
    found = {path: state_of(path) for path in folder().glob(f"[!.]*{ENDING}")}
    return {path: state for path, state in found.items() if state is not None}


def state_of(path: Path) -> os.stat_result | None:
    """A file's size and times; None when it is not there."""
    try:
        return path.stat()
    except OSError:
        return None


def is_over(last_use: float) -> bool:
    return time.time() - last_use > 3600 * settings.current().upload_hours


def gone(name: str) -> str:
    """The sentence for own data that a server has no more."""
    hours = settings.current().upload_hours
    unused = f"not used for {hours:g} hour{'' if hours == 1 else 's'}"
    return f"The {readable(name)} are no longer on this server: they were cleared, or {unused}."
