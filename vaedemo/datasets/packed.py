"""The idx files as published: gzip files, each `.gz` in the folder of its unpacked file."""

import gzip
import math
import os
import zlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from vaedemo.datasets import idx

CHUNK = 2**20


def packed_path(path: Path) -> Path:
    """The path of an idx file's packed form."""
    return path.with_name(path.name + ".gz")


def is_whole(path: Path, dimensions: int) -> bool:
    """Whether a packed file exists, is complete, and its folder is writable; cached until the file changes."""
    packed = packed_path(path)
    try:
        state = packed.stat()
    except OSError:
        return False
    return os.access(packed.parent, os.W_OK) and _is_whole(packed, dimensions, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=64)
def _is_whole(packed: Path, dimensions: int, changed: int, size: int) -> bool:
    try:
        return all(map(bool, parts(packed, dimensions)))
    except idx.IdxError:
        return False


def unpack(path: Path, dimensions: int, workplace: Path) -> None:
    """Unpack an idx file atomically: it is written in `workplace`, a folder on the same disk, and then renamed.

    The packed file stays. Raises `IdxError` when it cannot be read, is damaged, or is no idx file of unsigned bytes
    with this number of dimensions; `OSError` when the unpacked file cannot be written.
    """
    incoming = workplace / path.name
    with open(incoming, "wb") as file:
        file.writelines(parts(packed_path(path), dimensions))
    os.replace(incoming, path)


def parts(packed: Path, dimensions: int) -> Iterator[bytes]:
    """The unpacked bytes of a packed idx file, in chunks; raises `IdxError`.

    It unpacks at most the size in the header, and compares gzip's checksum at the end.
    """
    try:
        with gzip.open(packed, "rb") as file:
            header, sizes = idx.read_sizes(file, packed, dimensions)
            yield header
            left = math.prod(sizes)
            while left and (part := file.read(min(left, CHUNK))):
                left -= len(part)
                yield part
            # The read past the last byte also compares the checksum.
            if left or file.read(1):
                raise idx.IdxError(packed, f"is {'truncated' if left else 'too long'} for what its header says")
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error).rstrip(".")
        raise idx.IdxError(packed, f"cannot be unpacked: {reason}") from error
