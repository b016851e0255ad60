"""A page's numbers against its code, run in this process: a fresh one each, as in test_code_of_view, takes seconds."""

import io
from contextlib import redirect_stdout

from tests.app.pages import code_of, figures, open_page, sentences


def check_numbers(page: str, query: dict[str, str]) -> None:
    """Open a view, run its code, and compare."""
    at = open_page(page, query)
    assert not at.exception
    assert sentences(at) == []
    with redirect_stdout(io.StringIO()) as output:
        exec(compile(code_of(at), "code of this view", "exec"), {})
    assert output.getvalue().splitlines() == [f"{label}: {value}" for label, value in figures(at).items()]
