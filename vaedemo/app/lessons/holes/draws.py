"""Exhibits: z drawn at random in the planes of two models, and the images decoded from them; those in holes are
marked."""

from typing import NamedTuple

import numpy as np
import streamlit as st
import torch
from torch import Tensor

from vaedemo.app import catalogue
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.components.press_button import press_button
from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.holes import code, data, form, sketches
from vaedemo.app.shell import widgets
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import StepView
from vaedemo.rules import one_of

COLUMNS = 5
FRAME = 1  # pixels around an image
DENSITIES = {"fitted": "N(m, S), fitted", "prior": "N(0, I)"}
NO_KL, TWIN = "mnist-2d-beta0", "sweep-mnist-4"  # noise in z, the same training without KL and with it
PARAMETERS = (Parameter("density", "fitted", one_of(*DENSITIES)),)


class Case(NamedTuple):
    """A column of the picture: a run, the density of its z, and the words above it."""

    run: str
    source: str
    title: str
    with_q: bool = False


def cases(values) -> tuple[Case, Case]:
    """The two columns of a view."""
    if values["part"] == "noise":
        return (
            Case(NO_KL, "prior", "**Noise in z, no KL** (β = 0)", True),
            Case(TWIN, "prior", "**Noise in z and KL** (β = 1)", True),
        )
    title = {"fitted": "N(m, S) of its codes", "prior": "N(0, I)"}[values["density"]]
    return (
        Case(form.SHIPPED["autoencoder"], values["density"], f"**Autoencoder**, z\u00a0~\u00a0{title}"),
        Case(form.SHIPPED["vae"], "prior", "**VAE**, z\u00a0~\u00a0N(0,\u00a0I)"),
    )


def codes_of(name: str) -> data.Codes:
    """The codes of a shipped run."""
    run = catalogue.run(name)
    return data.codes_of(run.digest, run)


def share(case: Case, seed: int) -> float:
    """The share of a case's z that lie in holes."""
    return data.share_in_holes(catalogue.run(case.run).digest, case.source, seed, codes_of(case.run))


def picture(view: StepView) -> None:
    for place, (case, column) in enumerate(zip(cases(view), st.columns(2, gap="medium"), strict=True)):
        with column:
            one(view, case, place)


def one(view: StepView, case: Case, place: int) -> None:
    """The plane of a run with its codes and 25 z, and the images decoded from these z."""
    codes = codes_of(case.run)
    z, lost = data.few(catalogue.run(case.run).digest, case.source, view["draw"], codes)
    st.markdown(case.title)
    before = view.before
    drawn = sketches.draws_plane(
        codes,
        catalogue.images(data.DATASET)[0].y,
        case.source,
        z=None if view.held else z.numpy(),
        lost=lost.numpy(),
        with_q=case.with_q,
        before=before is not None and place == 0 and before["part"] == view["part"],
    )
    words = f"Codes of a model by digit, {DENSITIES[case.source]}, and {len(z)} z, {int(lost.sum())} of them in holes"
    sketch(
        drawn,
        key=view.key(f"draws{place}"),
        label="Codes of a model by digit" if view.held else words,
        height=238 if view["present"] else 350,
    )
    if not view.held:
        image_grid(
            framed(catalogue.run(case.run).model.decode(z).mean, lost),
            COLUMNS,
            key=view.key(f"decoded{place}"),
            label=f"{len(z)} decoded z; framed: in a hole",
            scale_hint=2,
            clickable=False,
        )


def framed(pictures: Tensor, lost: Tensor) -> np.ndarray:
    """The images (n, 1, H, W) in colour with room around them; around those in holes a frame of the z's colour."""
    size = pictures.shape[-1] + 2 * FRAME
    colours = torch.zeros(len(pictures), 3, size, size)
    ink = torch.tensor([int(sketches.Z[start : start + 2], 16) / 255 for start in (1, 3, 5)])
    colours[lost] = ink[None, :, None, None]
    colours[:, :, FRAME:-FRAME, FRAME:-FRAME] = pictures
    return colours.numpy()


def work(view: StepView) -> tuple[dict[str, str], str]:
    """The share of each case's z in holes."""
    shown = cases(view)
    figures = {code.label(case): f"{100 * share(case, view['draw']):.1f} %" for case in shown}
    return figures, code.shares(shown, view["draw"])


def again(view: StepView, presses: int) -> None:
    view["draw"] = (view["draw"] + presses) % 100_000


def again_button(view: StepView) -> None:
    press_button(
        "Draw z again",
        icon=":material/casino:",
        kind="primary",
        on_press=lambda presses: again(view, presses),
        key=view.key("again"),
    )


CONTROLS = {
    "density": lambda view: widgets.choose(view, "density", DENSITIES, "z of the autoencoder"),
    "again": again_button,
}
