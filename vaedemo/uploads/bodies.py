"""The body of an upload: a header that lists the files' names and sizes, then the files one after another.

The browser builds the same with `new Blob`. A file's name is never used as a path: it gives a class and a sentence.
"""

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from vaedemo.uploads.limits import LARGEST_HEADER, LARGEST_UPLOAD, MOST_FILES
from vaedemo.uploads.words import NOT_AN_UPLOAD, Refused

LENGTH = struct.Struct(">I")


@dataclass(frozen=True)
class File:
    """One file: its name and its bytes."""

    name: str
    content: bytes


def pack(files: Sequence[tuple[str, bytes]]) -> bytes:
    """The body of an upload of these files, each a name and its bytes."""
    listed = [{"name": name, "size": len(content)} for name, content in files]
    header = json.dumps({"files": listed}).encode("ascii")
    return b"".join([LENGTH.pack(len(header)), header, *(content for _, content in files)])


def unpack(body: bytes) -> list[File]:
    """The files of an upload's body, in its order. Raises `Refused`."""
    if len(body) > LARGEST_UPLOAD:
        raise Refused(
            f"An upload may have up to {LARGEST_UPLOAD // 1_000_000} million bytes: fewer or smaller files fit."
        )
    listed, offset = header_of(body)
    if not listed:
        raise Refused("The upload holds no file.")
    if len(listed) > MOST_FILES:
        raise Refused(f"An upload may hold up to {MOST_FILES:,} files, got {len(listed):,}.")
    files = []
    for entry in listed:
        name, size = entry_of(entry)
        files.append(File(name, body[offset : offset + size]))
        if len(files[-1].content) != size:
            raise Refused(NOT_AN_UPLOAD)
        offset += size
    if offset != len(body):
        raise Refused(NOT_AN_UPLOAD)
    return files


def header_of(body: bytes) -> tuple[list, int]:
    """The list of files in a body's header, and where the files begin. Raises `Refused`."""
    if len(body) < LENGTH.size:
        raise Refused(NOT_AN_UPLOAD)
    (length,) = LENGTH.unpack_from(body)
    end = LENGTH.size + length
    if length > LARGEST_HEADER or end > len(body):
        raise Refused(NOT_AN_UPLOAD)
    try:
        header = json.loads(body[LENGTH.size : end].decode("utf-8"))
    except (ValueError, RecursionError):
        raise Refused(NOT_AN_UPLOAD) from None
    if not isinstance(header, dict) or not isinstance(header.get("files"), list):
        raise Refused(NOT_AN_UPLOAD)
    return header["files"], end


def entry_of(entry: object) -> tuple[str, int]:
    """The name and the size that an entry of the header gives. Raises `Refused`."""
    match entry:
        case {"name": str(name), "size": int(size)} if not isinstance(size, bool) and size >= 0:
            return name, size
    raise Refused(NOT_AN_UPLOAD)
