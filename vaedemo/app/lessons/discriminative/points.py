"""Exhibit: p(y = 1|x) at one place by both classifiers and exactly, and where the classifiers differ."""

from collections.abc import Mapping
from string import Template
from typing import Any

import streamlit as st

from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.discriminative import models, planes, sketches
from vaedemo.app.lessons.discriminative.models import SETS
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import StepView
from vaedemo.datasets.same_posterior import SQUARE
from vaedemo.rules import real, whole

REACH = 2.2
PARAMETERS = (
    Parameter("x1", 0.5, real(-REACH, REACH)),
    Parameter("x2", 0.2, real(-REACH, REACH)),
    Parameter("draw", 0, whole(0, 9999)),
)
HEIGHT = 270
SCRIPT = Template("""\
import torch
import vaedemo as vd
from vaedemo.analysis.histograms import total_variation
from vaedemo.datasets.same_posterior import posterior

$models
data = [vd.datasets.load(name, split="test").x for name in ("crowds", "fringes")]

place = torch.tensor([[$x1, $x2]])
for name, model in zip(("clusters", "stripes"), classifiers):
    print(f"p(y = 1|x), {name}: {model.probabilities(place)[0, 1].item():.3f}")
print(f"p(y = 1|x), exact: {posterior(place).item():.3f}")

x = torch.cat(data)
p = [model.probabilities(x)[:, 1] for model in classifiers]
print(f"They differ by: {(p[0] - p[1]).abs().mean().item():.3f}")
errors = [(each - posterior(x)).abs().mean().item() for each in p]
print("Mean error of each: {:.3f}, {:.3f}".format(*errors))

samples = []
for vae in vaes:
    generator = torch.Generator().manual_seed($draw)
    samples.append(vae.decode(torch.randn($drawn, vae.latent_dim, generator=generator)).sample(generator))
print(f"Data differ by: {total_variation(*data, half_side=$square):.3f}")
print(f"Samples differ by: {total_variation(*samples, half_side=$square):.3f}")
""")


def picture(view: StepView) -> None:
    """p(y = 1|x) by each classifier and exactly; below, the samples of each VAE, and the classifiers' difference."""
    found = models.find(view)
    if found is None:
        return
    classifiers, vaes = found
    shown = planes.at_place(planes.digests(classifiers), classifiers, (view["x1"], view["x2"])).pictures
    clouds, _ = planes.drawn(planes.digests(vaes), vaes, view["draw"])

    def move(x1: float, x2: float) -> None:
        view["x1"], view["x2"] = (round(min(max(number, -REACH), REACH), 2) for number in (x1, x2))

    first, middle, last = st.columns(3, gap="small")
    for column, (name, title), cloud in zip((first, last), SETS.items(), clouds, strict=True):
        with column:
            st.markdown(f"**{title}**: a classifier's p(y = 1|x)")
            label = f"Probability of class 1 over the plane, {title.lower()}; the dashed curve is where it is ½"
            sketch(shown[name], key=view.key(f"posterior.{name}"), label=label, height=HEIGHT, on_moved=move)
            st.markdown(f"**{title}**: samples of a VAE")
            label = f"Points drawn from the VAE of the {title.lower()}"
            sketch(sketches.samples_sketch(cloud), key=view.key(f"samples.{name}"), label=label, height=HEIGHT)
    with middle:
        st.markdown("**Exact**: p(y = 1|x)")
        label = "Probability of class 1 over the plane, exact"
        sketch(shown["exact"], key=view.key("posterior.exact"), label=label, height=HEIGHT, on_moved=move)
        st.markdown(f"**Difference**, darkest from {sketches.FULL_DIFFERENCE:g}")
        label = "Absolute difference of the two classifiers over the plane"
        sketch(shown["difference"], key=view.key("difference"), label=label, height=HEIGHT)
    st.caption(
        "Gold: class 1, blue: class 0. Dashed: both classes are equally likely; thin: the classifier has them so. "
        "Each set is generated: x first, then y from the exact p(y|x). Each model saw the 4,000 training points of its "
        "own set only."
    )


def work(view: StepView) -> tuple[dict[str, str], str]:
    """The figures of the place and of the four models, and the code that prints them."""
    place = {name: view[name] for name in ("x1", "x2", "draw")}
    script = SCRIPT.substitute(place, models=models.code(view), drawn=planes.DRAWN, square=SQUARE)
    found = models.finished(view)
    if found is None:
        return {}, script
    classifiers, vaes = found
    at = planes.at_place(planes.digests(classifiers), classifiers, (view["x1"], view["x2"]))
    figures = {f"p(y = 1|x), {SETS[name].lower()}": f"{value:.3f}" for name, value in at.probabilities.items()}
    difference, *own = planes.errors(planes.digests(classifiers), classifiers)
    _, samples_differ = planes.drawn(planes.digests(vaes), vaes, view["draw"])
    figures |= {
        "p(y = 1|x), exact": f"{at.exact:.3f}",
        "They differ by": f"{difference:.3f}",
        "Mean error of each": "{:.3f}, {:.3f}".format(*own),
        "Data differ by": f"{planes.data_differ():.3f}",
        "Samples differ by": f"{samples_differ:.3f}",
    }
    return figures, script


def gap_at(values: Mapping[str, Any]) -> float:
    """How far the two shipped classifiers differ at the chosen place."""
    classifiers, _ = models.shipped()
    first, second = planes.at_place(
        planes.digests(classifiers), classifiers, (values["x1"], values["x2"])
    ).probabilities.values()
    return abs(first - second)


def place_sliders(view: StepView) -> None:
    st.slider("x₁", -REACH, REACH, step=0.01, key=view.key("x1"), help="Or drag the dot in a picture.")
    st.slider("x₂", -REACH, REACH, step=0.01, key=view.key("x2"))


def seed_field(view: StepView) -> None:
    st.number_input("Seed of the samples", 0, 9999, key=view.key("draw"))


CONTROLS = {"place": place_sliders, "draw": seed_field}
