"""A zip: what is looked at in its directory before anything is unpacked, and its files, unpacked one at a time.

Sizes in a header are a stranger's words: what counts is what comes out, in pieces, until a limit is reached.
"""

import io
import re
import stat
import struct
import zipfile
from functools import partial

from vaedemo.uploads import limits
from vaedemo.uploads.members import Member
from vaedemo.uploads.words import Refused, shown

ENTRY = b"PK\x01\x02"  # the beginning of an entry of the directory
LOCAL = struct.Struct("<4s22xHH")  # the head of a file inside: its mark, the lengths of its name and of what follows
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1 | 0x40 | 0x2000
DRIVE = re.compile(r"[A-Za-z]:")
PIECE = 65_536


class Budget:
    """How many bytes all archives of one upload may still unpack."""

    def __init__(self):
        self.left = limits.LARGEST_UNPACKED

    def take(self, count: int) -> None:
        """Count unpacked bytes. Raises `Refused` for too many."""
        self.left -= count
        if self.left < 0:
            raise Refused(f"The archive unpacks to more than {limits.LARGEST_UNPACKED // 1_000_000} million bytes.")


def members(name: str, content: bytes, budget: Budget) -> list[Member]:
    """The files of a zip, none unpacked yet. Raises `Refused` for what no archive of images or arrays holds."""
    if content.count(ENTRY) > limits.MOST_ENTRIES:  # before a list of them is made, which takes memory
        raise Refused(f"{shown(name)} holds more than {limits.MOST_FILES:,} files.")
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        entries = archive.infolist()
        for entry in entries:
            check_entry(entry)
        check_places(name, content, entries, archive.start_dir)
    except (Refused, MemoryError):
        raise
    except Exception:  # zipfile raises half a dozen kinds of errors for damaged archives
        raise damaged(name) from None
    files = [entry for entry in entries if not entry.is_dir()]
    return [
        Member(entry.orig_filename, partial(start, archive, entry), partial(unpack, archive, entry, budget))
        for entry in files
    ]


def check_entry(entry: zipfile.ZipInfo) -> None:
    """Raise `Refused` for an entry that is encrypted, a link, or named as a place outside the archive."""
    name = entry.orig_filename
    parts = name.split("/")
    if name.startswith("/") or "\\" in name or ".." in parts or DRIVE.match(name):
        raise Refused(f"The archive names a file {shown(name)}, which lies outside it or is no plain path.")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise Refused(f"{shown(name)} in the archive is a link or a device: put the file itself there.")
    if entry.flag_bits & ENCRYPTED:
        raise Refused(f"{shown(name)} in the archive is encrypted: pack it without a password.")
    if entry.compress_type not in METHODS:
        raise Refused(f"{shown(name)} in the archive is packed in a way other than the usual one (deflate).")
    if entry.file_size > limits.LARGEST_MEMBER:
        raise too_large(name)


def check_places(name: str, content: bytes, entries: list[zipfile.ZipInfo], directory: int) -> None:
    """Raise `Refused` where files of an archive share bytes: a small archive that unpacks to a huge one is made so."""
    end = 0
    for entry in sorted(entries, key=lambda each: each.header_offset):
        mark, length, extra = LOCAL.unpack_from(content, entry.header_offset)
        if mark != b"PK\x03\x04":
            raise damaged(name)
        if entry.header_offset < end:
            raise Refused(f"Files in {shown(name)} lie over each other: pack it again.")
        if end == 0 and entry.header_offset > 0:  # two archives one after the other, or something before this one
            raise damaged(name)
        end = entry.header_offset + LOCAL.size + length + extra + entry.compress_size
    if end > directory:
        raise damaged(name)


def start(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, count: int) -> bytes:
    """The first bytes of a file in an archive. Raises `Refused`."""
    try:
        with archive.open(entry) as stream:
            return stream.read(count)
    except (Refused, MemoryError):
        raise
    except Exception:
        raise damaged(entry.orig_filename) from None


def unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: Budget) -> bytes:
    """A file of an archive, whole and with the right checksum. Raises `Refused`."""
    name, content = entry.orig_filename, bytearray()
    try:
        with archive.open(entry) as stream:
            while piece := stream.read(PIECE):
                content += piece
                budget.take(len(piece))
                check_size(name, len(content), entry.compress_size)
    except (Refused, MemoryError):
        raise
    except Exception:
        raise damaged(name) from None
    if len(content) != entry.file_size:
        raise damaged(name)
    return bytes(content)


def check_size(name: str, size: int, packed: int) -> None:
    """Raise `Refused` for a file that unpacks to too much, or to too much for what it is packed in."""
    if size > limits.LARGEST_MEMBER:
        raise too_large(name)
    if size > limits.FREE_OF_RATIO and size > limits.HIGHEST_RATIO * packed:
        raise Refused(f"{shown(name)} in the archive unpacks to more than {limits.HIGHEST_RATIO} times its size.")


def too_large(name: str) -> Refused:
    """The refusal of a file that unpacks to too many bytes."""
    most = limits.LARGEST_MEMBER // 1_000_000
    return Refused(f"{shown(name)} in the archive has more than {most} million bytes.")


def damaged(name: str) -> Refused:
    """The refusal of an archive, or of a file in it, that cannot be read to its end."""
    return Refused(f"{shown(name)} is a damaged or incomplete part of an archive: pack or upload it again.")
