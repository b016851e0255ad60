"""The page of a lesson that is told in steps: title and stepper, words beside the picture, the closed parts below.

A lesson brings data (`SteppedLesson`); this frame brings the layout, which is the same on all pages. All that follows a
control is one fragment.
"""

import streamlit as st

from vaedemo.app.components.listing import listing
from vaedemo.app.shell import classroom, frame, handout, looks, take_home, words
from vaedemo.app.shell.fair_semaphore import script_runs
from vaedemo.app.shell.guide import guide, is_in_walk
from vaedemo.app.shell.step_links import EXHIBIT
from vaedemo.app.shell.step_view import SteppedLesson, StepView

WIDTHS = (3, 7)  # of the words and the picture


def lesson_page(lesson: SteppedLesson) -> StepView:
    """Draw a lesson's page. Known errors become one sentence on it, without a traceback."""
    view = StepView(lesson)
    if view["handout"]:
        handout.draw(view)
        return view
    held = view.held
    if not is_in_walk(view, view["step"]):
        view["step"] = lesson.table.first.name
        view.reset()
    elif held and not view.held and view.own == lesson.table.view_of(view["step"], is_open=True):
        view.reset()  # a first step is held back in the walk alone
    st.html(looks.of_page(present=bool(view["present"]), alone=view["only"] == EXHIBIT))
    frame.refused(view)

    @st.fragment
    def redraw() -> None:
        by_hand, view.is_told = not view.is_told, False
        with script_runs.acquired(by_hand=by_hand):
            view.keep()
            with frame.show_errors():
                picture_alone(view) if view["only"] == EXHIBIT else told(view)
            if not view["room"]:  # an invitation stays in the address until the browser has read it
                view.write_link()

    redraw()
    if not view["present"] and view["only"] != EXHIBIT:
        if lesson.explained:
            frame.mathematics(lesson)
        if lesson.references:
            frame.references(lesson)
        handout.link(lesson)
    return view


def told(view: StepView) -> None:
    """Title and stepper; the words, and the picture beside them; below, closed, the numbers and their code. In a
    class's room, its line above."""
    classroom.bar(view)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="head"):
        st.title(view.lesson.title, anchor=False, width="content")
        guide(view)
    with st.container(key="told"):
        left, right = st.columns(WIDTHS, gap="medium")
    with left:
        words.draw(view)
    with right:
        view.lesson.picture(view)
    if not view["present"]:
        numbers(view)


def picture_alone(view: StepView) -> None:
    """The exhibit for an <iframe>: the picture, and the step's controls below it, which run first as on the page."""
    place = st.container()
    words.controls(view)
    with place:
        view.lesson.picture(view)


def numbers(view: StepView) -> None:
    """The figures of the view and the code that prints them; drawn while the part is open, and not before an answer."""
    key = f"{view.lesson.name}.numbers"
    part = st.expander("The numbers of this view, and their code", icon=":material/code:", key=key, on_change="rerun")
    if not part.open:
        return
    with part:
        if view.is_open:
            st.caption("Answer the question first.")
            return
        figures, script = view.lesson.work(view)
        script = take_home.with_data(view, script)
        frame.numbers(figures)
        st.markdown("Save the code, run it with `python` where vaedemo is installed: it prints these numbers.")
        listing(frame.printable(script), key=view.key("script"), label="The code of this view")
        take_home.draw(view, figures, script)
