"""Exhibit: noisy images through a denoising and a plain autoencoder, once or repeatedly, and the errors of each."""

from collections.abc import Sequence
from string import Template

import numpy as np
import streamlit as st
import torch

from vaedemo.analysis import denoising
from vaedemo.analysis.psnr import psnr
from vaedemo.app import catalogue
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.denoising import form, sketches
from vaedemo.app.lessons.denoising.form import KINDS
from vaedemo.app.shell import frame
from vaedemo.app.shell.links import Parameter
from vaedemo.config import RunConfig
from vaedemo.models.corruption import corrupt
from vaedemo.rules import one_of, real, whole
from vaedemo.training import shipped_runs
from vaedemo.training.run import Run

JUDGED = 300  # test images over which errors are averaged
SHOWN = 8
MOST_STEPS = 10
LEVELS = tuple(round(0.1 * step, 1) for step in range(11))
LEVEL_NAMES = {"gaussian": "σ in the test", "masking": "share masked", "salt_pepper": "share of salt and pepper"}

PARAMETERS = (
    *form.IMAGE_PARAMETERS,
    Parameter("kind", "gaussian", one_of(*KINDS)),
    Parameter("level", 0.5, real(0.0, 1.0)),
    Parameter("steps", 1, whole(1, MOST_STEPS)),
    Parameter("noise", 0, whole(0, 99_999)),
)

SCRIPT = Template("""\
import torch
import vaedemo as vd
from vaedemo.analysis import denoising
from vaedemo.analysis.psnr import psnr
from vaedemo.models.corruption import corrupt

images, which = vd.datasets.first_view("$dataset")
x = images.as_data("grey")[:$judged]
noisy = corrupt(x, "$kind", $level, torch.Generator().manual_seed($noise))
print(f"Corrupted input: {psnr(noisy, x).mean().item():.2f} dB".replace("inf", "∞"))
""")
OUTPUTS = Template("""\
for label, run in zip($labels, $runs):
    output = denoising.iterate(run.model, noisy, $steps)[-1]
    print(f"{label}: {psnr(output, x).mean().item():.2f} dB")
""")


@st.cache_resource(max_entries=8, show_spinner=False)
def clean(dataset: str) -> torch.Tensor:
    """The evaluated test images, as the models read them."""
    return catalogue.images(dataset)[0].as_data("grey")[:JUDGED]


def shown_rows(dataset: str) -> list[int]:
    """The first image of each of the first classes."""
    labels = catalogue.images(dataset)[0].y[:JUDGED]
    return [int((labels == label).nonzero()[0]) for label in labels.unique()[:SHOWN]]


@st.cache_resource(max_entries=30, show_spinner=False)
def noisy_images(dataset: str, kind: str, level: float, noise: int) -> torch.Tensor:
    return corrupt(clean(dataset), kind, level, torch.Generator().manual_seed(noise))


@st.cache_resource(max_entries=300, show_spinner=False)
def output(digest: str, dataset: str, kind: str, level: float, noise: int, steps: int, _run: Run) -> torch.Tensor:
    """A model's output for the evaluated noisy images after `steps` rounds, clipped to [0, 1]. Each round starts from
    the cached output of the round before."""
    if steps == 0:
        return noisy_images(dataset, kind, level, noise)
    before = output(digest, dataset, kind, level, noise, steps - 1, _run)
    return denoising.iterate(_run.model, before, 1)[-1]


@st.cache_data(max_entries=200, show_spinner=False)
def curve(digest: str, dataset: str, kind: str, noise: int, _run: Run | None) -> list[float]:
    """The error per pixel at each of the `LEVELS`; without a run, the error of the noisy images."""
    return denoising.error_over_levels(None if _run is None else _run.model, clean(dataset), kind, LEVELS, noise)


