"""Posterior collapse and its cures: which latent axes carry nothing, when that is right, and what four cures change."""

import streamlit as st

from vaedemo.app.lessons.collapse import code, data, own, plots, spectrum
from vaedemo.app.lessons.collapse.steps import GOALS, STEPS
from vaedemo.app.shared.chart import chart, height
from vaedemo.app.shell import stepped, widgets
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import SteppedLesson, StepView
from vaedemo.changes import ramp
from vaedemo.models.vae import VAE
from vaedemo.probability import covariance, divergences
from vaedemo.rules import one_of
from vaedemo.training import collapse

PARTS = {"axes": "Axes", "spectrum": "Variances", "course": "Course", "plane": "Plane", "own": "Train your own"}
PLANES = {"bernoulli": "Bernoulli", "fixed": "Gaussian, σ² = 1", "learned": "Gaussian, σ² learned"}
OF_PART = {"axes": ("cure",), "spectrum": ("variance",), "course": ("cure",), "plane": ("plane",), "own": ("own",)}


def axes(view: StepView) -> None:
    """The KL of each axis of one model; of a cure over that without it."""
    plain = data.PLAIN[view["cure"]]
    is_plain = view["cure"] == plain
    row = data.shown({"cure": plain} if view.is_open else view.own)
    before = None if is_plain or view.is_open else data.shown({"cure": plain}).per_axis
    floor = 0.0 if is_plain else collapse.config(view["cure"]).free_bits
    figure = plots.axes(row.per_axis, tall=height(view), floor=floor, before=before)
    label = f"The mean KL of {collapse.AXES} latent axes as bars, largest first; {row.in_use} are in use"
    chart(view, figure, name="axes", alt=label)


def course(view: StepView) -> None:
    figure = plots.course(view["cure"], is_open=view.is_open, tall=height(view))
    chart(view, figure, name="course", alt="β and the KL over the steps of the training")


def plane(view: StepView) -> None:
    figure = plots.plane(view["plane"], is_open=view.is_open, tall=height(view))
    chart(view, figure, name="rates", alt="Reconstruction loss against KL: five seeds each, arrows to the cures")


PICTURES = {"axes": axes, "spectrum": spectrum.picture, "course": course, "plane": plane, "own": own.picture}


def work(view: StepView) -> tuple[dict[str, str], str]:
    """The figures of the part: those of the trainings that it draws."""
    if view["part"] in ("spectrum", "own"):
        return (spectrum if view["part"] == "spectrum" else own).work(view)
    if view["part"] == "plane":
        return code.work(plots.PLANES[view["plane"]])
    return code.work([*dict.fromkeys([data.PLAIN[view["cure"]], view["cure"]])])


def choose_cure(view: StepView) -> None:
    st.selectbox("Training", list(data.TITLES), format_func=data.TITLES.get, key=view.key("cure"))


LESSON = SteppedLesson(
    name="collapse",
    question="Why does a VAE leave latent axes empty, and when should that be cured?",
    parameters=(
        Parameter("part", "axes", one_of(*PARTS)),
        Parameter("cure", "plain", one_of(*collapse.CURES)),
        Parameter("plane", "bernoulli", one_of(*PLANES)),
        *spectrum.PARAMETERS,
        *own.PARAMETERS,
    ),
    steps=STEPS,
    controls={
        "part": lambda view: widgets.choose(view, "part", PARTS, "Exhibit"),
        "cure": choose_cure,
        "plane": lambda view: widgets.choose(view, "plane", PLANES, "Plane"),
        "variance": spectrum.choose,
        "own": own.fields,
    },
    explored=lambda values: ("part", *OF_PART[values["part"]]),
    picture=lambda view: PICTURES[view["part"]](view),
    work=work,
    goals=GOALS,
    explained=(VAE, ramp, divergences.at_least, covariance.axes_kept),
    references=(
        "S. Bowman et al., *Generating Sentences from a Continuous Space*, 2016, "
        "[arXiv 1511.06349](https://arxiv.org/abs/1511.06349): KL warm-up.",
        "C. K. Sønderby et al., *Ladder Variational Autoencoders*, 2016, "
        "[arXiv 1602.02282](https://arxiv.org/abs/1602.02282): KL warm-up.",
        "H. Fu et al., *Cyclical Annealing Schedule*, 2019, [arXiv 1903.10145](https://arxiv.org/abs/1903.10145).",
        "D. P. Kingma et al., *Improving Variational Inference with Inverse Autoregressive Flow*, 2016, "
        "[arXiv 1606.04934](https://arxiv.org/abs/1606.04934): free bits.",
        "J. Lucas et al., *Don't Blame the ELBO! A Linear VAE Perspective on Posterior Collapse*, 2019, "
        "[arXiv 1911.02469](https://arxiv.org/abs/1911.02469).",
        "O. Rybkin, K. Daniilidis, S. Levine, *Simple and Effective VAE Training with Calibrated Decoders*, 2021, "
        "[arXiv 2006.13202](https://arxiv.org/abs/2006.13202): a learned σ².",
    ),
)

stepped.lesson_page(LESSON)
