"""The idx format of MNIST's files: a magic number, the sizes, then unsigned bytes in row-major order.

Source: Y. LeCun, C. Cortes, C. Burges, The MNIST database, section "File formats".
"""

import math
import os
import struct
from pathlib import Path
from typing import BinaryIO

import numpy as np

UNSIGNED_BYTE = 8
MOST_BYTES = 200_000_000  # limit for the size in a header: four times the largest published file


class IdxError(ValueError):
    """A file that is not a complete idx file. The message is a sentence with the problem, `path` the file."""

    def __init__(self, path: Path, problem: str):
        self.path = Path(path)
        super().__init__(f"{path} {problem}.")


def read(path: Path, dimensions: int) -> np.ndarray:
    """The array in an idx file: uint8 with this number of dimensions.

    Raises `IdxError` when the file is no idx file of unsigned bytes, has another number of dimensions, or another
    length than its header says; `OSError` when it cannot be opened.
    """
    with open(path, "rb") as file:
        sizes = read_header(file, path, dimensions)
        content = bytearray(math.prod(sizes))  # writable, so that the array over it is writable
        if file.readinto(content) != len(content):
            raise IdxError(path, "became shorter while it was read")
    return np.frombuffer(content, dtype=np.uint8).reshape(sizes)


def check(path: Path, dimensions: int):
    """Check an idx file's header and length without reading the content; raises what `read` raises."""
    with open(path, "rb") as file:
        read_header(file, path, dimensions)


def is_whole(path: Path, dimensions: int) -> bool:
    """Whether a file can be opened and passes `check`."""
    try:
        check(path, dimensions)
    except (OSError, IdxError):
        return False
    return True


def read_header(file: BinaryIO, path: Path, dimensions: int) -> tuple[int, ...]:
    """The sizes in the header of an open file, compared with the file's length."""
    header, sizes = read_sizes(file, path, dimensions)
    length, promised = os.fstat(file.fileno()).st_size, len(header) + math.prod(sizes)
    if length != promised:
        kind = "truncated" if length < promised else "too long"
        raise IdxError(path, f"is {kind}: {length:,} bytes where its header says {promised:,}")
    return sizes


def read_sizes(file: BinaryIO, path: Path, dimensions: int) -> tuple[bytes, tuple[int, ...]]:
    """The header of an open file (possibly a gzip stream), and the sizes in it. Raises `IdxError`."""
    header_bytes = 4 * (1 + dimensions)
    header = file.read(header_bytes)
    if len(header) < header_bytes:
        raise IdxError(path, f"is too short for an idx header ({len(header)} bytes, {header_bytes} needed)")
    magic, *sizes = struct.unpack(f">{1 + dimensions}I", header)
    wanted = UNSIGNED_BYTE << 8 | dimensions
    if magic != wanted:
        packed = "; it seems to be gzip-packed still" if header[:2] == b"\x1f\x8b" else ""
        raise IdxError(path, f"starts with 0x{magic:08x} where its kind of idx file has 0x{wanted:08x}{packed}")
    if math.prod(sizes) > MOST_BYTES:
        raise IdxError(path, f"promises {math.prod(sizes):,} bytes in its header; at most {MOST_BYTES:,} are read")
    return header, tuple(sizes)
