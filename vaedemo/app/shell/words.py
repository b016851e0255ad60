"""The words of a step, beside the picture: its sentence, or its question with the answers, its goals and controls."""

import streamlit as st

from vaedemo.app.shell import classroom
from vaedemo.app.shell.step_view import NOT_SURE, SHOWN, StepView
from vaedemo.app.shell.steps import EXPLORE, Goal, Question

INTRODUCTION = "Everything can be moved here."


def draw(view: StepView) -> None:
    """Draw the words of the view."""
    step = view.step
    if step is None:
        st.markdown(f"**{view.lesson.question}** {INTRODUCTION}")
        goals(view, view.lesson.goals)
    elif view.is_open:
        ask(view, step.ask)
    else:
        if view.chosen is not None and view.shows_question:
            st.markdown(verdict(step.ask, view.chosen))
            classroom.result(view)
        sentence(view)
        goals(view, step.goals)
    with st.container(key="controls"):
        controls(view)


def ask(view: StepView, question: Question) -> None:
    """The question with a button for each option. Nothing here or in the picture tells the answer."""
    with st.container(key="question"):
        st.markdown(f"**{question.text}**")
        if classroom.votes(view):
            classroom.ballot(view, question)
            return
        for place, option in enumerate(question.options):
            st.button(
                option.text,
                key=f"{view.lesson.name}.option{place}",
                on_click=view.answer,
                args=(place,),
                width="stretch",
            )
        key = f"{view.lesson.name}.option{NOT_SURE}"
        st.button("Not sure", key=key, on_click=view.answer, args=(NOT_SURE,), type="tertiary")


def verdict(question: Question, chosen: int) -> str:
    """What a reader chose, and what is right or wrong with it, in Markdown. `chosen`: as `StepView.chosen`."""
    right = question.options[question.right]
    if chosen in (NOT_SURE, SHOWN):
        return f"**{right.text}.** {right.feedback}"
    option = question.options[chosen]
    if option.right:
        return f"**Yes: {lowered(option.text)}.** {option.feedback}"
    return f"**Not {lowered(option.text)}.** {option.feedback} **Right: {lowered(right.text)}.**"


def lowered(text: str) -> str:
    """An option's text inside a sentence: its first letter small, unless it is a symbol such as E or a name such as
    KL; the article A is neither."""
    stays = text[:2].isupper() and not text.startswith("A ")
    return text if stays else text[:1].lower() + text[1:]


def sentence(view: StepView) -> None:
    """The step's sentence, with the view's own numbers; grey once it no longer holds of the view."""
    step = view.step
    holds = not view.is_touched if step.holds is None else step.holds(view.own)
    if holds:
        st.markdown(step.say(view.own))
        return
    with st.container(key="stale"):
        st.markdown(step.say(view.lesson.table.view_of(step.name) | view.revealed))
    st.button(
        "You have left this view · Back", key=f"{view.lesson.name}.back", on_click=view.reset, icon=":material/undo:"
    )


def goals(view: StepView, listed: tuple[Goal, ...]) -> None:
    """Things to reach, each with its verdict for the view shown. Nothing is stored."""
    for goal in listed:
        if not goal.about(view.own):
            continue
        done = goal.met(view.own)
        icon = ":material/check_circle:" if done else ":material/radio_button_unchecked:"
        st.markdown(f"{icon} {goal.text}" + ("" if done else f" :gray[{goal.hint}]"))


def controls(view: StepView) -> None:
    """The widgets of the step; in Explore those that the lesson names; never those that the link hides."""
    lesson = view.lesson
    if view["step"] == EXPLORE:
        shown = lesson.explored(view.own) if lesson.explored else lesson.controls
    else:
        shown = () if view.is_open else view.step.controls
    hidden = view["hide"].split(",")
    for name in shown:
        if name not in hidden:
            lesson.controls[name](view)
