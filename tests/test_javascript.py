"""The app's scripts: their unit tests run in node, and nothing in them is declared for nobody."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_house import REPOSITORY

SCRIPTS = sorted((REPOSITORY / "vaedemo" / "app").rglob("*.js"))
DECLARED = re.compile(r"^(?:async )?(?:function|const|let) (\w+)", re.MULTILINE)
ASKED_FOR_BY_TESTS = {"makeDecoder"}  # and by the browser's tests


def test_the_unit_tests_of_the_scripts_pass():
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    node = shutil.which("node", path=path)
    if node is None and not os.environ.get("CI"):
        pytest.skip("There is no node here: the unit tests of the scripts were not run.")
    assert node is not None, "In CI the unit tests of the scripts must run: install node."
    command = [
        node,
        "--test",
        "--test-reporter=tap",
        *map(str, sorted((REPOSITORY / "tests" / "javascript").glob("*.test.js"))),
    ]
    result = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, encoding="utf-8", timeout=120)
    assert result.returncode == 0, result.stdout + result.stderr
    assert int(re.search(r"^# pass (\d+)", result.stdout, re.MULTILINE)[1]) > 10


def test_nothing_is_declared_that_nobody_uses():
    texts = {script: script.read_text(encoding="utf-8") for script in SCRIPTS}
    everything = "\n".join(texts.values())
    declared = {name for text in texts.values() for name in DECLARED.findall(text)}
    assert len(declared) > 100
    unused = {name for name in declared if len(re.findall(rf"\b{name}\b", everything)) < 2}
    assert unused <= ASKED_FOR_BY_TESTS
