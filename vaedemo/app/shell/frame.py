"""The parts of a page that stand around its steps: what was refused, links, numbers, mathematics, references."""

import ast
import functools
import inspect
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import streamlit as st

from vaedemo.app.lessons import index
from vaedemo.app.shell.step_view import SteppedLesson
from vaedemo.app.shell.view import View
from vaedemo.datasets import DataUnavailable
from vaedemo.rules import ConfigError
from vaedemo.settings import SettingError
from vaedemo.training.store import RunNotFound

SPELLING_PRINT = "from vaedemo.terminal import print  # spells what the terminal cannot show"
FORMULA = re.compile(r"\$\$.+?\$\$", re.DOTALL)


def refused(view: View) -> None:
    """What was refused of the link, a sentence each."""
    for sentence in view.refusals[:3]:
        st.warning(sentence, icon=":material/link_off:")
    if len(view.refusals) > 3:
        st.warning(f"{len(view.refusals) - 3} more parts of the link were refused.", icon=":material/link_off:")


@contextmanager
def show_errors() -> Iterator[None]:
    """Show known errors (invalid settings, missing data or runs) as one sentence on the page."""
    try:
        yield
    except (ConfigError, DataUnavailable, RunNotFound, SettingError) as error:
        st.error(str(error), icon=":material/error:")


def link_to(name: str, query: dict[str, str] | None = None, *, label: str = "", icon: str = "") -> None:
    """A link to another lesson; label and icon are the lesson's unless given."""
    entry = index.BY_NAME[name]
    icon = f":material/{icon or entry.icon}:"
    st.page_link(entry.script, label=label or entry.title, icon=icon, query_params=query)


def mathematics(lesson: SteppedLesson) -> None:
    """The equations of the lesson, rendered from the docstrings of the code that computes them."""
    with st.expander("The mathematics", icon=":material/function:"):
        st.markdown("\n\n".join(map(as_markdown, lesson.explained)))


@functools.cache
def as_markdown(explained: Callable) -> str:
    """The name of a function or class, and its docstring with each formula on one line.

    Streamlit does not recognise the end of a formula that spans several lines, and would render all that follows as
    mathematics.
    """
    return f"**`{explained.__module__}.{explained.__qualname__}`**\n\n{docstring(explained)}"


def docstring(explained: Callable) -> str:
    """Its docstring, with each formula on one line."""
    return FORMULA.sub(lambda found: " ".join(found.group().split()), inspect.getdoc(explained))


def equations(explained: Callable) -> str:
    """Its docstring up to the end of the last displayed formula: what it is, without arguments and errors."""
    words = docstring(explained)
    return words[: words.rfind("$$") + 2] if "$$" in words else words.split("\n\n")[0]


def printable(script: str) -> str:
    """The script, with an import that prints symbols such as σ by name on terminals that cannot encode them."""
    if script.isascii():
        return script
    first = next(node for node in ast.parse(script).body if not isinstance(node, ast.Import | ast.ImportFrom))
    lines = script.splitlines(keepends=True)
    above = "".join(lines[: first.lineno - 1]).rstrip("\n")
    return f"{above}\n{SPELLING_PRINT}\n\n" + "".join(lines[first.lineno - 1 :])


def references(lesson: SteppedLesson) -> None:
    with st.expander("References", icon=":material/menu_book:"):
        st.markdown(bullets(lesson.references))


def bullets(sentences: Sequence[str]) -> str:
    """A list in Markdown."""
    return "\n".join(f"- {sentence}" for sentence in sentences)


def numbers(values: dict[str, str], helps: dict[str, str] | None = None) -> None:
    """A row of figures, label and value. The code of the view prints the same lines: `label: value`."""
    with st.container(horizontal=True, gap="medium"):
        for label, value in values.items():
            st.metric(label, value, width="content", help=(helps or {}).get(label))
