"""Tables of an upload: separators, headings, decimal commas, classes, and the line that is wrong."""

import csv
import io

import numpy as np
import pytest

from tests.uploads.judge import both, check, in_child, in_process, refused
from tests.uploads.samples import RANDOM, table
from vaedemo.uploads import table_lines, tables

POINTS = [(0.5, 1), (-2.25, 3), (1e3, -4), (0, 0)]
EXPECTED = np.array(POINTS, np.float32)
IMAGES = RANDOM.integers(0, 256, (4, 784))


@pytest.mark.parametrize("separator", [",", ";", "\t", " ", ", ", "   "])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_two_columns_are_points_with_each_separator(separator, end, mark):
    lines = [separator.join(map(str, row)) for row in POINTS]
    content = (mark + end.join(["", *lines, "", ""])).encode()
    decoded = check(in_process(("points.csv", content)))
    assert np.array_equal(decoded.points, EXPECTED) and decoded.class_names == ("points",)


def test_a_heading_is_passed_over_and_a_third_column_is_the_class():
    assert np.array_equal(check(in_process(("a.csv", b"x,y\n" + table(POINTS)))).points, EXPECTED)
    words = [(*row, word) for row, word in zip(POINTS, ("up", "down", "up", "left"), strict=True)]
    for heading in (b"", b"x,y,class\n", b'"x","y","label"\n'):
        decoded = (
            check(in_child(("a.csv", heading + table(words))))
            if heading
            else check(in_process(("a.csv", table(words))))
        )
        assert decoded.class_names == ("down", "left", "up") and decoded.labels.tolist() == [2, 0, 2, 1]
        assert np.array_equal(decoded.points, EXPECTED)
    first = [(word, *row) for *row, word in words]
    decoded = check(in_process(("a.csv", b"label,x,y\n" + table(first))))
    assert decoded.labels.tolist() == [2, 0, 2, 1] and np.array_equal(decoded.points, EXPECTED)
    numbers = [(*row, number) for row, number in zip(POINTS, (10, 9, 10.0, 9), strict=True)]
    assert check(in_process(("a.csv", table(numbers)))).class_names == ("9", "10")


@pytest.mark.parametrize("separator", [";", "\t"])
def test_decimal_commas_are_read_between_semicolons_and_tabs(separator):
    content = table(POINTS, separator).replace(b".", b",")
    assert np.array_equal(check(in_process(("a.csv", content))).points, EXPECTED)


@pytest.mark.parametrize(
    "content",
    [
        "1,5,2,5\n3,5,4,5",
        "0,5 1,5\n2,5 3,5",
        "x,y\n1,5,2,5",
        '"0,5","1,5"\n"2,5","3,5"',
        "1.5;2,5\n1;2",
        "x y\n0,5 1,5",
    ],
)
def test_commas_that_could_be_either_are_refused(content):
    assert "can be decimal commas or stand between columns" in refused(("a.csv", content.encode()))


@pytest.mark.parametrize("where", ["first", "last", "none"])
@pytest.mark.parametrize("separator", [",", ";", "\t", " "])
def test_784_columns_are_images_and_one_more_is_the_class(where, separator):
    words, pixels = [5, 3, 5, 7], [f"pixel{number}" for number in range(784)]
    rows = {
        "first": [["label", *pixels], *([word, *row] for word, row in zip(words, IMAGES, strict=True))],
        "last": [[*pixels, "label"], *([*row, word] for word, row in zip(words, IMAGES, strict=True))],
        "none": IMAGES.tolist(),
    }[where]
    content = table(rows, separator)
    assert np.array_equal(both(("a.csv", content)), IMAGES.reshape(-1, 28, 28))
    decoded = in_process(("a.csv", content))
    assert decoded.class_names == (("images",) if where == "none" else ("3", "5", "7"))
    assert decoded.labels.tolist() == ([0, 0, 0, 0] if where == "none" else [1, 0, 1, 2])


def test_pixels_may_be_written_as_decimals():
    content = table(IMAGES.astype(float).tolist(), ";")
    assert b".0;" in content and np.array_equal(both(("a.csv", content)), IMAGES.reshape(-1, 28, 28))


