"""The units that fire for one digit, in a net without a penalty and in one with it."""

import numpy as np
import streamlit as st
import torch

from vaedemo.analysis import hidden_units
from vaedemo.app import catalogue
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.lessons.overcomplete import form
from vaedemo.app.shell.step_view import StepView
from vaedemo.figures.signed import signed_pixels
from vaedemo.training.run import Run

SHOWN, ACROSS = 25, 5
COVERED, SILENT = 128, 48  # greys: what a question asks for; a unit that does not fire


@st.cache_resource(show_spinner=False, max_entries=16)
def codes(digest: str, _run: Run) -> torch.Tensor:
    """The codes of all test digits, (N, d)."""
    return hidden_units.codes(_run.model, catalogue.images("digits")[0].as_data("grey"))


@st.cache_data(show_spinner=False, max_entries=16)
def features(digest: str, side: str, _run: Run) -> np.ndarray:
    """Each unit's weights as a coloured image, scaled by its own maximum, uint8 (d, 3, 28, 28)."""
    read = hidden_units.encoder_features if side == "encoder" else hidden_units.decoder_features
    return np.stack([signed_pixels(each[0].numpy(), power=1.0) for each in read(_run.model)])


def firing(run: Run, image: int) -> int:
    """How many units of a net fire for one test digit."""
    code = codes(run.digest, run)[image : image + 1]
    return int(hidden_units.fires(code, run.config.resolved_code_units).sum())


def picture(view: StepView, found: dict[str, Run]) -> None:
    """The digit and its copies; below, what the most active units of each net draw. Silent units are dark."""
    x = catalogue.images("digits")[0].as_data("grey")[view["image"]][None]
    names = [form.NAMED[kind] for kind in found]
    image_grid(
        torch.cat([x, *(run.model.reconstruct(x) for run in found.values())]).numpy(),
        1 + len(found),
        key=view.key("copies"),
        label=f"A digit and its copies: {', '.join(names)}",
        captions=["a digit x", *names],
        scale_hint=4,
        clickable=False,
    )
    for column, (kind, run) in zip(st.columns(len(found), gap="medium"), found.items(), strict=True):
        with column:
            units(view, kind, run, covered=view.is_open and kind != "none")


def units(view: StepView, kind: str, run: Run, *, covered: bool) -> None:
    """How many units of one net fire, and what the most active ones draw."""
    count = firing(run, view["image"])
    order = codes(run.digest, run)[view["image"]].argsort(descending=True, stable=True)[:SHOWN].tolist()
    drawn = features(run.digest, "decoder", run)[order]
    drawn[count:] = SILENT
    if covered:
        drawn[:] = COVERED
    st.markdown(f"{form.NAMED[kind]}: **{'?' if covered else count}** of {run.config.latent_dim:,} fire")
    image_grid(
        drawn,
        ACROSS,
        key=view.key(f"few.{kind}"),
        label=f"What the {SHOWN} most active units draw, {form.NAMED[kind]}",
        scale_hint=3,
        clickable=False,
    )
