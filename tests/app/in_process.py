"""A page's numbers against its code, run in this process: a fresh one each, as in test_code_of_view, takes seconds."""

import io
from contextlib import redirect_stdout

from tests.app.pages import code_of, figures, open_page, sentences
from vaedemo.app.shell import frame


def prints_anywhere(script: str) -> bool:
    """Whether a script prints ASCII alone, or by the `print` that spells what the terminal lacks."""
    return script.isascii() or frame.SPELLING_PRINT in script.splitlines()


def check_numbers(page: str, query: dict[str, str]) -> None:
    """Open a view, run its code, and compare."""
    at = open_page(page, query)
    assert not at.exception
    assert sentences(at) == []
    script = code_of(at)
    assert prints_anywhere(script)
    with redirect_stdout(io.StringIO()) as output:
        exec(compile(script, "code of this view", "exec"), {})
    assert output.getvalue().splitlines() == [f"{label}: {value}" for label, value in figures(at).items()]
