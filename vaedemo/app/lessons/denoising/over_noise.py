"""The errors of the image models over the level of the noise in the test."""

from collections.abc import Sequence

import streamlit as st
import torch

from vaedemo.analysis import denoising
from vaedemo.app.lessons.denoising import form
from vaedemo.app.shared.chart import chart
from vaedemo.app.shell.step_view import StepView
from vaedemo.config import RunConfig
from vaedemo.figures import level_curves
from vaedemo.training.run import Run

LEVELS = tuple(round(0.1 * step, 1) for step in range(11))
LEVEL_NAMES = {"gaussian": "σ in the test", "masking": "share masked", "salt_pepper": "share of salt and pepper"}


@st.cache_data(max_entries=200, show_spinner=False)
def curve(digest: str, dataset: str, kind: str, noise: int, _run: Run | None, _x: torch.Tensor) -> list[float]:
    """The error per pixel at each of the `LEVELS`; without a run, the error of the noisy images."""
    return denoising.error_over_levels(None if _run is None else _run.model, _x, kind, LEVELS, noise)


def errors(view: StepView, runs: Sequence[Run], x: torch.Tensor) -> None:
    """The error of each model over the level of the noise, on clean images x."""
    st.markdown("**Error over the noise of the test**, r applied once; each curve is a model, by its noise in training")
    curves = {
        curve_name(run.config): curve(run.digest, run.config.dataset, view["kind"], view["noise"], run, x)
        for run in sorted(runs, key=lambda run: list(form.TRAINED_ON).index(run.config.corruption))
    }
    figure = level_curves.level_curves(
        LEVELS,
        curves,
        curve("", runs[0].config.dataset, view["kind"], view["noise"], None, x),
        level=view["level"],
        chosen=curve_name(runs[0].config),
        x_title=LEVEL_NAMES[view["kind"]],
    )
    alt = "Test error per pixel over the level of corruption, for each model and for the input itself"
    chart(view, figure, name="errors", alt=alt)


def curve_name(config: RunConfig) -> str:
    kind = form.TRAINED_ON[config.corruption]
    return "nothing: plain" if config.corruption == "none" else f"{kind} {config.corruption_level:g}"
