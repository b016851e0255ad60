"""Writing an exported page: whole or not at all, and never over somebody else's file."""

import errno
import os
import secrets
from pathlib import Path

MARKER = '<meta name="generator" content="vaedemo export" />'
HEAD = 4_096  # bytes in which the marker stands


def is_ours(path: Path) -> bool:
    """Whether a file was written by the export."""
    with path.open("rb") as file:
        return MARKER.encode() in file.read(HEAD)


def write(path: Path, html: str) -> Path:
    """Write a page, and make its folder where it is missing. Returns the path.

    Raises:
        FileExistsError: there is a file that the export did not write.
        OSError: the folder or the file cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and not (path.is_file() and is_ours(path)):
        raise FileExistsError(errno.EEXIST, "it was not written by the export, and is kept", str(path))
    temporary = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    try:
        temporary.write_text(html, encoding="utf-8")
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    return path
