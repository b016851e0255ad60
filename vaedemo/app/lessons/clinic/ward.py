"""The table of all patients: the figures that a look at a training begins with. It names no disease."""

import streamlit as st

from vaedemo.app.lessons.clinic import facts
from vaedemo.app.shell.step_view import StepView
from vaedemo.clinic.diseases import BY_PATIENT, HEALTHY, HEALTHY_50
from vaedemo.clinic.records import Record
from vaedemo.clinic.words import nats

HEAD = ("", "KL", "Reconstruction", "Samples differ by", "Third set − test")


def table(view: StepView) -> None:
    """One row a program, the chosen patient's in bold."""
    rows = [row("**Healthy**", facts.record(HEALTHY)), row("**Healthy**, 50 axes", facts.record(HEALTHY_50))]
    rows += [row(f"Patient {patient}", facts.sick(patient)) for patient in BY_PATIENT]
    place = 1 + view["patient"]
    rows[place] = [f"**{cell}**" for cell in rows[place]]
    rows[place][0] = f"{rows[place][0]} ◀"
    lines = [HEAD, ["---"] + ["--:"] * (len(HEAD) - 1), *rows]
    st.markdown("\n".join("| " + " | ".join(cells) + " |" for cells in lines))
    st.caption(
        "After the last epoch, on test images, as each program reports it. "
        f"The mean image costs {facts.mean_image():.0f} nats."
    )


def row(name: str, record: Record) -> list[str]:
    kl, reconstruction = (nats(record.last(term)) for term in ("kl", "reconstruction"))
    return [name, kl, reconstruction, f"{facts.variety(record):.2f}", nats(gap(record))]


def gap(record: Record) -> float:
    """How much more a third set costs than the test images."""
    return record.last("loss", "third") - record.last("loss", "test")