REFUSED = {
    "a word": ("1,2\n3,4\n5,six\n7,8", "Line 3 of 'a.csv' has 'six' where a number should be"),
    "a long word": ("1,2\n3," + "w" * 1000, "Line 2 of 'a.csv' has 'wwwwwwwwwwwwwwwwwwwwwwwwwwwww…'"),
    "a control character": ("1,2\n" * 200 + "3,\x1b[31m", "Line 201 of 'a.csv' has '?[31m' where"),
    "words alone": ("the cat\nsat on", "Line 2 of 'a.csv' has 'sat' where"),
    "two headings": ("x,y\na,b\n1,2", "Line 2 of 'a.csv' has 'a' where"),
    "prose": ("Once upon a time there was a table.\n", "has 8 columns in its first line"),
    "not a number": ("1,2\nnan,4", "Line 2 of 'a.csv' has 'nan'"),
    "not a number at once": ("nan,nan\n3,4", "Line 1 of 'a.csv' has 'nan'"),
    "infinity": ("1,2\n3,4\n-inf,1", "Line 3 of 'a.csv' has '-inf'"),
    "beyond 32 bits": ("1,2\n1e39,4", "Line 2 of 'a.csv' has a number that is too large"),
    "beyond 64 bits": ("1,2\n1e999,4", "Line 2 of 'a.csv' has a number that is too large"),
    "a thousand digits": ("1,2\n" + "9" * 1000 + ",4", "Line 2 of 'a.csv' has a number that is too large"),
    "digits of other scripts": ("1,2\n٣,4", "Line 2 of 'a.csv' has '٣' where"),
    "an underscore": ("1,2\n1_0,4", "Line 2 of 'a.csv' has '1_0' where"),
    "a formula": ("1,2\n=1+1,4", "Line 2 of 'a.csv' has '=1+1' where"),
    "a missing value": ("1,2\n3,", "Line 2 of 'a.csv' has '' where"),
    "a missing class": ("1,2,a\n3,4,", "Line 2 of 'a.csv' has the class ''"),
    "a decimal class": ("1,2,3\n3,4,0.5", "Line 2 of 'a.csv' has the class '0.5'"),
    "a missing column": ("1,2\n3", "Line 2 of 'a.csv' has 1 instead of 2 columns"),
    "an open quote": ('1,2\n"3,4', "Line 2 of 'a.csv' has quotes that do not stand around"),
    "one column": ("1\n2\n3\n4", "has 1 column in its first line"),
    "five columns": ("1,2,3,4,5", "has 5 columns in its first line: 2 columns or 784"),
    "a million columns": (",".join(["1"] * 1_000_000)[:999_999], "Line 1 of 'a.csv' has more than 785 columns"),
    "a million columns of blanks": ("1 " * 499_999, "Line 1 of 'a.csv' has more than 785 columns"),
    "a long line": ("1,2\n" + "1" * 1_000_001, "Line 2 of 'a.csv' has more than a million characters"),
    "three rows": ("1,2\n3,4\n5,6", "has 3 points: 4 are the fewest"),
    "a heading alone": ("x,y\n", "has no row of numbers"),
    "blank lines": ("\n\n  \n", "'a.csv' is empty"),
    "too many rows": ("1,2\n" * 20_001, "has more than 20,000 rows"),
    "a pixel of 256": (",".join(["256"] * 784), "Line 1 of 'a.csv' has the pixel 256"),
    "a pixel below 0": (",".join(["0"] * 783 + ["-1"]), "Line 1 of 'a.csv' has the pixel -1"),
    "a pixel between": (",".join(["0"] * 783 + ["0.5"]), "Line 1 of 'a.csv' has the pixel 0.5"),
    "too many classes": ("\n".join(f"1,2,{number}" for number in range(1001)), "up to 1,000 classes, got 1,001"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_a_table_that_is_refused(what):
    text, says = REFUSED[what]
    assert says in refused(("a.csv", text.encode()))


def test_other_encodings_are_refused():
    for name in ("utf-16", "utf-32"):
        assert "UTF-16" in refused(("a.csv", "1,2\n3,4".encode(name)))
    assert "is no text in UTF-8" in refused(("a.csv", "größe,y\n1,2".encode("latin-1")))
    assert "is of a kind that is not known" in refused(("a.csv", b"\x00\x01"), ("b.csv", b"1,2"))
    assert "is of a kind that is not known" in refused(("a.csv", "1,2\n3,4".encode("utf-16-le")))


def test_a_reader_agrees_with_the_csv_module():
    text = 'a, "b c","d ""e""",f \n'
    reader = table_lines.Reader("a.csv", text.encode())
    expected = [field.strip() for field in next(csv.reader(io.StringIO(text), skipinitialspace=True))]
    assert list(reader) == [(1, expected)] and not tables.are_plain(expected) and tables.are_plain(["1", "22"])
