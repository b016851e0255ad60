"""From noise to a ring: a map that turns a normal into data, its effect on the plane, and the same map learned."""

from string import Template

import streamlit as st

from vaedemo.analysis import warp as plane
from vaedemo.app.lessons.ring import exact, learned, plain
from vaedemo.app.lessons.ring.scenes import MOST_SAMPLES
from vaedemo.app.lessons.ring.steps import GOALS, STEPS
from vaedemo.app.shell import frame, stepped, widgets
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import SteppedLesson, StepView
from vaedemo.probability import transforms
from vaedemo.rules import one_of
from vaedemo.training.store import RunNotFound

# Links of before have no part; they showed both exhibits, so that is the default.
EXHIBITS = {"both": (exact, learned), "exact": (exact,), "learned": (learned,)}
TITLES = {"both": "Both", "exact": "Exact", "learned": "Learned"}
SCRIPT = Template("""\
import torch
import vaedemo as vd
from vaedemo.analysis import warp
from vaedemo.probability import transforms

z = torch.randn($most, 2, generator=torch.Generator().manual_seed($seed))
""")


def controls_of(values) -> tuple[str, ...]:
    """The controls of a view in Explore; the seed of the samples belongs to both exhibits."""
    shown = [name for part in EXHIBITS[values["part"]] for name in part.CONTROLS]
    return ("part", *shown, *(() if "seed" in shown else ("seed",)))


def picture(view: StepView) -> None:
    """The exhibits of the part. Where the shipped run is missing, the exact half is still drawn."""
    for part in EXHIBITS[view["part"]]:
        if view["part"] == "both" and part is learned:
            st.markdown("**The same map, learned**")
        with frame.show_errors():
            part.picture(view)


def work(view: StepView) -> tuple[dict[str, str], str]:
    """The figures of the exhibits shown, and one script that prints them."""
    figures, script = {}, SCRIPT.substitute(most=MOST_SAMPLES, seed=view["seed"])
    for part in EXHIBITS[view["part"]]:
        try:
            shown, lines = part.work(view)
        except RunNotFound:  # the picture says so
            continue
        figures, script = figures | shown, script + lines
    return figures, script


LESSON = SteppedLesson(
    name="ring",
    question="Can plain Gaussian noise be turned into data by a function alone?",
    parameters=(Parameter("part", "both", one_of(*EXHIBITS)), *exact.PARAMETERS, *learned.PARAMETERS),
    steps=STEPS,
    controls={"part": lambda view: widgets.choose(view, "part", TITLES, "Exhibit")} | exact.CONTROLS | learned.CONTROLS,
    explored=controls_of,
    picture=picture,
    work=work,
    run=lambda view: None if view["part"] == "exact" else learned.shown_run(view),
    plain=plain.view_code,
    goals=GOALS,
    explained=(
        transforms.ring,
        transforms.morph,
        transforms.ring_radius_density,
        transforms.ring_density,
        plane.ring_radius_moments,
        transforms.scale,
        transforms.spiral,
        transforms.two_modes,
        plane.radius_density,
    ),
    references=(
        "C. Doersch, *Tutorial on variational autoencoders*, 2016, figure 2, "
        "[arXiv 1606.05908](https://arxiv.org/abs/1606.05908).",
        "M. Kahng, N. Thorat, D. H. Chau, F. Viégas, M. Wattenberg, *GAN Lab*, 2018, "
        "[arXiv 1809.01587](https://arxiv.org/abs/1809.01587): the generator drawn as a warped grid.",
    ),
)

stepped.lesson_page(LESSON)
