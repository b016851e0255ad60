"""The command `export`: what it writes and prints, and one sentence for what it refuses."""

import os
import re

import pytest

from tests.test_main import run_main, run_process
from vaedemo.app.export import exhibits, files
from vaedemo.app.export.command import EXHIBITS

PAGE = f"<!doctype html>{files.MARKER}"


@pytest.fixture
def quick(monkeypatch):
    """Pages of one line."""
    monkeypatch.setattr(exhibits, "page", lambda name: PAGE + name)


def test_it_writes_a_file_for_each_name_and_prints_its_size(quick, capsys, tmp_path):
    code, out, err = run_main(capsys, "export", "ring", "kl", "ring", "-o", str(tmp_path / "new" / "site"))
    assert (code, err) == (0, "")
    paths = [tmp_path / "new" / "site" / f"{name}.html" for name in ("ring", "kl")]
    assert out.splitlines() == [f"{path}  0.00 MB" for path in paths]
    assert [path.read_text() for path in paths] == [PAGE + "ring", PAGE + "kl"]
    assert sorted(os.listdir(tmp_path / "new" / "site")) == ["kl.html", "ring.html"]


def test_its_own_files_are_replaced_and_others_are_kept(quick, capsys, tmp_path):
    (tmp_path / "ring.html").write_text(PAGE + "old")
    (tmp_path / "kl.html").write_text("<p>My own page</p>")
    assert run_main(capsys, "export", "ring", "-o", str(tmp_path))[0] == 0
    assert (tmp_path / "ring.html").read_text() == PAGE + "ring"
    with pytest.raises(FileExistsError, match="was not written by the export"):
        files.write(tmp_path / "kl.html", PAGE)
    assert (tmp_path / "kl.html").read_text() == "<p>My own page</p>"


def test_an_unknown_name_is_one_sentence_with_the_names(capsys, tmp_path):
    code, out, err = run_main(capsys, "export", "ring", "rung", "-o", str(tmp_path / "site"))
    assert (code, out) == (2, "")
    assert err == f"export accepts one of {', '.join(EXHIBITS)}, got 'rung'.\n"
    assert not (tmp_path / "site").exists()


def test_a_missing_run_is_one_sentence(capsys, tmp_path, monkeypatch):
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("VAEDEMO_CHECKPOINTS", str(tmp_path / "empty"))
    code, out, err = run_main(capsys, "export", "film", "-o", str(tmp_path / "site"))
    assert (code, out) == (1, "")
    assert err.startswith("No run is called 'mnist-2d'") and err.count("\n") == 1
    assert not (tmp_path / "site").exists()


def test_help_names_every_exhibit_with_a_line(capsys):
    code, out, _ = run_main(capsys, "export", "--help")
    assert code == 0
    for name, words in EXHIBITS.items():
        assert re.search(rf"^ +{name} +{re.escape(words)}$", out, re.MULTILINE)


def test_a_file_that_could_not_be_written_whole_leaves_the_old_one(tmp_path, monkeypatch):
    path = files.write(tmp_path / "ring.html", PAGE + "old")

    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        files.write(path, PAGE + "new")
    assert os.listdir(tmp_path) == ["ring.html"] and path.read_text() == PAGE + "old"


def test_what_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "site").write_text("a file, not a folder")
    done = run_process("export", "kl", "-o", str(tmp_path / "site"))
    assert done.returncode == 1 and done.stdout == ""
    assert re.fullmatch(r"The command could not be completed: File exists \(.*site'\)\.\n", done.stderr)
