"""Throw the decoder away: the value of an encoder trained without labels for a classifier with few labels."""

from vaedemo.analysis import quality
from vaedemo.app.lessons.pretraining import curves, gains
from vaedemo.app.lessons.pretraining.steps import GOALS, STEPS
from vaedemo.app.shell import stepped, widgets
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import SteppedLesson
from vaedemo.models.classifier import Classifier
from vaedemo.rules import one_of
from vaedemo.training import label_curve

EXHIBITS = {"curves": ("Five ways", curves), "gains": ("The gain", gains)}
TITLES = {name: title for name, (title, _) in EXHIBITS.items()}


def exhibit(values):
    """The module of the exhibit that is shown."""
    return EXHIBITS[values["part"]][1]


LESSON = SteppedLesson(
    name="pretraining",
    question="Does an encoder that was trained without labels help a classifier that has few?",
    parameters=(
        Parameter("part", "curves", one_of(*EXHIBITS)),
        *curves.PARAMETERS,
        *gains.PARAMETERS,
    ),
    steps=STEPS,
    controls={"part": lambda view: widgets.choose(view, "part", TITLES, "Exhibit")} | curves.CONTROLS | gains.CONTROLS,
    explored=lambda values: ("part", *exhibit(values).shown(values)),
    picture=lambda view: exhibit(view).picture(view),
    work=lambda view: exhibit(view).work(view),
    goals=GOALS,
    explained=(label_curve.label_curve, label_curve.gain, Classifier, quality.linear_probe),
    references=(
        "G. Hinton, R. Salakhutdinov, *Reducing the Dimensionality of Data with Neural Networks*, Science 2006.",
        "D. Erhan et al., *Why Does Unsupervised Pre-training Help Deep Learning?*, JMLR 11, 2010.",
        "A. Coates, A. Ng, H. Lee, *An Analysis of Single-Layer Networks in Unsupervised Feature Learning*, "
        "AISTATS 2011.",
    ),
)

stepped.lesson_page(LESSON)
