"""The benchmarks' report: promises read and judged, what is written is read back, and the pages quote it as it is."""

import re
from pathlib import Path

import pytest

from benchmarks import report
from benchmarks.__main__ import names
from benchmarks.report import Figure

REPOSITORY = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("value", "promise", "held"),
    [
        (1.79, "at most 1.8", True),
        (1.81, "at most 1.8", False),
        (10.0, "at least 10", True),
        (9.9, "at least 10", False),
        (5, "exactly 5", True),
        (4, "exactly 5", False),
        (999.0, "at most 1,000", True),
        (3.0, "", None),
    ],
)
def test_a_promise_is_judged_by_the_number_and_not_by_its_rounding(value, promise, held):
    assert Figure("a", value, "s", promise).held is held


def test_a_promise_that_cannot_be_judged_is_refused():
    with pytest.raises(ValueError, match="at most"):
        Figure("a", 1.0, "s", "about 3")


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(12345.6, "images/s", "12,346"), (0.12345, "s", "0.123"), (105.5678, "nats", "105.57"), (5.0, "runs", "5")],
)
def test_numbers_have_the_digits_that_say_something(value, unit, text):
    assert Figure("a", value, unit).text == text


def test_what_is_written_is_read_back_and_what_did_not_hold_is_named_first(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "RESULTS", tmp_path / "results.md")
    figures = [Figure("quick enough", 1.5, "s", "at most 2"), Figure("too slow", 3.0, "s", "at most 2")]
    report.write([("One", figures), ("Two", [Figure("loss", 105.0, "nats")])], minutes=12.3)
    assert report.read() == {"quick enough": "1.5", "too slow": "3", "loss": "105.00"}
    text = report.RESULTS.read_text()
    assert "did not hold: too slow." in text
    assert "in one run of 12 minutes" in text


def test_every_benchmark_has_a_title():
    folder = REPOSITORY / "benchmarks"
    assert len(names()) >= 6
    for name in names():
        assert re.search(r"^TITLE = ", (folder / f"{name}.py").read_text(encoding="utf-8"), re.MULTILINE), name


def rows(file: str) -> dict[str, tuple[str, ...]]:
    """The rows of figures in a page: name to number, unit and promise, as written there."""
    text = (REPOSITORY / file).read_text(encoding="utf-8")
    found = {}
    for table in re.findall(
        r"^\| figure \| measured \| unit \| promised \|.*\n\|-.*\n((?:\|.*\n)+)", text, re.MULTILINE
    ):
        for row in table.splitlines():
            name, *cells = (cell.strip() for cell in row.split("|")[1:5])
            assert name not in found, f"{file} has two rows {name!r}"
            found[name] = tuple(cells)
    return found


@pytest.mark.parametrize(("file", "fewest", "most"), [("README.md", 10, 15), ("docs/benchmarks.md", 30, 60)])
def test_the_pages_quote_the_results_as_they_are(file, fewest, most):
    measured, quoted = rows("benchmarks/results.md"), rows(file)
    assert {name: value for name, (value, *_) in measured.items()} == report.read()
    assert fewest <= len(quoted) <= most
    assert quoted == {name: measured.get(name) for name in quoted}


def test_the_readme_s_rows_are_some_of_the_longer_page():
    assert rows("README.md").keys() < rows("docs/benchmarks.md").keys()


def test_the_readme_says_that_all_promises_held_when_they_did():
    results = report.RESULTS.read_text(encoding="utf-8")
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    held = "**no**" not in results
    assert ("All promises held" in readme) is held
    assert ("Promises that did not hold: none." in results) is held


def test_the_page_on_benchmarks_lists_each():
    page = (REPOSITORY / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    table = page.split("| benchmark | what runs |\n|---|---|\n")[1].split("\n\n")[0]
    assert sorted(row.split("`")[1] for row in table.splitlines()) == names()
