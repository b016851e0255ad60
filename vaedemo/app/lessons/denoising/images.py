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
from vaedemo.app.lessons.denoising import form, over_noise, own
from vaedemo.app.lessons.denoising.form import KINDS
from vaedemo.app.shared import own_digit
from vaedemo.app.shell.config_code import arguments
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import EXPLORE, Values
from vaedemo.config import RunConfig
from vaedemo.models.corruption import corrupt
from vaedemo.rules import one_of, real, whole
from vaedemo.training import shipped_runs
from vaedemo.training.run import Run

JUDGED = 300  # test images over which errors are averaged
SHOWN, TOLD = 8, 6  # digits in Explore, and larger in a step
MOST_STEPS = 10

PARAMETERS = (
    *form.IMAGE_PARAMETERS,
    Parameter("kind", "gaussian", one_of(*KINDS)),
    Parameter("level", 0.5, real(0.0, 1.0)),
    Parameter("steps", 1, whole(1, MOST_STEPS)),
    Parameter("noise", 0, whole(0, 99_999)),
    own_digit.PARAMETER,
)

SCRIPT = Template("""\
import torch
import vaedemo as vd
from vaedemo.analysis import denoising
from vaedemo.analysis.psnr import psnr
from vaedemo.models.corruption import corrupt
$more
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


def shipped(values: Values) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The clean images, the noisy ones, and what the chosen shipped model makes of them."""
    run = form.shipped_images(values["trained_on"])[0]
    at = (run.config.dataset, values["kind"], values["level"], values["noise"])
    return clean(run.config.dataset), noisy_images(*at), output(run.digest, *at, values["steps"], run)


def errors(values: Values) -> tuple[float, float]:
    """The mean squared error per pixel of the noisy images, and after the chosen shipped model."""
    x, *both = shipped(values)
    return tuple((each - x).square().mean().item() for each in both)


def added_ink(values: Values) -> float:
    """By which share the sum of all pixels is larger after the chosen shipped model than in the clean images."""
    x, _, cleaned = shipped(values)
    return (cleaned.sum() / x.sum()).item() - 1


def picture(view: StepView) -> None:
    """In a step noisy, cleaned and clean digits; in Explore two models, and the errors of all over the noise."""
    runs = form.image_runs(view)
    if view["step"] != EXPLORE:
        if runs is not None:
            told(view, runs[0])
        return
    config = form.own_configs(view)[0] if view["models"] == "own" else runs[0].config
    shown = config.dataset
    at = (shown, view["kind"], view["level"], view["noise"])
    x, noisy = clean(shown), noisy_images(*at)
    pair, chosen = compared(runs), shown_rows(shown)
    outputs = [output(run.digest, *at, view["steps"], run) for run in pair]
    titles = [f"{output_name(run.config)}, after {rounds(view['steps'])}" for run in pair]
    rows = own.beside(own.images(view, pair), [images[chosen] for images in (noisy, *outputs, x)])
    pictures(view, ["x̃, the corrupted input", *titles, "x, the target"], rows)
    if runs is not None:
        over_noise.errors(view, runs, x)
    st.caption(f"{len(x)} test images of {shown}, the same for every model. PSNR under each image, in decibels.")


def told(view: StepView, run: Run) -> None:
    """A few digits noisy, cleaned and clean, with the mean error of each row; while it is held back not the cleaned."""
    shown = run.config.dataset
    x, chosen = clean(shown), shown_rows(shown)[:TOLD]
    noisy = noisy_images(shown, view["kind"], view["level"], view["noise"])
    cleaned = output(run.digest, shown, view["kind"], view["level"], view["noise"], view["steps"], run)
    before, after = ((each - x).square().mean().item() for each in (noisy, cleaned))
    titles = [
        f"**x̃**, {noise_name(view)}: error {before:.3f} per pixel",
        f"**x̂ = r(x̃)**: error {after:.3f}",
        "**x**, clean: the target",
    ]
    rows = own.beside(own.images(view, [run]), [images[chosen] for images in (noisy, cleaned, x)])
    for number, (title, images) in enumerate(zip(titles, rows, strict=True)):
        if view.held and number == 1:
            continue
        st.markdown(title)
        image_grid(
            images.numpy(),
            len(images),
            key=view.key(f"told{number}"),
            label=title.replace("*", ""),
            scale_hint=4,
            clickable=False,
        )


def noise_name(values: Values) -> str:
    """The noise of a view in words."""
    level = values["level"]
    if level == 0:
        return "no noise at all"
    words = {
        "gaussian": f"with noise of σ\u00a0=\u00a0{level:g}",
        "masking": f"{level:.0%} of its pixels masked",
        "salt_pepper": f"{level:.0%} of its pixels black or white",
    }
    return words[values["kind"]]


def work(view: StepView) -> tuple[dict[str, str], str]:
    """The PSNR of the input and, once there are models, of their outputs."""
    runs = form.finished_images(view)
    config = form.own_configs(view)[0] if view["models"] == "own" else runs[0].config
    at = (config.dataset, view["kind"], view["level"], view["noise"])
    x, pair = clean(config.dataset), compared(runs)
    rows = {"Corrupted input": noisy_images(*at)}
    rows |= {output_name(run.config): output(run.digest, *at, view["steps"], run) for run in pair}
    figures = {name: decibels(images, x) for name, images in rows.items()}
    names = [own.CORRUPTED, *(own_name(run.config) for run in pair)]
    *made, target = own.images(view, pair) or [x]
    figures |= {name: decibels(image, target) for name, image in zip(names, made, strict=False)}
    return figures, script(view, config, pair)


def decibels(images: torch.Tensor, x: torch.Tensor) -> str:
    """The mean PSNR of images, as the script prints it."""
    return f"{psnr(images, x).mean().item():.2f} dB".replace("inf", "∞")


def compared(runs: Sequence[Run] | None) -> list[Run]:
    """The chosen model and the plain one."""
    return [] if runs is None else [runs[0], runs[-1]]


def output_name(config: RunConfig) -> str:
    return "Plain" if config.corruption == "none" else "Denoised"


def own_name(config: RunConfig) -> str:
    return f"{output_name(config)}, your digit"


def rounds(steps: int) -> str:
    return "one step" if steps == 1 else f"{steps} steps"


def pictures(view: StepView, titles: Sequence[str], rows: Sequence[torch.Tensor]) -> None:
    """Rows of images, the clean ones last, with the PSNR under each image of the others."""
    for number, (name, images) in enumerate(zip(titles, rows, strict=True)):
        is_clean = number == len(rows) - 1
        under = [f"{value:.1f}" if np.isfinite(value) else "" for value in psnr(images, rows[-1]).tolist()]
        st.markdown(f"**{name}**")
        image_grid(
            np.asarray(images),
            len(images),
            key=view.key(f"row{number}"),
            label=name,
            captions=None if is_clean else under,
            scale_hint=2.6,
            clickable=False,
        )


def script(view: StepView, config: RunConfig, pair: Sequence[Run]) -> str:
    """The code of this view; it trains the models if they have custom settings."""
    more = "from vaedemo.datasets import drawing\n" if own_digit.text_of(view) else ""
    code = SCRIPT.substitute(
        more=more, dataset=config.dataset, judged=JUDGED, kind=view["kind"], level=view["level"], noise=view["noise"]
    )
    if not pair:
        return code + own.script(view)
    if view["models"] == "shipped":
        names = ", ".join(f'vd.load("{shipped_runs.denoised_digits(run.config.corruption)}")' for run in pair)
        runs = f"[{names}]"
    else:
        fields = arguments(config)
        code += f'denoising_config = vd.RunConfig({fields})\nplain = denoising_config.replace(corruption="none")\n'
        runs = "vd.sweep([denoising_config, plain])"
    labels = [output_name(run.config) for run in pair]
    code += OUTPUTS.substitute(labels=labels, runs=runs, steps=view["steps"])
    return code + own.script(view, [own_name(run.config) for run in pair], runs)


CONTROLS = form.IMAGE_CONTROLS | {
    "level": lambda view: st.slider("Level in the test", 0.0, 1.0, step=0.05, key=view.key("level")),
    "steps": lambda view: st.slider("Times that r is applied", 1, MOST_STEPS, key=view.key("steps")),
    "noise": lambda view: st.number_input("Seed of the noise", 0, 99_999, key=view.key("noise")),
    "own": own_digit.choose,
}


def controls_of(values: Values) -> tuple[str, ...]:
    """The controls of the images in Explore."""
    return (*form.image_controls(values), "own", "level", "steps", "noise")
