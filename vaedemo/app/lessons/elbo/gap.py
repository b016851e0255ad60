"""Exhibit: q over the posterior in the latent plane, and beside it the ruler on which the gap is seen."""

import numpy as np
import streamlit as st

from vaedemo.app import catalogue
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.elbo import facts as elbo_facts
from vaedemo.app.lessons.elbo import q, sketches
from vaedemo.app.lessons.elbo.ruler import ends, ruler
from vaedemo.app.shared import twenty
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import EXPLORE
from vaedemo.training import first_views

WITH_TERMS = ("bound", "point", EXPLORE)  # the steps that show all terms


def picture(view: StepView) -> None:
    facts, lines = elbo_facts.of(view), q.terms(view)
    plane, beside = st.columns([6, 5], gap="small")
    with plane:
        mu, logvar = map(np.array, q.numbers(view))
        sketch(
            sketches.plane(facts, mu, logvar, others=others(view)),
            key=view.key("plane"),
            label="The posterior p(z|x) on the latent plane, and q as an ellipse that can be dragged",
            height=405,
            on_moved=lambda across, up: q.dragged(view, across, up),
        )
    with beside:
        image, words = st.columns([1, 2], vertical_alignment="center", width=260)
        with image:
            name = digit(view)
        words.markdown(name)
        terms, covered = view["step"] in WITH_TERMS, view.is_open and view["step"] == "bound"
        drawn = ruler(
            lines,
            ends(facts, twenty.chosen(view), terms=terms),
            terms=terms,
            bracket=not view.held,
            covered=covered,
            before=elbo_before(view),
        )
        label = f"A ruler in nats: the ELBO at {lines.elbo:.2f}" + (
            "" if covered else f", log p(x) at {lines.log_marginal:.2f}"
        )
        sketch(drawn, key=view.key("ruler"), label=label.replace("-", "−"), height=325)


def digit(view: StepView) -> str:
    """Draw the digit x itself; return its name."""
    return pictured(view, twenty.chosen(view))


def pictured(view: StepView, which: int | str) -> str:
    """Draw a digit, as `twenty.chosen` names it; return its name."""
    if isinstance(which, str):
        name = "your digit"
    else:
        name = f"a {catalogue.images(twenty.DATASET)[0].y[first_views.indices()[which]].item()}"
    x = twenty.one(which).numpy()
    image_grid(x, 1, key=view.key("x"), label=f"The digit x, {name}", scale_hint=2.5, clickable=False)
    return f"x, {name}"


def others(view: StepView) -> tuple[str, ...]:
    """Which other q are drawn: the encoder's where q is another, and the best where it is the subject."""
    if view["step"] == "point":
        return ()
    with_best = view["step"] == EXPLORE or (view["step"] == "do" and not view.is_open)
    return (("encoder",) if view["q"] != "encoder" else ()) + (("best",) if with_best else ())


def elbo_before(view: StepView) -> tuple[float, str] | None:
    """The ELBO of the q where the step's question started, or of the encoder's where q is another, and its name."""
    if view.is_open or (view.before is None and view["q"] == "encoder"):
        return None
    if view.before:
        return q.terms(view.before).elbo, "ELBO before"
    return q.terms(view.own | {"q": "encoder"}).elbo, "encoder's ELBO"
