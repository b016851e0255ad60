"""The wheel of this tree holds the whole package: every script of a lesson, and every file that a page reads."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from vaedemo.app.lessons import index

REPOSITORY = Path(__file__).parents[1]
SOURCES = ("pyproject.toml", "requirements.txt", "README.md", "LICENSE")
BROWSER_FILES = {".js", ".css", ".html", ".png"}


def test_the_wheel_holds_every_file_of_the_package(tmp_path):
    for name in SOURCES:
        shutil.copy(REPOSITORY / name, tmp_path)
    shutil.copytree(REPOSITORY / "vaedemo", tmp_path / "vaedemo", ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-m", "pip", "--isolated", "--disable-pip-version-check", "wheel", "--no-deps"]
    command += ["--no-index", "--no-build-isolation", "--wheel-dir", str(tmp_path / "wheels"), str(tmp_path)]
    built = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=150)
    assert built.returncode == 0, built.stderr
    (wheel,) = (tmp_path / "wheels").iterdir()
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    tree = {str(file.relative_to(tmp_path)) for file in (tmp_path / "vaedemo").rglob("*") if file.is_file()}
    assert packed == tree
    assert {f"vaedemo/app/{entry.script}" for entry in index.LESSONS} < packed
    assert {Path(name).suffix for name in packed} > BROWSER_FILES, "what the package data name is there to be missed"
