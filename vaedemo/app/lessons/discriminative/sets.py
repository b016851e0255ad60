"""Exhibit: two sets of points in two rows: the data, what a classifier learns of them, and what a VAE draws."""

import streamlit as st

from vaedemo.app.components.sketch import Sketch, sketch
from vaedemo.app.lessons.discriminative import models, planes, sketches
from vaedemo.app.lessons.discriminative.models import SETS
from vaedemo.app.shell.step_view import StepView

HEIGHT, STAGE_HEIGHT = 230, 182
TITLES = {"data": "Data", "classifier": "Classifier: p(y = 1|x)", "vae": "VAE: drawn from its p(x)"}


def picture(view: StepView) -> None:
    """A column each for the data, the classifiers and the VAEs; while the first question is open, the data alone."""
    found = models.find(view)
    if found is None:
        return
    classifiers, vaes = found
    clouds, _ = planes.drawn(planes.digests(vaes), vaes, view["draw"])
    height = STAGE_HEIGHT if view["present"] else HEIGHT
    columns = dict(zip(TITLES, st.columns(3, gap="small"), strict=True))
    for kind, title in TITLES.items():
        columns[kind].markdown(f"**{title}**")
    for (name, title), classifier, cloud in zip(SETS.items(), classifiers, clouds, strict=True):
        drawn: dict[str, Sketch] = {"data": sketches.data_sketch(*planes.points(name), title)}
        if view.held:
            drawn |= {kind: sketches.covered(sketches.title(title)) for kind in ("classifier", "vae")}
        else:
            drawn["classifier"] = sketches.field_sketch(planes.field(classifier), title)
            drawn["vae"] = sketches.samples_sketch(cloud, sketches.title(title))
        for kind, each in drawn.items():
            with columns[kind]:
                label = f"{title}. {TITLES[kind]}" + (", held back" if view.held and kind != "data" else "")
                sketch(each, key=view.key(f"{kind}.{name}"), label=label, height=height)
