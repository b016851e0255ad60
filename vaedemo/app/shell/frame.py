"""The frame of every lesson: question, exhibit, what to look for, predict, mathematics, code, references."""

import ast
import functools
import inspect
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import streamlit as st

from vaedemo.app.components.listing import listing
from vaedemo.app.lessons import index
from vaedemo.app.shell import looks, paper
from vaedemo.app.shell.guide import guide_through, is_in_walk
from vaedemo.app.shell.lesson import Lesson, Prediction, View
from vaedemo.datasets import DataUnavailable
from vaedemo.rules import ConfigError
from vaedemo.settings import SettingError
from vaedemo.training.store import RunNotFound

SPELLING_PRINT = "from vaedemo.terminal import print  # spells what the terminal cannot show"
FORMULA = re.compile(r"\$\$.+?\$\$", re.DOTALL)
LOOK = """
[data-testid="stMetricValue"] { font-variant-numeric: tabular-nums; }
.stMainBlockContainer { max-width: 80rem; padding-top: 4.5rem; }
"""
PROJECTOR_LOOK = """
html { font-size: 21px; }
.stMainBlockContainer { max-width: 100%; padding-top: 1.5rem; }
[data-testid="stHeader"], [data-testid="stSidebar"] { display: none; }
"""


@contextmanager
def lesson_page(lesson: Lesson) -> Iterator[View]:
    """Draw everything around a page's exhibit. Known errors become one sentence on the page, without a traceback."""
    view = View(lesson)
    is_in_walk(view)
    controls = looks.CONTROLS + looks.FORCED
    st.html(f"<style>{controls}{LOOK}{PROJECTOR_LOOK if view['present'] else ''}{paper.PRINT}</style>")
    header(view)
    refused(view)
    # Create the containers first: a fragment may only write to containers of the last full run.
    live, words = st.container(), st.container()
    with st.expander("The code of this view", icon=":material/code:"):
        st.markdown("Save it, run it with `python` where vaedemo is installed: it prints this page's numbers.")
        view.code_place = st.empty()
    end = st.container()
    with live, show_errors():
        yield view
    with words:
        look_for(lesson)
        if view.prediction is not None:
            predict(view, view.prediction)
        mathematics(lesson)
    code(view)
    with end:
        references(lesson)
    view.write_link()


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


def header(view: View) -> None:
    """Title and question. The projector view has no menu, so its exit link is here."""
    lesson = view.lesson
    if not view["present"] or view["walk"]:
        st.title(lesson.title, anchor=False)
    else:
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.title(lesson.title, anchor=False)
            shown = {name: value for name, value in view.query().items() if name != "present"}
            leave = "Leave the projector view"
            link_to(lesson.name, shown, label=leave, icon="cancel_presentation")
    if view["walk"]:
        guide_through(view)
    st.markdown(f"##### {lesson.question}")


def link_to(name: str, query: dict[str, str] | None = None, *, label: str = "", icon: str = "") -> None:
    """A link to another lesson; label and icon are the lesson's unless given."""
    entry = index.BY_NAME[name]
    icon = f":material/{icon or entry.icon}:"
    st.page_link(entry.script, label=label or entry.title, icon=icon, query_params=query)


def look_for(lesson: Lesson) -> None:
    st.subheader("What to look for", anchor="look-for")
    st.markdown(bullets(lesson.look_for))


def predict(view: View, prediction: Prediction) -> None:
    """Predict, then reveal: the answer appears after an option was chosen."""
    st.subheader("Predict, then reveal", anchor="predict")
    chosen = st.radio(prediction.question, prediction.options, index=None, key=view.key("predict"))
    if chosen is not None:
        right = prediction.right
        verdict = "Yes." if chosen == right else f"Not quite: {right[:1].lower()}{right[1:]}."
        st.info(f"**{verdict}** {prediction.because}", icon=":material/lightbulb:")


def mathematics(lesson: Lesson) -> None:
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


def code(view: View) -> None:
    """Show the script that computes this view's numbers. It is complete and prints them."""
    if view.script:
        with view.code_place:
            listing(printable(view.script), key=view.key("script"), label="The code of this view")
    else:
        view.code_place.caption("Nothing is computed in this view, so there is nothing to run.")


def printable(script: str) -> str:
    """The script, with an import that prints symbols such as σ by name on terminals that cannot encode them."""
    if script.isascii():
        return script
    first = next(node for node in ast.parse(script).body if not isinstance(node, ast.Import | ast.ImportFrom))
    lines = script.splitlines(keepends=True)
    above = "".join(lines[: first.lineno - 1]).rstrip("\n")
    return f"{above}\n{SPELLING_PRINT}\n\n" + "".join(lines[first.lineno - 1 :])


def references(lesson: Lesson) -> None:
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
