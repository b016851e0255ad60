"""The lines of a table as fields: the separator, decimal commas, and a sentence for what is no table.

A line is read with a bound and split only after its separators are counted, so that one of a million columns costs
nothing.
"""

import csv
import io
import re
from collections.abc import Iterator

from vaedemo.uploads.limits import LONGEST_LINE, SIDE
from vaedemo.uploads.words import ACCEPTED, Refused, shown

MOST_COLUMNS = SIDE * SIDE + 1
SEPARATORS = ("\t", ";", ",")  # the first that is in the first line; blanks if none is
SPACES = " "
LONGEST_NUMBER = 100  # characters


class Reader:
    """The lines of a table that are not blank, as fields, each with its number from 1."""

    def __init__(self, name: str, content: bytes):
        self.name = name
        self.text = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline=None)
        self.separator = ""

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """Yield a line's number and its fields. Raises `Refused`."""
        number = 0
        while line := self.line(number + 1):
            number += 1
            if line.strip():
                yield number, self.fields(number, line.strip("\n"))

    def line(self, number: int) -> str:
        """The next line with its end, empty behind the last. Raises `Refused`."""
        try:
            line = self.text.readline(LONGEST_LINE + 1)
        except UnicodeDecodeError:
            raise Refused(f"{shown(self.name)} is no text in UTF-8: {ACCEPTED}.") from None
        if len(line) > LONGEST_LINE:
            raise Refused(f"Line {number:,} of {shown(self.name)} has more than a million characters.")
        return line

    def fields(self, number: int, line: str) -> list[str]:
        """The fields of a line, without blanks around them. Raises `Refused`."""
        if not self.separator:
            self.separator = next((mark for mark in SEPARATORS if mark in line), SPACES)
        if self.separator == SPACES:
            fields = line.split(maxsplit=MOST_COLUMNS)
        elif line.count(self.separator) >= MOST_COLUMNS + line.count('"'):
            fields = [""] * (MOST_COLUMNS + 1)
        else:
            fields = self.split(number, line)
        if len(fields) > MOST_COLUMNS:
            raise Refused(f"Line {number:,} of {shown(self.name)} has more than {MOST_COLUMNS} columns.")
        return fields

    def split(self, number: int, line: str) -> list[str]:
        """The fields of a line with separators; quotes may stand around them."""
        try:
            (fields,) = csv.reader([line], delimiter=self.separator, strict=True, skipinitialspace=True)
        except (csv.Error, ValueError):
            raise Refused(
                f"Line {number:,} of {shown(self.name)} has quotes that do not stand around a whole column."
            ) from None
        return [field.strip() for field in fields] if " " in line else fields


class Decimals:
    """How decimal numbers are written, with a point or a comma: in one table, one way."""

    NUMBER = re.compile(r"[-+]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)([eE][-+]?[0-9]{1,3})?")

    def __init__(self, name: str, separator: str):
        self.name, self.separator = name, separator
        self.marks: set[str] = set()

    def number(self, line: int, field: str) -> float:
        """The number in a field. Raises `Refused` with the line's number for a word and for mixed marks."""
        if len(field) > LONGEST_NUMBER or not self.NUMBER.fullmatch(field):
            raise NotANumber(field)
        for mark in ",.":
            if mark in field:
                self.marks.add(mark)
        if "," in self.marks and (self.separator not in "\t;" or len(self.marks) > 1):
            raise Refused(ambiguous(self.name, line))
        return float(field.replace(",", "."))


class NotANumber(ValueError):
    """A field holds a word where a number should be."""


def ambiguous(name: str, line: int) -> str:
    """The sentence for commas that could stand between columns or inside numbers."""
    return (
        f"Commas in line {line:,} of {shown(name)} can be decimal commas or stand between columns: "
        "separate the columns with semicolons, or write decimal points."
    )
