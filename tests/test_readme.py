"""The README and the pages of docs/: short; links lead somewhere; commands are accepted; the code runs."""

import ast
import os
import re
import shlex
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from benchmarks.__main__ import names
from vaedemo.__main__ import given_fields, parser
from vaedemo.config import RunConfig
from vaedemo.settings import Settings, current

REPOSITORY = Path(__file__).parents[1]
README = REPOSITORY / "README.md"
PAGES = [README, *sorted((REPOSITORY / "docs").glob("*.md"))]
LONGEST = 200  # lines of the README
LARGEST = 300_000  # bytes of a picture
OUR_OWN = {"VAEDEMO_ENDS_WITH_PARENT"}  # the app sets it for its worker
CODE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def named(page: Path) -> str:
    return str(page.relative_to(REPOSITORY))


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them: lower case, no punctuation, dashes for blanks."""
    headings = re.findall(r"^#+ (.+)$", CODE.sub("", text(page)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def commands(start: str) -> list[str]:
    """What the pages tell to type after `start`, in blocks and between backticks, once each."""
    whole = "\n".join(map(text, PAGES))
    typed = [line for _, code in CODE.findall(whole) for line in code.splitlines()]
    typed += [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", CODE.sub("", whole))]
    found = [line.removeprefix(start) for line in typed if line.startswith(start + " ")]
    assert found, f"no page has a command {start!r}"
    return list(dict.fromkeys(found))


def test_the_readme_is_short_and_names_every_page():
    assert len(text(README).splitlines()) <= LONGEST
    assert len(PAGES) >= 6
    for page in PAGES[1:]:
        assert f"]({named(page)})" in text(README), f"the README does not name {named(page)}"


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_to_what_is_there(page):
    links = [link for link in re.findall(r"\]\(([^)\s]+)\)", text(page)) if "://" not in link]
    for link in links:
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link
        assert target.suffix != ".png" or target.stat().st_size < LARGEST, link
    assert links or page.name in ("settings.md", "checkpoints.md")


def test_commands_of_the_package_are_accepted():
    for command in commands("python -m vaedemo"):
        options = parser().parse_args(shlex.split(command))
        if command.split()[0] in ("train", "sweep"):
            RunConfig(**{name: value.partition(",")[0] for name, value in given_fields(options).items()})


def test_commands_of_make_and_of_the_benchmarks_exist():
    targets = re.findall(r"^(\w+):", text(REPOSITORY / "Makefile"), re.MULTILINE)
    assert {word for command in commands("make") for word in command.split()} <= set(targets)
    assert {word for command in commands("python -m benchmarks") for word in command.split()} <= set(names())


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_python_block_is_python(page):
    for language, code in CODE.findall(text(page)):
        if language == "python":
            ast.parse(code)


def test_the_readme_s_python_runs(tmp_path):
    code = "".join(code for language, code in CODE.findall(text(README)) if language == "python")
    command = [sys.executable, "-W", "error", "-c", code]
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    loss, shape, title = done.stdout.splitlines()
    assert title == "noise · VAE · mlp 400 · 2 latent axes" and (tmp_path / "my-run" / "weights.safetensors").is_file()
    assert 130 < float(re.fullmatch(r"-ELBO of 100 unseen digits: ([\d.]+) nats", loss)[1]) < 170
    assert shape == "torch.Size([1, 1, 28, 28])"


def variables() -> dict[str, str]:
    """The variables of docs/settings.md and the default of each."""
    return dict(re.findall(r"^\| `(VAEDEMO_\w+)` \| (.+?) \|", text(REPOSITORY / "docs/settings.md"), re.MULTILINE))


def test_every_variable_has_its_row():
    files = [file for folder in ("vaedemo", "tools", "benchmarks") for file in (REPOSITORY / folder).rglob("*.py")]
    files.append(REPOSITORY / "tests/browser/fixtures.py")
    read = {name for file in files for name in re.findall(r"\bVAEDEMO_[A-Z_]*[A-Z]\b", text(file))}
    read |= {f"VAEDEMO_{entry.name.upper()}" for entry in fields(Settings)}
    assert variables().keys() == read - OUR_OWN


def test_the_defaults_of_numbers_are_those_of_the_table_of_limits():
    numbers = [entry for entry in fields(Settings) if isinstance(entry.default, (bool, int, float))]
    for entry in numbers:
        name = f"VAEDEMO_{entry.name.upper()}"
        assert getattr(current({name: variables()[name].strip("`")}), entry.name) == entry.default, name
    assert len(numbers) >= 10
    assert variables()["VAEDEMO_CACHE"] == f"`{Settings.cache}`"
