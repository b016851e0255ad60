"""What the benchmark of faults counts: tests that passed, by what they have tried; and that its tests are there."""

from pathlib import Path

import pytest

from benchmarks import faults

REPOSITORY = Path(__file__).parents[2]
REPORT = """<?xml version="1.0"?>
<testsuites><testsuite>
<testcase classname="tests.hostile.test_codec" name="test_one">
  <properties><property name="tried" value="7500"/></properties>
</testcase>
<testcase classname="tests.hostile.test_codec" name="test_two">
  <properties><property name="tried" value="2500"/></properties><failure/>
</testcase>
<testcase classname="tests.faults.test_clock" name="test_back[a]"/>
<testcase classname="tests.faults.test_clock" name="test_back[b/test_back]"/>
<testcase classname="tests.faults.test_clock" name="test_back_again"/>
<testcase classname="tests.faults.test_clock" name="test_gone"><skipped/></testcase>
<testcase classname="tests.faults.test_clock" name="test_torn"><error/></testcase>
</testsuite></testsuites>
"""


@pytest.mark.parametrize(
    ("tests", "count"),
    [
        ("tests/hostile/test_codec.py", 7500),
        ("tests/hostile/test_codec.py::test_two", 0),
        ("tests/faults/test_clock.py", 3),
        ("tests/faults/test_clock.py::test_back", 2),
        ("tests/faults/test_clock.py::test_gone", 0),
        ("tests/faults/test_clock.py::test_torn", 0),
        ("tests/faults/test_clo", 0),
    ],
)
def test_only_what_passed_counts(tests, count):
    check = faults.Check("a", tests)
    assert faults.counted(check, list(faults.passed(REPORT))) == count


@pytest.mark.parametrize("check", faults.CHECKS, ids=lambda check: check.name)
def test_each_figure_has_its_tests(check):
    path, _, name = check.tests.partition("::")
    text = (REPOSITORY / path).read_text(encoding="utf-8")
    assert f"def {name or 'test_'}" in text and (not name or f"def {name}(" in text)
