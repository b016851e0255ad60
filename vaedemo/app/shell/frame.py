"""The frame of every lesson: question, exhibit, what to look for, predict, mathematics, code, references."""

import ast
import functools
import inspect
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from vaedemo.app.components.listing import listing
from vaedemo.app.lessons import index
from vaedemo.app.shell.lesson import Lesson, Prediction, View
from vaedemo.app.shell.turns import drawing
from vaedemo.datasets import DataUnavailable
from vaedemo.rules import ConfigError
from vaedemo.settings import SettingError
from vaedemo.training.store import RunNotFound

SPELLING_PRINT = "from vaedemo.terminal import print  # spells what the terminal cannot show"
FORMULA = re.compile(r"\$\$.+?\$\$", re.DOTALL)
LOOK = """<style>
[data-testid="stMetricValue"] { font-variant-numeric: tabular-nums; }
.stMainBlockContainer { max-width: 80rem; padding-top: 4.5rem; }
</style>"""
PROJECTOR_LOOK = """<style>
html { font-size: 21px; }
.stMainBlockContainer { max-width: 100%; padding-top: 1.5rem; }
[data-testid="stHeader"] { display: none; }
</style>"""


@contextmanager
def lesson_page(lesson: Lesson) -> Iterator[View]:
    """Everything around a page's exhibit; what is refused or cannot be had becomes one sentence, never a traceback."""
    view = View(lesson)
    st.html(LOOK + (PROJECTOR_LOOK if view["present"] else ""))
    header(view)
    for sentence in view.refusals[:3]:
        st.warning(sentence, icon=":material/link_off:")
    if len(view.refusals) > 3:
        st.warning(f"{len(view.refusals) - 3} more parts of the link were refused.", icon=":material/link_off:")
    # The places come first: what reruns alone may only write where it wrote when the whole page was drawn.
    live, words = st.container(), st.container()
    with st.expander("The code of this view", icon=":material/code:"):
        st.markdown("Save it, run it with `python` where vaedemo is installed: it prints this page's numbers.")
        view.code_place = st.empty()
    end = st.container()
    with live, told():
        yield view
    with words:
        look_for(lesson)
        if view.prediction is not None:
            predict(view, view.prediction)
        mathematics(lesson)
    if not view.draws_alone:
        code(view)
    with end:
        references(lesson)
        if view.closing is not None:
            view.closing()
    view.write_link()


@contextmanager
def told() -> Iterator[None]:
    """What is refused or cannot be had is one sentence on the page."""
    try:
        yield
    except (ConfigError, DataUnavailable, RunNotFound, SettingError) as error:
        st.error(str(error), icon=":material/error:")


def exhibit(view: View, draw: Callable[[View], None]) -> None:
    """Draw the exhibit so that its widgets rerun it alone, which halves the wait: the words around it stay.

    `draw` reads all it needs from the view, whose code and link follow each rerun.
    """

    @st.fragment
    def alone() -> None:
        with drawing.turn():
            view.keep()
            view.script = ""  # a view in which nothing is computed has no code, whatever the one before had
            with told():
                draw(view)
            code(view)
            view.write_link()

    view.draws_alone = True
    alone()


def apart(view: View, draw: Callable[[], None]) -> None:
    """Draw a part of the exhibit whose widgets rerun it alone: what it changes is in the link, but not in the code."""

    @st.fragment
    def alone() -> None:
        with drawing.turn():
            with told():
                draw()
            view.write_link()

    alone()


def header(view: View) -> None:
    """Title and the one question; the projector view has no menu, so its way out stands here."""
    lesson = view.lesson
    if not view["present"]:
        st.title(lesson.title, anchor=False)
    else:
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.title(lesson.title, anchor=False)
            shown = {name: value for name, value in view.query().items() if name != "present"}
            leave = "Leave the projector view"
            link_to(lesson.name, shown, label=leave, icon="cancel_presentation")
    st.markdown(f"##### {lesson.question}")


def link_to(name: str, query: dict[str, str] | None = None, *, label: str = "", icon: str = "") -> None:
    """A link to another lesson, by its own title and icon where no others are given."""
    entry = index.BY_NAME[name]
    icon = f":material/{icon or entry.icon}:"
    st.page_link(entry.script, label=label or entry.title, icon=icon, query_params=query)


def look_for(lesson: Lesson) -> None:
    st.subheader("What to look for", anchor="look-for")
    st.markdown("\n".join(f"- {sentence}" for sentence in lesson.look_for))


def predict(view: View, prediction: Prediction) -> None:
    """Predict, then reveal: nothing is told before an option is chosen."""
    st.subheader("Predict, then reveal", anchor="predict")
    chosen = st.radio(prediction.question, prediction.options, index=None, key=view.key("predict"))
    if chosen is not None:
        right = prediction.right
        verdict = "Yes." if chosen == right else f"Not quite: {right[:1].lower()}{right[1:]}."
        st.info(f"**{verdict}** {prediction.because}", icon=":material/lightbulb:")


def mathematics(lesson: Lesson) -> None:
    """The equations of the lesson, rendered from the docstrings of the very code that computes them."""
    with st.expander("The mathematics, from the code's own docstrings", icon=":material/function:"):
        st.markdown("\n\n".join(map(as_markdown, lesson.explained)))


@functools.cache
def as_markdown(explained: Callable) -> str:
    """Where a function or class stands, and its docstring, each formula on a line of its own.

    A formula that goes over several lines would not end for Streamlit, and swallow all that follows.
    """
    words = FORMULA.sub(lambda found: " ".join(found.group().split()), inspect.getdoc(explained))
    return f"**`{explained.__module__}.{explained.__qualname__}`**\n\n{words}"


def code(view: View, part: str = "script") -> None:
    """The script that computes this view's numbers: it runs as it stands and prints them.

    `part`: another name where a page draws it twice in one run, from two exhibits.
    """
    if view.script:
        with view.code_place:
            listing(printable(view.script), key=view.key(part), label="The code of this view")
    else:
        view.code_place.caption("Nothing is computed in this view, so there is nothing to run.")


def printable(script: str) -> str:
    """The script, which prints symbols such as σ on a terminal that lacks them too: there they are spelled."""
    if script.isascii():
        return script
    first = next(node for node in ast.parse(script).body if not isinstance(node, ast.Import | ast.ImportFrom))
    lines = script.splitlines(keepends=True)
    above = "".join(lines[: first.lineno - 1]).rstrip("\n")
    return f"{above}\n{SPELLING_PRINT}\n\n" + "".join(lines[first.lineno - 1 :])


def references(lesson: Lesson) -> None:
    with st.expander("References", icon=":material/menu_book:"):
        st.markdown("\n".join(f"- {reference}" for reference in lesson.references))


def numbers(values: dict[str, str], helps: dict[str, str] | None = None) -> None:
    """A row of figures, label and value, as the code of the view prints them: `label: value`."""
    with st.container(horizontal=True, gap="medium"):
        for label, value in values.items():
            st.metric(label, value, width="content", help=(helps or {}).get(label))
