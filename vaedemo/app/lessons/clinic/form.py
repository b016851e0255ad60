"""The controls of the clinic: the patient, the diagnosis, and the line that differs once it is known."""

import streamlit as st

from vaedemo.app.lessons.clinic import facts
from vaedemo.app.shell import widgets
from vaedemo.app.shell.links import Parameter, choice
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import EXPLORE, Values
from vaedemo.app.trainings.film import FRAME
from vaedemo.clinic.diseases import BY_NAME, BY_PATIENT
from vaedemo.rules import one_of, whole

PARTS = {"one": "Diagnose", "pair": "Compare", "rule": "All"}
LAST_PATIENT = max(BY_PATIENT)
SHUFFLED = ("rate", "ignored", "range", "leak", "pixel-mean", "sign", "no-noise", "axis-mean", "sigma")
NOTHING = ""  # no diagnosis yet

PARAMETERS = (
    Parameter("part", "one", one_of(*PARTS)),
    Parameter("patient", 6, whole(1, LAST_PATIENT)),
    Parameter("said", NOTHING, choice(tuple(BY_NAME))),
    FRAME,
)


def is_found(values: Values) -> bool:
    """Whether the diagnosis of a view is right."""
    return values["said"] == facts.disease(values).name


def part(view: StepView) -> None:
    widgets.choose(view, "part", PARTS, "Exhibit")


def patient(view: StepView) -> None:
    """The patients by number. Another patient begins without a diagnosis."""

    def forget() -> None:
        view["said"] = NOTHING

    st.segmented_control(
        "Patient", list(BY_PATIENT), key=view.key("patient"), required=True, on_change=forget, wrap=True
    )


def said(view: StepView) -> None:
    """The diagnosis, and what is right or wrong with it."""
    titles = {NOTHING: "What is wrong?"} | {name: BY_NAME[name].title for name in SHUFFLED}
    st.selectbox("Diagnosis", list(titles), format_func=titles.get, key=view.key("said"))
    if view["said"] == NOTHING:
        return
    named = BY_NAME[view["said"]]
    if is_found(view.own):
        st.markdown(f"**Yes.** With this mistake {named.symptom}.")
    else:
        st.markdown(f"**Not this.** With this mistake {named.symptom}.")


def lines(view: StepView) -> None:
    """The line that differs, as it ran: healthy and sick; and where people met it."""
    if view["step"] == EXPLORE and not is_found(view.own):
        return
    found = facts.disease(view.own)
    sick, healthy = (wrapped(line) if view["present"] else line for line in (found.sick, found.healthy))
    st.markdown(f"Sick:  \n`{sick}`  \nHealthy:  \n`{healthy}`")
    if not view["present"]:
        st.caption(found.met)


def wrapped(line: str) -> str:
    """A line of code that may be broken after a bracket, for the stage's narrow column."""
    return line.replace("(", "(\u200b")


CONTROLS = {"part": part, "patient": patient, "said": said, "lines": lines}


def explored(values: Values) -> tuple[str, ...]:
    """The controls that Explore shows of a view."""
    return ("part", "patient") if values["part"] == "rule" else ("part", "patient", "said", "lines")
