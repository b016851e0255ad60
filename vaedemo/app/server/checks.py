"""Checks before the server starts. A failure prints one sentence and exits with code 2, without a traceback."""

import sys
from pathlib import Path
from typing import NoReturn

from vaedemo import settings
from vaedemo.app.lessons import index

APP = Path(__file__).parents[1]


def check_settings() -> None:
    """Read the VAEDEMO_ variables; exit if one is invalid."""
    try:
        settings.current()
    except settings.SettingError as error:
        refuse(str(error))


def check_lessons(app: Path = APP) -> None:
    """Exit if a listed lesson has no script, or if a folder in `app` is not listed."""
    listed = {entry.script: entry.name for entry in index.LESSONS}
    folders = [path.name for path in (app / "lessons").iterdir() if path.is_dir() and path.name.isidentifier()]
    there = {f"lessons/{name}/{name}.py": name for name in folders if not name.startswith("_")}
    for script, name in sorted((listed | there).items()):
        if not (app / script).is_file():
            refuse(f"the lesson {name!r} has no script: {script} is missing in vaedemo/app")
        if script not in listed:
            refuse(f"the lesson {name!r} is not listed in vaedemo/app/lessons/index.py")


def refuse(sentence: str) -> NoReturn:
    sys.stderr.write(f"vaedemo: {sentence}\n")
    raise SystemExit(2) from None
