"""Exhibit: the models of the clusters meet the stripes, of which only p(x) is another."""

from string import Template

import streamlit as st

from vaedemo.app.components.sketch import Sketch, layers, sketch
from vaedemo.app.lessons.discriminative import models, planes, sketches
from vaedemo.app.lessons.discriminative.models import SETS
from vaedemo.app.shell.step_view import StepView
from vaedemo.figures import palette

OLD, NEW = SETS
HEIGHT = 340
SCRIPT = Template("""\
import torch
import vaedemo as vd

$models
test = vd.datasets.load("$new", split="test")
for name, model in zip(("clusters", "stripes"), classifiers):
    right = (model.probabilities(test.x).argmax(1) == test.y).double().mean().item()
    print(f"Right on the stripes, classifier of the {name}: {right:.1%}")
for name, vae in zip(("clusters", "stripes"), vaes):
    loss = -vae.elbo(test.x, generator=torch.Generator().manual_seed(0)).elbo.mean().item()
    print(f"−ELBO of the stripes, VAE of the {name}: {loss:.2f} nats")
""")


def picture(view: StepView) -> None:
    """Both models with the points of the stripes; while the question is open, the clusters and the stripes."""
    found = models.find(view)
    if found is None:
        return
    titles, drawn = asked() if view.is_open else answered(view, found)
    for index, (column, title, each) in enumerate(zip(st.columns(2, gap="medium"), titles, drawn, strict=True)):
        with column:
            st.markdown(title)
            sketch(each, key=view.key(f"moved{index}"), label=title.replace("**", ""), height=HEIGHT)


def asked() -> tuple[list[str], list[Sketch]]:
    """The set that the models were trained on, and the one that they meet."""
    drawn = [sketches.data_sketch(*planes.points(name), SETS[name]) for name in (OLD, NEW)]
    return ["**Before**: trained on these", "**Now**: used on these"], drawn


def answered(view: StepView, found: models.Pair) -> tuple[list[str], list[Sketch]]:
    """The classifier's p(y = 1|x) and the VAE's samples, each with the points of the stripes."""
    classifiers, vaes = found
    (cloud, _), _ = planes.drawn(planes.digests(vaes), vaes, view["draw"])
    x, y = planes.points(NEW)
    old, own = planes.right_on(planes.digests(classifiers), classifiers, NEW)
    worse, better = planes.loss_on(planes.digests(vaes), vaes, NEW)
    stripes = layers.dots(*x.T, 2, color=palette.DATA, alpha=0.6)
    return [
        f"**Classifier** of the clusters: right on {old:.1%} (the stripes' own: {own:.1%})",
        f"**VAE** of the clusters: loss {worse:.2f} nats (the stripes' own: {better:.2f})",
    ], [
        sketches.plain(
            [*sketches.field_layers(planes.field(classifiers[0]), 0.35), *sketches.of_class(x, y, 2.5)],
            sketches.title(SETS[NEW]),
            *sketches.class_titles(),
        ),
        sketches.plain(
            [sketches.sample_dots(cloud), stripes],
            sketches.title(SETS[NEW], color=palette.DATA),
            sketches.title("the VAE's samples", color=palette.RECONSTRUCTION, align="right"),
        ),
    ]


def work(view: StepView) -> tuple[dict[str, str], str]:
    """How the models of either set do on the stripes, and the code that prints it."""
    script = SCRIPT.substitute(models=models.code(view), new=NEW)
    found = models.finished(view)
    if found is None:
        return {}, script
    classifiers, vaes = found
    right, loss = (
        measure(planes.digests(runs), runs, NEW)
        for measure, runs in ((planes.right_on, classifiers), (planes.loss_on, vaes))
    )
    names = [title.lower() for title in SETS.values()]
    figures = {
        f"Right on the stripes, classifier of the {name}": f"{each:.1%}"
        for name, each in zip(names, right, strict=True)
    }
    figures |= {
        f"−ELBO of the stripes, VAE of the {name}": f"{each:.2f} nats" for name, each in zip(names, loss, strict=True)
    }
    return figures, script
