"""The house rules that no linter checks: who imports whom at the edges, how long files are, what stays light."""

import ast
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import vaedemo

REPOSITORY = Path(__file__).parents[1]
LONGEST_FILE = 250  # of the package; a test file of one topic may have more
TOP_LEVEL = (
    "streamlit_app.py",
    ".streamlit/config.toml",
    "checkpoints",
    "clinic",
    "requirements.txt",
    "pyproject.toml",
    "Makefile",
    "README.md",
    "LICENSE",
    ".ci/run",
    "vaedemo/__main__.py",
    "vaedemo/app/main.py",
    "vaedemo/app/lessons",
)
FLOORS = ("probability", "figures", "datasets", "models", "analysis", "training", "clinic")
HEAVY = ("torch", "pandas", "plotly", "sklearn", "streamlit", "torchvision", "distributed")


def python_files(*folders: str) -> list[Path]:
    files = [file for folder in folders for file in sorted((REPOSITORY / folder).rglob("*.py"))]
    assert files, "the search for Python files found none"
    return files


def imported_modules(file: Path) -> set[str]:
    """What a file imports: `module` for `import module`, `module.name` for `from module import name`."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


@pytest.mark.parametrize("name", TOP_LEVEL)
def test_the_house_stands_as_designed(name):
    assert (REPOSITORY / name).exists()


def test_nothing_imports_the_door():
    imported = {name for file in python_files("vaedemo", "tests") for name in imported_modules(file)}
    assert not {name for name in imported if name.split(".")[0] == "streamlit_app"}


def test_the_door_is_short():
    assert len((REPOSITORY / "streamlit_app.py").read_text(encoding="utf-8").splitlines()) < 40


def test_the_floors_do_not_go_through_the_face():
    """`from vaedemo import train` in a lower floor would be an import upwards that import-linter cannot see."""
    face = {"vaedemo"} | {f"vaedemo.{name}" for name in vaedemo.FUNCTIONS}
    floors = [REPOSITORY / "vaedemo/config.py", REPOSITORY / "vaedemo/settings.py"]
    floors += python_files(*(f"vaedemo/{floor}" for floor in FLOORS))
    offenders = [file.relative_to(REPOSITORY) for file in floors if imported_modules(file) & face]
    assert not offenders


def test_files_are_short():
    files = [*python_files("vaedemo"), *(REPOSITORY / "vaedemo").rglob("*.js")]
    lengths = {str(file.relative_to(REPOSITORY)): len(file.read_text(encoding="utf-8").splitlines()) for file in files}
    assert {file: lines for file, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_the_app_s_folder_has_at_most_ten_entries():
    app = REPOSITORY / "vaedemo" / "app"
    assert len([entry for entry in app.iterdir() if entry.name != "__pycache__"]) <= 10


def heavy_after(code: str) -> set[str]:
    """Which heavy modules a fresh process has imported after running some code."""
    script = f"{code}\nimport sys\nprint('HEAVY', *(set({HEAVY!r}) & set(sys.modules)))"
    result = fresh_python("-c", script)
    assert result.returncode == 0, result.stderr
    return set(result.stdout.splitlines()[-1].split()[1:])


def fresh_python(*arguments: str) -> subprocess.CompletedProcess:
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY), "NO_COLOR": "1"}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(
    "code",
    [
        "import vaedemo",
        "import vaedemo; vaedemo.RunConfig(beta=4).digest; dir(vaedemo)",
        "import vaedemo.config, vaedemo.settings",
        # What `python -m vaedemo --help` does, without its exit.
        "import runpy, sys; sys.argv = ['vaedemo', '--help']\n"
        "try: runpy.run_module('vaedemo', run_name='__main__')\n"
        "except SystemExit as exit: assert not exit.code, exit.code",
    ],
    ids=["face", "config", "modules", "help"],
)
def test_light_things_stay_light(code):
    assert heavy_after(code) == set()


def test_the_check_for_heavy_modules_can_fail():
    assert "torch" in heavy_after("import torch")


def test_help_is_printed():
    result = fresh_python("-m", "vaedemo", "--help")
    assert result.returncode == 0
    assert "train" in result.stdout


def test_the_face_has_every_public_name():
    for name in vaedemo.__all__:
        assert getattr(vaedemo, name) is not None
        assert name in dir(vaedemo)
    with pytest.raises(AttributeError, match="no attribute 'tarin'"):
        _ = vaedemo.tarin


def test_pyproject_and_requirements_agree():
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    assert "dependencies" in project["project"]["dynamic"]
    assert project["tool"]["setuptools"]["dynamic"]["dependencies"] == {"file": ["requirements.txt"]}
