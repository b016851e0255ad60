"""The one list of lessons: a wrong one is a sentence at the start."""

import re
import shutil
from pathlib import Path

import pytest

from tests.app.pages import APP, PAGES
from vaedemo.app.lessons import index
from vaedemo.app.server.checks import check_lessons

REPOSITORY = APP.parents[1]
SLIDES = 24


def test_names_and_titles_are_listed_once_and_slides_are_the_lecture_s():
    titles = [entry.title for entry in index.LESSONS]
    assert len(set(titles)) == len(titles) == len(set(PAGES)) == len(index.LESSONS)
    assert {slide for entry in index.LESSONS for slide in entry.slides} <= set(range(1, SLIDES + 1))
    assert all(re.fullmatch("[a-z0-9_]+", entry.icon) for entry in index.LESSONS)


def test_a_section_s_lessons_stand_together():
    sections = [entry.section for entry in index.LESSONS]
    assert [section for section, before in zip(sections, ["", *sections], strict=False) if section != before] == [
        *index.SECTIONS
    ]


def test_the_readme_s_table_has_every_lesson_in_order():
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    table = readme.split("| page | what you do there |\n|---|---|\n")[1].split("\n\n")[0]
    assert [row.split("|")[1].strip() for row in table.splitlines()] == [entry.title for entry in index.LESSONS]


def complaint(app: Path, capsys) -> str:
    with pytest.raises(SystemExit) as stopped:
        check_lessons(app)
    assert stopped.value.code == 2
    return capsys.readouterr().err


def test_a_lesson_without_its_script_or_its_line_is_one_sentence(tmp_path, capsys):
    check_lessons()
    for entry in index.LESSONS:
        (tmp_path / entry.script).parent.mkdir(parents=True)
        (tmp_path / entry.script).touch()
    check_lessons(tmp_path)
    (tmp_path / "lessons/new").mkdir()
    missing = "vaedemo: the lesson 'new' has no script: lessons/new/new.py is missing in vaedemo/app\n"
    assert complaint(tmp_path, capsys) == missing
    (tmp_path / "lessons/new/new.py").touch()
    assert complaint(tmp_path, capsys) == "vaedemo: the lesson 'new' is not listed in vaedemo/app/lessons/index.py\n"
    shutil.rmtree(tmp_path / "lessons/new")
    shutil.rmtree(tmp_path / "lessons/kl")
    listed = "vaedemo: the lesson 'kl' has no script: lessons/kl/kl.py is missing in vaedemo/app\n"
    assert complaint(tmp_path, capsys) == listed
