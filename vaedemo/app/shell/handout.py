"""The hand-out of a lesson in steps: all its steps for A4 paper, its mathematics, and the answers on the last page.

Nothing on it can be pressed. Where a step asks, the hand-out shows where the question starts, and the options without
the answer.
"""

import string

import streamlit as st

from vaedemo.app.lessons import index
from vaedemo.app.shell import frame, looks, paper
from vaedemo.app.shell.fixed_view import FixedView
from vaedemo.app.shell.guide import href
from vaedemo.app.shell.step_view import SteppedLesson, StepView
from vaedemo.app.shell.steps import Question, Step, Values

ANSWERS = "Answers"


def link(lesson: SteppedLesson) -> None:
    """The link to a lesson's hand-out."""
    st.markdown(f":small[[Hand-out of this lesson, for printing]({href(lesson.name, False, handout='1')})]")


def draw(view: StepView) -> None:
    """Draw the hand-out of the view's lesson."""
    lesson = view.lesson
    st.html(f"<style>{looks.PAGE}{paper.PAPER}{paper.PRINT}{paper.HANDOUT}</style>")
    frame.refused(view)
    st.title(lesson.title, anchor=False)
    address = address_of(lesson.name)
    st.markdown(f"**{lesson.question}** [{address}]({address})")
    with st.container(key="sheets"):
        for number, step in enumerate(lesson.steps, 1):
            with st.container(key=f"sheet-{step.name}"), frame.show_errors():
                sheet(FixedView(lesson, step.name), number)
        with st.container(key="mathematics"):
            st.header("The mathematics", anchor=False)
            for explained in lesson.explained:
                st.markdown(frame.equations(explained))
            if lesson.references:
                st.header("References", anchor=False)
                st.markdown(frame.bullets(lesson.references))
    with st.container(key="answers"):
        answers(lesson)
    view.write_link()


def address_of(name: str) -> str:
    """The address of a lesson's page, as it is printed.

    Streamlit's own takes off the first page name with which the address ends, so that /ppca, which ends with "pca",
    becomes /p/ppca.
    """
    address = st.context.url
    if not address:
        return href(name, False)
    taken = next(each for each in index.BY_NAME if name.endswith(each))
    rest = name.removesuffix(taken)
    return address.removesuffix(f"{rest}/{name}") + name if rest else address


def heading(lesson: SteppedLesson, step: Step, number: int) -> str:
    """Number and title of a step, a link that opens it."""
    return f"[{number} · {step.title}]({href(lesson.name, False, step=step.name)})"


def slides(step: Step) -> str:
    """The slides that a step shows, in small type."""
    if not step.slides:
        return ""
    return f" :small[Slide{'s' * (len(step.slides) > 1)} {', '.join(map(str, step.slides))}]"


def sheet(view: FixedView, number: int) -> None:
    """One step: its question or its sentence, and its picture."""
    step = view.step
    st.header(heading(view.lesson, step, number) + slides(step), anchor=False)
    if view.is_open:
        if step.reveals:
            st.markdown(said(step, view.own, 1, step.reveals.asks_at - 1))
        st.markdown(asked(step.ask))
    else:
        st.markdown(said(step, view.own))
    view.lesson.picture(view)


def said(step: Step, own: Values, first: int = 1, last: int | None = None) -> str:
    """The sentence of a step; where its parts come one by one, the sentences of these parts."""
    if step.reveals is None:
        return step.say(own)
    parts = range(first, (step.reveals.last if last is None else last) + 1)
    return "\n\n".join(step.say({**own, step.reveals.name: part}) for part in parts)


def asked(question: Question) -> str:
    """A question and its options as lines A, B, C."""
    lines = (f"**{letter(place)}**\u2002{option.text}" for place, option in enumerate(question.options))
    return f"**{question.text}**\n\n" + "  \n".join(lines)


def letter(place: int) -> str:
    """The letter of an option by its place."""
    return string.ascii_uppercase[place]


def answers(lesson: SteppedLesson) -> None:
    """Of each step that asks: the right option, why it is right, and the step's sentence. Where its parts come one by
    one, all of them."""
    st.header(ANSWERS, anchor=False)
    for number, step in enumerate(lesson.steps, 1):
        if FixedView(lesson, step.name).is_open:
            with st.container(key=f"answer-{step.name}"), frame.show_errors():
                right = step.ask.options[step.ask.right]
                st.subheader(f"{number} · {step.title}", anchor=False)
                st.markdown(f"**{letter(step.ask.right)}\u2002{right.text}.** {right.feedback}")
                whole = FixedView(lesson, step.name, whole=True)
                st.markdown(said(step, whole.own, step.reveals.asks_at if step.reveals else 1))
                if step.reveals:
                    lesson.picture(whole)