def draw(view: frame.View) -> str:
    """Draw the exhibit; return the code of this view."""
    left, right = st.columns([1, 2.9], gap="medium")
    with left:
        runs = form.image_runs(view)
        st.selectbox("Corruption in the test", list(KINDS), format_func=KINDS.get, key=view.key("kind"))
        st.slider("Level in the test", 0.0, 1.0, step=0.05, key=view.key("level"))
        st.slider("Times that r is applied", 1, MOST_STEPS, key=view.key("steps"))
        st.number_input("Seed of the noise", 0, 99_999, key=view.key("noise"))
    config = form.own_configs(view)[0] if view["models"] == "own" else runs[0].config
    shown = config.dataset
    at = (shown, view["kind"], view["level"], view["noise"])
    x, noisy = clean(shown), noisy_images(*at)
    pair = compared(runs)
    outputs = [output(run.digest, *at, view["steps"], run) for run in pair]
    names = [output_name(run.config) for run in pair]
    with right:
        rows = [("x̃, the corrupted input", noisy)]
        rows += [(f"{name}, after {rounds(view['steps'])}", made) for name, made in zip(names, outputs, strict=True)]
        pictures(view, [*rows, ("x, the target", x)], x, shown_rows(shown))
    values = {"Corrupted input": f"{psnr(noisy, x).mean().item():.2f} dB".replace("inf", "∞")}
    values |= {name: f"{psnr(made, x).mean().item():.2f} dB" for name, made in zip(names, outputs, strict=True)}
    frame.numbers(
        values, {"Corrupted input": f"Mean PSNR of {len(x)} test images: 10 dB more is a tenth of the error."}
    )
    if runs is not None:
        st.markdown(
            "**Error over the noise of the test**, r applied once; each curve is a model, by its noise in training"
        )
        curves = {
            (curve_name(run.config), run.config.corruption): curve(run.digest, shown, view["kind"], view["noise"], run)
            for run in sorted(runs, key=lambda run: list(form.TRAINED_ON).index(run.config.corruption))
        }
        own = curve("", shown, view["kind"], view["noise"], None)
        picture = sketches.errors(LEVELS, curves, own, view["level"], LEVEL_NAMES[view["kind"]])
        label = "Test error per pixel over the level of corruption, for each model and for the input itself"
        sketch(picture, key=view.key("errors"), label=label, height=300)
    st.caption(f"{len(x)} test images of {shown}, the same for every model. PSNR under each image, in decibels.")
    return script(view, config, pair)


def compared(runs: Sequence[Run] | None) -> list[Run]:
    """The chosen model and the plain one."""
    return [] if runs is None else [runs[0], runs[-1]]


def output_name(config: RunConfig) -> str:
    return "Plain" if config.corruption == "none" else "Denoised"


def curve_name(config: RunConfig) -> str:
    kind = form.TRAINED_ON[config.corruption]
    return "nothing: plain" if config.corruption == "none" else f"{kind} {config.corruption_level:g}"


def rounds(steps: int) -> str:
    return "one step" if steps == 1 else f"{steps} steps"


def pictures(view: frame.View, rows: Sequence[tuple[str, torch.Tensor]], x: torch.Tensor, chosen: list[int]) -> None:
    """A row of images for each of the `rows`, with the PSNR under each image."""
    for number, (name, images) in enumerate(rows):
        decibels = psnr(images[chosen], x[chosen]).tolist()
        st.markdown(f"**{name}**")
        image_grid(
            np.asarray(images[chosen]),
            len(chosen),
            key=view.key(f"row{number}"),
            label=name,
            captions=[f"{value:.1f}" if np.isfinite(value) else "" for value in decibels] if images is not x else None,
            scale_hint=2.6,
            clickable=False,
        )


def script(view: frame.View, config: RunConfig, pair: Sequence[Run]) -> str:
    """The code of this view; it trains the models if they have custom settings."""
    code = SCRIPT.substitute(
        dataset=config.dataset, judged=JUDGED, kind=view["kind"], level=view["level"], noise=view["noise"]
    )
    if not pair:
        return code
    if view["models"] == "shipped":
        names = ", ".join(f'vd.load("{shipped_runs.denoised_digits(run.config.corruption)}")' for run in pair)
        runs = f"[{names}]"
    else:
        fields = ", ".join(f"{name}={value!r}" for name, value in config.canonical().items())
        code += f'denoising_config = vd.RunConfig({fields})\nplain = denoising_config.replace(corruption="none")\n'
        runs = "vd.sweep([denoising_config, plain])"
    labels = [output_name(run.config) for run in pair]
    return code + OUTPUTS.substitute(labels=labels, runs=runs, steps=view["steps"])
