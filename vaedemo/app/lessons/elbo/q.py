"""The q of the page on the bound: the encoder's, the best Gaussian, or set by the reader."""

import streamlit as st
import torch
from torch import Tensor

from vaedemo.app.lessons.elbo.facts import Facts
from vaedemo.app.shell import frame
from vaedemo.app.shell.links import Parameter
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


def current(view: frame.View, facts: Facts) -> tuple[Tensor, Tensor]:
    """mu and logvar of the q that the link names, (1, 2) each."""
    if view["q"] != "hand":
        return facts.best if view["q"] == "best" else facts.encoder
    mu, logvar = ([view[f"{name}_{axis}"] for axis in (1, 2)] for name in ("mu", "logvar"))
    return torch.tensor([mu]), torch.tensor([logvar])


def controls(view: frame.View, facts: Facts) -> None:
    """Draw two buttons and four sliders; the sliders follow every change of q."""
    with st.container(horizontal=True, gap="small"):
        for choice, label in (("encoder", "Snap to encoder"), ("best", "Snap to best Gaussian")):
            kind = "primary" if view["q"] == choice else "secondary"
            st.button(label, key=slider_key(view, choice), on_click=snap, args=(view, choice), type=kind)
    mu, logvar = current(view, facts)
    for name, value in zip(SLIDERS, [*mu[0].tolist(), *logvar[0].tolist()], strict=True):
        label, low, high, step = SLIDERS[name]
        st.session_state[slider_key(view, name)] = min(max(round(round(value / step) * step, 2), low), high)
        st.slider(label, low, high, step=step, key=slider_key(view, name), on_change=slid, args=(view, facts, name))
    st.caption("Arrow keys move a slider by one step; the red ellipse can be dragged.")


def slider_key(view: frame.View, name: str) -> str:
    """The key of a slider. It differs from the link's key: the slider shows q rounded to its step, and the link does
    not store the encoder's q."""
    return view.key(f"slider.{name}")


def snap(view: frame.View, choice: str) -> None:
    view["q"] = choice


def forget_unused(view: frame.View) -> None:
    """Clear the numbers of q in the link, unless q is set by hand."""
    if view["q"] != "hand":
        for name in SLIDERS:
            view[name] = 0.0


def slid(view: frame.View, facts: Facts, name: str) -> None:
    """Take one number of q from its slider; the others keep their values."""
    by_hand(view, facts, {name: st.session_state[slider_key(view, name)]})


def dragged(view: frame.View, facts: Facts, x: float, y: float) -> None:
    place = {f"mu_{axis}": min(max(round(value, 4), -MU_REACH), MU_REACH) for axis, value in ((1, x), (2, y))}
    by_hand(view, facts, place)


def by_hand(view: frame.View, facts: Facts, changes: dict[str, float]) -> None:
    mu, logvar = current(view, facts)
    before = dict(zip(SLIDERS, [*mu[0].tolist(), *logvar[0].tolist()], strict=True))
    for name, value in (before | changes).items():
        _, low, high, _ = SLIDERS[name]
        view[name] = min(max(round(value, 4), low), high)
    view["q"] = "hand"
