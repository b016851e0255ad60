"""What is kept of a clinic's training: the program that ran, its curves and its film, in a folder of its own.

    program.txt   the program, as it ran
    curves.csv    losses after each epoch, as the program itself computes them
    frames.npz    codes of test images and decoded images after some epochs
    seal.json     sizes and SHA-256 of the three

No pickle. A file's size is checked before it is read, and its checksum before it is used.
"""

import csv
import hashlib
import io
import json
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from vaedemo import settings
from vaedemo.clinic import diseases
from vaedemo.datasets import DataUnavailable
from vaedemo.rules import ConfigError
from vaedemo.training.film import Frame, StoredFilm, write_frames

PROGRAM, CURVES, FRAMES, SEAL = "program.txt", "curves.csv", "frames.npz", "seal.json"
LARGEST = {PROGRAM: 10_000, CURVES: 100_000, FRAMES: 1_000_000, SEAL: 10_000}  # bytes
PARTS = ("train", "test", "third")
TERMS = ("reconstruction", "kl", "loss")
COLUMNS = ("epoch", *(f"{part}_{term}" for part in PARTS for term in TERMS))
MOST_EPOCHS = 1_000
FORMAT = 1

Curves = Mapping[str, Sequence[float]]


class DamagedRecord(DataUnavailable):
    """A record's folder is missing, incomplete or changed; the message names the problem, and a page shows it."""


@dataclass(frozen=True, eq=False)
class Record:
    """One trained program of the clinic. It is hashed by identity, so that what is measured on it can be kept.

    `program`: its text. `curves`: `COLUMNS`, a value after each epoch from 0, which is before the training; losses are
    the mean over the images of a part, in the unit that the program computes, and `third` is a set that no program
    trains on. The table ends before a loss is no number. `film`: frames with the codes of test images on two axes,
    float32 (M, 2), and images decoded from a grid of z or from z ~ N(0, I).
    """

    name: str
    program: str
    curves: Curves
    film: Sequence[Frame]

    def last(self, term: str, part: str = "test") -> float:
        """A loss after the last epoch."""
        return self.curves[f"{part}_{term}"][-1]


def folder_of(name: str) -> Path:
    """Where a record lies. Raises `ConfigError` for an unknown name."""
    if name not in diseases.RECORDS:
        raise ConfigError("name", name, "one of " + ", ".join(diseases.RECORDS))
    return settings.current().clinic / name


def load(name: str) -> Record:
    """A record of the clinic, verified: `healthy`, `healthy-50`, `patient-1` and so on.

    Raises `ConfigError` for an unknown name and `DamagedRecord` for missing, large, incomplete or changed files.
    """
    folder = folder_of(name)
    return from_files(name, {each: read(folder / each, LARGEST[each]) for each in LARGEST})


def from_files(name: str, contents: Mapping[str, bytes]) -> Record:
    """The record of `to_files`. Raises `DamagedRecord`."""
    contents = dict(contents)
    sealed = read_seal(contents.pop(SEAL), name)
    for each, content in contents.items():
        if sealed.get(each) != sha256(content):
            raise DamagedRecord(f"The clinic's {name} cannot be used: {each} was changed after it was written.")
    try:
        film = StoredFilm(contents[FRAMES])
    except ValueError as error:
        raise DamagedRecord(f"The clinic's {name} cannot be used: {error}") from error
    return Record(name, contents[PROGRAM].decode(), read_curves(contents[CURVES], name), film)


def read(path: Path, largest: int) -> bytes:
    """A file of at most `largest` bytes. Raises `DamagedRecord`, also for one that grows while it is read."""
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            content = file.read(largest + 1) if size <= largest else b""
    except OSError as error:
        raise DamagedRecord(f"The clinic's {path.parent.name}/{path.name} cannot be read: {error.strerror}.") from error
    if size > largest or len(content) > largest:
        raise DamagedRecord(f"The clinic's {path.parent.name}/{path.name} has more than {largest:,} bytes.")
    return content


def read_seal(content: bytes, name: str) -> dict[str, str]:
    """The checksums of a seal, by file. Raises `DamagedRecord`."""
    try:
        seal = json.loads(content)
        sound = seal["format"] == FORMAT and seal["name"] == name and isinstance(seal["sha256"], dict)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise DamagedRecord(f"The clinic's {name} cannot be used: {SEAL} cannot be read.") from error
    if not sound:
        raise DamagedRecord(f"The clinic's {name} cannot be used: {SEAL} belongs to something else.")
    return seal["sha256"]


def read_curves(content: bytes, name: str) -> Curves:
    """The columns of a table, as finite numbers. Raises `DamagedRecord`."""
    try:
        header, *rows = csv.reader(content.decode().splitlines())
        numbers = [[float(cell) for cell in row] for row in rows]
        sound = tuple(header) == COLUMNS and 1 < len(numbers) <= MOST_EPOCHS
        sound = sound and all(len(row) == len(COLUMNS) and all(map(math.isfinite, row)) for row in numbers)
    except (ValueError, OverflowError, csv.Error) as error:
        raise DamagedRecord(f"The clinic's {name} cannot be used: {CURVES} cannot be read.") from error
    if not sound:
        raise DamagedRecord(f"The clinic's {name} cannot be used: {CURVES} is not a table of its losses.")
    return dict(zip(COLUMNS, (list(column) for column in zip(*numbers, strict=True)), strict=True))


def to_files(record: Record) -> dict[str, bytes]:
    """A record as file names and contents."""
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(COLUMNS)
    rows = zip(*(record.curves[column] for column in COLUMNS), strict=True)
    writer.writerows([round(epoch), *losses] for epoch, *losses in rows)
    contents = {
        PROGRAM: record.program.encode(),
        CURVES: table.getvalue().encode(),
        FRAMES: write_frames(record.film),
    }
    sums = {name: sha256(content) for name, content in contents.items()}
    seal = {"format": FORMAT, "name": record.name, "sha256": sums}
    return contents | {SEAL: (json.dumps(seal, indent=1) + "\n").encode()}


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
