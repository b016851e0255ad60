"""A table in text as a data set: two columns are points, 784 are images, and one more is the class."""

import numpy as np
from PIL import Image

from vaedemo.uploads import classes
from vaedemo.uploads.answers import Decoded
from vaedemo.uploads.array_sets import points
from vaedemo.uploads.limits import MOST_EXAMPLES, SIDE
from vaedemo.uploads.stacks import Stack
from vaedemo.uploads.table_lines import Decimals, NotANumber, Reader, ambiguous
from vaedemo.uploads.words import ACCEPTED, Refused, counted, shown, value

PIXELS = SIDE * SIDE
COLUMNS = f"2 columns or {PIXELS}, and one more for a class, are accepted"
CLASS_WORDS = ("label", "labels", "class", "target")

LARGEST_NUMBER = float(np.finfo(np.float32).max)


class Table:
    """The rows of a table: their numbers and their classes."""

    def __init__(self, name: str, reader: Reader, first: list[str]):
        self.name = name
        self.decimals = Decimals(name, reader.separator)
        self.columns = len(first)
        self.class_at = class_column(first)
        self.rows: list[np.ndarray] = []
        self.words: list[str] = []

    @property
    def are_points(self) -> bool:
        """Whether the rows are points, with or without a class."""
        return self.columns <= 3

    def add(self, line: int, fields: list[str]) -> None:
        """Add a row. Raises `Refused`, and `NotANumber` for a row of words."""
        if len(fields) == 2 * self.columns and self.decimals.separator == ",":
            raise Refused(ambiguous(self.name, line))
        if len(fields) != self.columns:
            raise Refused(f"Line {line:,} of {shown(self.name)} has {len(fields)} instead of {self.columns} columns.")
        word = None
        if self.class_at is not None:
            word = fields[self.class_at]
            fields = fields[: self.class_at] + fields[self.class_at + 1 :]
        row = self.numbers(line, fields)
        if len(self.rows) == MOST_EXAMPLES:
            raise Refused(f"{shown(self.name)} has more than {MOST_EXAMPLES:,} rows: fewer fit.")
        if word is not None:
            self.words.append(self.class_word(line, word))
        self.rows.append(row)

    def numbers(self, line: int, fields: list[str]) -> np.ndarray:
        """The numbers of a row, as coordinates or as levels of grey. Raises `Refused`, `NotANumber`."""
        if are_plain(fields):
            numbers = np.fromstring(",".join(fields), sep=",")  # would stop at a word: there is none
        else:
            numbers = np.array([self.decimals.number(line, field) for field in fields])
        if self.are_points:
            if np.abs(numbers).max() > LARGEST_NUMBER:
                raise Refused(f"Line {line:,} of {shown(self.name)} has a number that is too large for 32 bits.")
            return numbers
        wrong = (numbers < 0) | (numbers > 255) | (numbers != np.floor(numbers))
        if wrong.any():
            raise Refused(
                f"Line {line:,} of {shown(self.name)} has the pixel {numbers[wrong][0]:g}: "
                "whole numbers from 0 to 255 are accepted."
            )
        return numbers.astype(np.uint8)

    def class_word(self, line: int, field: str) -> str:
        """The class in a field, a word or a whole number. Raises `Refused` for an empty one and other numbers."""
        try:
            number = float(field.replace(",", "."))
        except ValueError:
            number = None
        if not field or (number is not None and not (abs(number) < 1e9 and number == int(number))):
            raise Refused(
                f"Line {line:,} of {shown(self.name)} has the class {value(field)}: "
                "words and whole numbers are accepted."
            )
        return field if number is None else str(int(number))

    def decoded(self, notes: list[str]) -> Decoded:
        """The table's rows as a data set. Raises `Refused`."""
        if not self.rows:
            raise Refused(f"{shown(self.name)} has no row of numbers.")
        without = "points" if self.are_points else classes.ONE_CLASS
        labels, names = classes.coded(self.words) if self.words else classes.none(len(self.rows), without)
        if self.are_points:
            return Decoded("points", labels, names, points=points(self.name, np.stack(self.rows)), notes=tuple(notes))
        stack = Stack()
        for row in self.rows:
            stack.add(Image.fromarray(row.reshape(SIDE, SIDE)))
        return stack.decoded(labels, names, notes)


def decode(name: str, content: bytes, notes: list[str]) -> Decoded:
    """The data set of a table. Raises `Refused` with the number of the line that is wrong."""
    reader = Reader(name, content)
    table = None
    for line, fields in reader:
        first = table is None
        if first:
            check_columns(name, line, fields, reader.separator)
            table = Table(name, reader, fields)
        try:
            table.add(line, fields)
        except NotANumber as error:
            if not (first and is_heading(fields)):
                raise Refused(
                    f"Line {line:,} of {shown(name)} has {value(str(error))} where a number should be."
                ) from None
    if table is None:
        raise Refused(f"{shown(name)} is empty: {ACCEPTED}.")
    return table.decoded(notes)


def are_plain(fields: list[str]) -> bool:
    """Whether all fields are digits and nothing else: those of ten million pixels are read at once."""
    together = "".join(fields)
    return together.isascii() and together.isdigit() and "" not in fields


def check_columns(name: str, line: int, fields: list[str], separator: str) -> None:
    """Raise `Refused` for a table of another number of columns than a data set has."""
    in_commas = separator == "," and all(field.strip("-+").replace(" ", "").isdigit() for field in fields)
    if in_commas and (len(fields) == 4 or any(" " in field for field in fields)):
        raise Refused(ambiguous(name, line))
    if len(fields) not in (2, 3, PIXELS, PIXELS + 1):
        columns = counted(len(fields), "column", "columns")
        raise Refused(f"{shown(name)} is read as a table and has {columns} in its first line: {COLUMNS}.")


def class_column(first: list[str]) -> int | None:
    """Where the class stands: where the first line says so, else behind two numbers and before 784."""
    if len(first) in (2, PIXELS):
        return None
    usual, other = (2, 0) if len(first) == 3 else (0, PIXELS)
    words = CLASS_WORDS if len(first) == 3 else (*CLASS_WORDS, "y")  # of points, y is a coordinate
    return other if first[other].lower() in words and first[usual].lower() not in words else usual


def is_heading(fields: list[str]) -> bool:
    """Whether a line can be a table's heading: a word in every column, or at least no number."""
    return all(any(character.isalpha() for character in field) for field in fields) and not any(
        field.lower().strip("+-") in ("nan", "inf", "infinity") for field in fields
    )
