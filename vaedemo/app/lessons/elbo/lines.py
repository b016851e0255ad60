r"""Exhibit: the lecture's derivation of the bound, line by line, each with its value for this digit and this q."""

from typing import NamedTuple

import streamlit as st

from vaedemo.app.lessons.elbo import q
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import EXPLORE, Values
from vaedemo.rules import whole

X = r"x^{(i)}"
P_X, P_Z = rf"p_\theta({X})", r"p_\theta(z)"
P_X_Z, P_Z_X, Q_Z_X = rf"p_\theta({X} \vert z)", rf"p_\theta(z \vert {X})", rf"q_\phi(z \vert {X})"
BAYES = rf"\frac{{{P_X_Z}\, {P_Z}}}{{{P_Z_X}}}"
ONE = rf"\frac{{{Q_Z_X}}}{{{Q_Z_X}}}"
FIT = rf"\mathbb{{E}}_z[\log {P_X_Z}]"

KL_PRIOR, KL_POSTERIOR = (rf"\mathrm{{KL}}({Q_Z_X} \Vert {other})" for other in (P_Z, P_Z_X))


class Line(NamedTuple):
    """A line of the derivation: its formula in pieces, each (LaTeX, whether it is new), and the attribute of
    `Derivation` with its value."""

    pieces: tuple[tuple[str, bool], ...]
    value: str


LINES = (
    Line(
        (
            (rf"\log {P_X} =", False),
            (rf"\mathbb{{E}}_{{z \sim {Q_Z_X}}}", True),
            (rf"\big[\log {P_X}\big]", False),
        ),
        "log_marginal",
    ),
    Line(((r"= \mathbb{E}_z\Big[\log", False), (BAYES, True), (r"\Big]", False)), "bayes"),
    Line(
        ((rf"= \mathbb{{E}}_z\Big[\log {BAYES} \cdot", False), (ONE, True), (r"\Big]", False)),
        "times_one",
    ),
    Line(
        (
            (f"= {FIT}", False),
            (rf"{{}}- \mathbb{{E}}_z\Big[\log \frac{{{Q_Z_X}}}{{{P_Z}}}\Big]", False),
            (rf"{{}}+ \mathbb{{E}}_z\Big[\log \frac{{{Q_Z_X}}}{{{P_Z_X}}}\Big]", False),
        ),
        "three_terms",
    ),
    Line(((f"= {FIT} -", False), (KL_PRIOR, True), ("+", False), (KL_POSTERIOR, True)), "three_terms"),
    Line(((r"\ge", True), (f"{FIT} -", False), (KL_PRIOR, False)), "elbo"),
)
PARAMETERS = (Parameter("line", 1, whole(1, len(LINES))),)


def shown(values: Values) -> int:
    """How many lines are shown; in Explore all."""
    return len(LINES) if values["step"] == EXPLORE else values["line"]


def value(values: Values, line: int) -> float:
    """The value of a line, from 1, in nats."""
    return getattr(q.terms(values), LINES[line - 1].value)


def picture(view: StepView) -> None:
    """The lines so far, each with its value; what is new in the newest one has a frame."""
    st.markdown("Each line, and its value in nats for this x and this q")
    for place in range(1, shown(view) + 1):
        newest = place == shown(view)
        with st.container(
            key=view.key(f"line{place}"),
            horizontal=True,
            vertical_alignment="center",
            horizontal_alignment="distribute",
            gap="xsmall",
        ):
            st.markdown(formula(LINES[place - 1], newest))
            name = "ELBO = " if place == len(LINES) else ""
            st.markdown(f"{name}**{value(view, place):.2f}**".replace("-", "−"), width="content")


def formula(line: Line, newest: bool) -> str:
    """A line in LaTeX, in pieces between which it may break on a phone."""
    pieces = (rf"\boxed{{\!{text}\!}}" if new and newest else text for text, new in line.pieces)
    return " ".join(rf"$\displaystyle\small {piece}$" for piece in pieces)
