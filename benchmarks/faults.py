"""Faults and hostile input: runs their tests and counts the passed ones.

Each fault happens to real processes; each link and each config is one that no page generates. A passed test counts the
inputs that it has tried. A failed or skipped test counts nothing, so that the promise does not hold.
"""

import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.report import Figure

TITLE = "Faults and hostile input"
REPOSITORY = Path(__file__).parents[1]
TRIED = "tried"  # the test property with the number of inputs tried; without it a test counts as one


class Check(NamedTuple):
    """A figure, its tests (a file, or one test of it), and the number and kind of inputs that they must try."""

    name: str
    tests: str
    count: int = 1
    unit: str = "tests passed"


TRAININGS = "tests/faults/test_trainings.py"
CHECKS = (
    Check(
        "worker killed while it trains",
        f"{TRAININGS}::test_a_worker_killed_while_training_costs_time_and_nothing_else",
    ),
    Check("scheduler gone, and back", "tests/faults/test_scheduler_gone.py"),
    Check("server killed while it trains", "tests/faults/test_server_killed.py"),
    Check(
        "disk full while a run is saved",
        f"{TRAININGS}::test_a_run_that_the_disk_refuses_is_shown_and_said_to_be_lost_at_the_end",
    ),
    Check("one byte of a run flipped", "tests/faults/test_flipped_byte.py", 5),
    Check("clock set back", "tests/faults/test_clock.py"),
    Check(
        "browsers gone while their job runs",
        f"{TRAININGS}::test_a_training_goes_on_when_its_last_visitor_is_gone_and_its_link_finds_it",
    ),
    Check(
        "one of two workers killed",
        "tests/cluster/test_workers.py::test_when_a_worker_is_killed_the_other_finishes_its_job",
    ),
    Check("two replicas, one scheduler", "tests/cluster/test_replicas.py", 2),
    Check("hostile query strings, by the codec", "tests/hostile/test_codec.py", 10_000, "links"),
    Check("hostile configs", "tests/hostile/test_configs.py", 1_000, "configs"),
    Check("hostile links, through the pages", "tests/hostile/test_pages.py", 200, "links"),
    Check(
        "hostile links, through Chromium",
        "tests/browser/test_hostile_links.py::test_a_hostile_link_opens_a_whole_page",
        20,
        "links",
    ),
)


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-o",
            "junit_family=xunit1",
            f"--junitxml={report}",
        ]
        result = subprocess.run([*command, *(check.tests for check in CHECKS)], cwd=REPOSITORY)
        if not report.exists():
            raise RuntimeError(f"pytest ended with exit code {result.returncode} before any test.")
        tried = list(passed(report.read_text(encoding="utf-8")))
    return [Figure(check.name, counted(check, tried), check.unit, f"exactly {check.count:,}") for check in CHECKS]


def passed(report: str) -> Iterator[tuple[str, int]]:
    """The passed tests of a JUnit report: path and name, and the number of inputs tried."""
    for case in ElementTree.fromstring(report).iter("testcase"):
        if any(case.find(outcome) is not None for outcome in ("failure", "error", "skipped")):
            continue
        tried = case.find(f"properties/property[@name='{TRIED}']")
        path = case.get("classname").replace(".", "/") + ".py"
        yield f"{path}::{case.get('name')}", 1 if tried is None else int(tried.get("value"))


def counted(check: Check, tried: list[tuple[str, int]]) -> int:
    """The number of inputs that the tests of a check have tried, over all their parameters."""
    return sum(count for test, count in tried if check.tests in (test.split("[")[0], test.split("::")[0]))
