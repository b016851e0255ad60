"""The q of the page on the bound: the encoder's, the best Gaussian, or set by the reader."""

import streamlit as st
import torch
from torch import Tensor

from vaedemo.app.lessons.elbo import facts as elbo_facts
from vaedemo.app.lessons.elbo.facts import Facts
from vaedemo.app.shared import twenty
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import Values
from vaedemo.probability.derivation import Derivation
from vaedemo.rules import one_of, real

CHOICES = ("encoder", "best", "hand")
MU_REACH, LOWEST, HIGHEST = 6.0, -10.0, 2.0
SLIDERS = {
    "mu_1": ("μ₁", -MU_REACH, MU_REACH, 0.01),
    "mu_2": ("μ₂", -MU_REACH, MU_REACH, 0.01),
    "logvar_1": ("log σ₁²", LOWEST, HIGHEST, 0.05),
    "logvar_2": ("log σ₂²", LOWEST, HIGHEST, 0.05),
}
PARAMETERS = (
    Parameter("q", "encoder", one_of(*CHOICES)),
    *(Parameter(name, 0.0, real(low, high)) for name, (_, low, high, _) in SLIDERS.items()),
)


def current(values: Values, facts: Facts) -> tuple[Tensor, Tensor]:
    """mu and logvar of the q that the link names, (1, 2) each."""
    if values["q"] != "hand":
        return facts.best if values["q"] == "best" else facts.encoder
    mu, logvar = ([values[f"{name}_{axis}"] for axis in (1, 2)] for name in ("mu", "logvar"))
    return torch.tensor([mu]), torch.tensor([logvar])


def numbers(values: Values) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """mu and logvar of a view's q, two numbers each."""
    mu, logvar = current(values, elbo_facts.of(values))
    return tuple(mu[0].tolist()), tuple(logvar[0].tolist())


def terms(values: Values) -> Derivation:
    """The derivation for a view's digit and q."""
    return elbo_facts.terms(elbo_facts.model_run().digest, twenty.chosen(values), *numbers(values))


def buttons(view: StepView) -> None:
    """Set q to the encoder's or to the best one."""
    with st.container(horizontal=True, gap="small"):
        for choice, label in (("encoder", "Snap to encoder"), ("best", "Snap to best Gaussian")):
            kind = "primary" if view["q"] == choice else "secondary"
            st.button(label, key=slider_key(view, choice), on_click=snap, args=(view, choice), type=kind)


def sliders(view: StepView, *names: str) -> None:
    """Draw these of the four sliders; they follow every change of q."""
    mu, logvar = numbers(view)
    values = dict(zip(SLIDERS, (*mu, *logvar), strict=True))
    for name in names:
        label, low, high, step = SLIDERS[name]
        st.session_state[slider_key(view, name)] = min(max(round(round(values[name] / step) * step, 2), low), high)
        st.slider(label, low, high, step=step, key=slider_key(view, name), on_change=slid, args=(view, name))


CONTROLS = {
    "snap": buttons,
    "mean": lambda view: sliders(view, "mu_1", "mu_2"),
    "width": lambda view: sliders(view, "logvar_1", "logvar_2"),
}


def slider_key(view: StepView, name: str) -> str:
    """The key of a slider. It differs from the link's key: the slider shows q rounded to its step, and the link does
    not store the encoder's q."""
    return view.key(f"slider.{name}")


def snap(view: StepView, choice: str) -> None:
    view["q"] = choice


def forget_unused(view: StepView) -> None:
    """Clear the numbers of q in the link, unless q is set by hand."""
    if view["q"] != "hand":
        for name in SLIDERS:
            view[name] = 0.0


def slid(view: StepView, name: str) -> None:
    """Take one number of q from its slider; the others keep their values."""
    by_hand(view, {name: st.session_state[slider_key(view, name)]})


def dragged(view: StepView, x: float, y: float) -> None:
    place = {f"mu_{axis}": min(max(round(value, 4), -MU_REACH), MU_REACH) for axis, value in ((1, x), (2, y))}
    by_hand(view, place)


def by_hand(view: StepView, changes: dict[str, float]) -> None:
    mu, logvar = numbers(view)
    before = dict(zip(SLIDERS, (*mu, *logvar), strict=True))
    for name, value in (before | changes).items():
        _, low, high, _ = SLIDERS[name]
        view[name] = min(max(round(value, 4), low), high)
    view["q"] = "hand"
