"""The files of an upload or of an archive, before they are read: which are images, which arrays or tables, and which
are passed over."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from vaedemo.image_file import SUFFIXES
from vaedemo.uploads.kinds import ARCHIVES, IMAGES, LOOKED_AT, described, kind_of
from vaedemo.uploads.limits import MOST_FILES
from vaedemo.uploads.words import ACCEPTED, Refused, counted, shown

SYSTEM_FILES = ("thumbs.db", "desktop.ini")
TABLE_SUFFIXES = (".csv", ".tsv")
ARRAY_SUFFIXES = (".npy",)


@dataclass(frozen=True)
class Member:
    """A file that is not read yet: its name, its first bytes, as many as asked for, and all of them."""

    name: str
    start: Callable[[int], bytes]
    read: Callable[[], bytes]


@dataclass
class Sorted:
    """The files of an upload by what they are, each list in the order of the names, and sentences on the others."""

    images: list[Member] = field(default_factory=list)
    arrays: list[Member] = field(default_factory=list)
    tables: list[Member] = field(default_factory=list)
    archives: list[Member] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def sort(members: Iterable[Member]) -> Sorted:
    """The files by what they are. Raises `Refused` for too many and for one whose content is not what its name says."""
    everything = sorted(members, key=lambda member: member.name)
    seen = [member for member in everything if not is_hidden(member.name)]
    if len(seen) > MOST_FILES:
        raise Refused(f"An upload may hold up to {MOST_FILES:,} files, got {len(seen):,}.")
    found, others = Sorted(), 0
    for member in seen:
        others += not place(member, found)
    if hidden := len(everything) - len(seen):
        found.notes.append(f"{counted(hidden, 'hidden file was', 'hidden files were')} passed over.")
    if others:
        found.notes.append(f"{counted(others, 'file of another kind was', 'files of other kinds were')} passed over.")
    return found


def place(member: Member, found: Sorted) -> bool:
    """Put a file where it belongs; False for one that is passed over."""
    kind, name = kind_of(member.start(LOOKED_AT)), member.name.lower()
    if kind in IMAGES:
        found.images.append(member)
    elif kind in ARCHIVES:
        found.archives.append(member)
    elif kind == "npy":
        found.arrays.append(member)
    elif kind == "text" and name.endswith(TABLE_SUFFIXES):
        found.tables.append(member)
    elif name.endswith(SUFFIXES + TABLE_SUFFIXES + ARRAY_SUFFIXES):
        raise Refused(f"{shown(member.name)} {described(kind)}: {ACCEPTED}.")
    else:
        return False
    return True


def is_hidden(name: str) -> bool:
    """Whether a file is one that systems put beside a visitor's own."""
    parts = name.replace("\\", "/").lower().split("/")
    return "__macosx" in parts or parts[-1].startswith(".") or parts[-1] in SYSTEM_FILES
