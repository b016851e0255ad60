"""The exhibit of the β page: panels along β. In Explore with the charts and the film of one of the models."""

import math
from typing import Any

import streamlit as st

from vaedemo.app.components.trade_off import trade_off
from vaedemo.app.lessons.beta import charts, data, form
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import EXPLORE
from vaedemo.app.trainings import film
from vaedemo.rules import real
from vaedemo.training.run import Run

PLACES = {"a": 7, "b": 5, "c": 3, "d": 1}  # of the four panels: lowest KL first, as on the slide
TITLES = {"4": "Four panels", "1": "One, slid along β"}
MOST = 15  # the last place of the longest sweep
NEAR_CEILING = 0.03


def place(name: str, value: Any) -> int:
    """The rule for the number of a model. A link of before could name a place between two models: it opens the
    nearer one."""
    return math.floor(real(0.0, float(MOST))(name, value) + 0.5)


def picture(view: StepView) -> None:
    """The panels, or why there are none yet."""
    found = form.find(view)
    if found is None:
        return
    for note in dict.fromkeys(note for run in found for note in run.notes):
        st.warning(note, icon=":material/warning:")
    shown = data.sweep(tuple(run.digest for run in found), found)
    exploring = view["step"] == EXPLORE
    board(view, shown, found[0].config.on_points, exploring)
    if exploring:
        collapse(shown)
        st.caption(
            f"{len(found)} models, trained in one pass with the same seed. Codes and pictures: {shown.sentence} "
            f"A code is one z of q(z|x). The split is over {data.EXAMPLES:,} of them."
        )
        learned(view, found)


def board(view: StepView, shown: data.Sweep, on_points: bool, exploring: bool) -> None:
    """The panels, in Explore with the charts below them."""
    names = list(PLACES)[: int(view["panels"])]

    def settle(places: tuple[int, ...]) -> None:
        for name, chosen in zip(names, places, strict=True):
            view[name] = chosen

    models = data.in_panels(shown, len(names))
    if is_covered(view):
        models = data.covered(models)
    elif not exploring:
        models = data.with_lines(models, [f"KL {each.test[1]:z.1f}" for each in shown.figures])
    before = view.before
    trade_off(
        models,
        charts.charts(shown, "nats per point" if on_points else "nats per image") if exploring else (),
        places_of(view, names, len(models.betas)),
        key=view.key(f"panels{len(names)}"),
        before=before and places_of(before, names, len(models.betas)),
        is_fixed=view.is_open,  # moved, it would show the answer
        on_settled=settle,
    )


def places_of(values, names: list[str], models: int) -> list[int]:
    """The model of each panel; a sweep of one's own may have fewer models."""
    return [min(values[name], models - 1) for name in names]


def is_covered(view: StepView) -> bool:
    """Whether codes and pictures would answer the open question."""
    return view.held or (view.is_open and view["sweep"] == "sweep-ring")


def collapse(shown: data.Sweep) -> None:
    """Name the models whose posterior has collapsed."""
    for each in shown.figures:
        if not each.collapsed:
            continue
        words = f"At β = {each.beta:g} the posterior has collapsed: KL {each.test[1]:.3f} nats, no active unit. "
        if shown.ceiling is not None and abs(each.test[0] / shown.ceiling - 1) <= NEAR_CEILING:
            words += f"Its loss, {each.test[0]:.1f}, is that of the mean image, {shown.ceiling:.1f}: it draws no other."
        else:
            words += "Every x has the same code."
        st.info(words, icon=":material/water_drop:")


def learned(view: StepView, found: list[Run]) -> None:
    """Draw the film of one of the models, if it has one."""
    st.header("How one of them was learned", anchor="film")
    view["film"] = min(view["film"], len(found) - 1)
    st.segmented_control(
        "β",
        range(len(found)),
        format_func=lambda number: f"β = {found[number].config.beta:g}",
        key=view.key("film"),
        required=True,
        label_visibility="collapsed",
    )
    film.film(found[view["film"]], view.key("reel"), view)
