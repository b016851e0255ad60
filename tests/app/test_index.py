"""The one list of lessons: a new one is a folder and a line; a wrong one is a sentence at the start."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.app.pages import APP, PAGES
from vaedemo.app.lessons import index
from vaedemo.app.server.checks import check_lessons

REPOSITORY = APP.parents[1]
SLIDES = 24
STEPS = '''"""The steps of a lesson made by a test."""

from vaedemo.app.shell.steps import Step

STEPS = (Step(name="only", title="The only step", view={}, say=lambda values: "One folder is enough."),)
'''
LESSON = '''"""A lesson made by a test."""

import streamlit as st

from vaedemo.app.lessons.new.steps import STEPS
from vaedemo.app.shell import stepped
from vaedemo.app.shell.step_view import SteppedLesson

LESSON = SteppedLesson(
    name="new",
    question="Is one folder enough?",
    parameters=(),
    steps=STEPS,
    controls={},
    picture=lambda view: st.metric("Folders", "1"),
    work=lambda view: ({}, "print()"),
    goals=(),
    explained=(stepped.lesson_page,),
    references=("None.",),
)

stepped.lesson_page(LESSON)
'''
OPEN = """
from streamlit.testing.v1 import AppTest
at = AppTest.from_file("vaedemo/app/main.py", default_timeout=60).switch_page("lessons/new/new.py").run()
print([each.message for each in at.exception], at.title[0].value, at.metric[0].value)
"""


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


def test_a_new_lesson_is_one_folder_and_one_line(tmp_path):
    shutil.copytree(APP.parent, tmp_path / "vaedemo", ignore=shutil.ignore_patterns("__pycache__"))
    folder = tmp_path / "vaedemo/app/lessons/new"
    folder.mkdir()
    for name, text in {"__init__": "", "steps": STEPS, "new": LESSON}.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    listing = folder.parent / "index.py"
    line = '    Entry("new", LOSS, "A new lesson", "star", ()),\n'
    last = index.LESSONS[-1]
    text = listing.read_text(encoding="utf-8")
    listing.write_text(re.sub(rf'(    Entry\("{last.name}".*\n)', rf"\1{line}", text), encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(tmp_path), "VAEDEMO_CHECKPOINTS": str(REPOSITORY / "checkpoints")}
    command = [sys.executable, "-W", "error", "-c", OPEN]
    opened = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
    assert opened.stdout.strip() == "[] A new lesson 1", opened.stderr


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
