"""Discriminative against generative: what p(y|x) does not contain about x, on points and on images."""

from collections.abc import Mapping
from typing import Any

from vaedemo.analysis import best_input, histograms
from vaedemo.app.lessons.discriminative import digits, form, images, models, moved, points, sets
from vaedemo.app.lessons.discriminative.links import Lesson
from vaedemo.app.lessons.discriminative.steps import GOALS, STEPS
from vaedemo.app.shell import stepped, widgets
from vaedemo.app.shell.links import Parameter
from vaedemo.datasets import same_posterior
from vaedemo.models.classifier import Classifier
from vaedemo.rules import one_of

TITLES = {
    "sets": "Two sets",
    "points": "At one x",
    "moved": "p(x) moves",
    "uphill": "Uphill from noise",
    "bayes": "By Bayes",
    "images": "Both for a class",
}
PICTURES = {
    "sets": sets.picture,
    "points": points.picture,
    "moved": moved.picture,
    "uphill": images.uphill,
    "bayes": images.bayes,
    "images": images.both,
}
WORK = {"sets": points.work, "points": points.work, "moved": moved.work}
OF_PART = {  # the controls of a part, beside those of its models
    "sets": ("draw",),
    "points": ("place", "draw"),
    "moved": (),
    "uphill": ("uphill", "digit_seed"),
    "bayes": ("draws", "digit_seed"),
    "images": ("uphill", "draws", "digit_seed"),
}


def controls_of(values: Mapping[str, Any]) -> tuple[str, ...]:
    """The controls that Explore shows of a view."""
    part = values["part"]
    of_models = models.controls_of if part in WORK else form.controls_of
    return ("part", *of_models(values), *OF_PART[part])


LESSON = Lesson(
    name="discriminative",
    question="What does a model of p(y|x) know about x?",
    # Links of before without a part showed the place in both sets.
    parameters=(
        Parameter("part", "points", one_of(*TITLES)),
        *models.PARAMETERS,
        *points.PARAMETERS,
        *digits.PARAMETERS,
    ),
    steps=STEPS,
    controls={"part": lambda view: widgets.choose(view, "part", TITLES, "Exhibit")}
    | models.CONTROLS
    | points.CONTROLS
    | digits.CONTROLS,
    explored=controls_of,
    picture=lambda view: PICTURES[view["part"]](view),
    work=lambda view: WORK.get(view["part"], digits.work)(view),
    goals=GOALS,
    explained=(
        same_posterior.posterior,
        Classifier,
        histograms.total_variation,
        best_input.ascend,
        best_input.draw_class,
    ),
    references=(
        "A. Ng, M. Jordan, *On Discriminative vs. Generative Classifiers*, NIPS 2001.",
        "K. Simonyan, A. Vedaldi, A. Zisserman, *Deep Inside Convolutional Networks*, 2013, "
        "[arXiv 1312.6034](https://arxiv.org/abs/1312.6034).",
        "A. Nguyen, J. Yosinski, J. Clune, *Deep Neural Networks are Easily Fooled*, CVPR 2015, "
        "[arXiv 1412.1897](https://arxiv.org/abs/1412.1897).",
        "E. Nalisnick et al., *Do Deep Generative Models Know What They Don't Know?*, ICLR 2019, "
        "[arXiv 1810.09136](https://arxiv.org/abs/1810.09136): p(x) can be large at other images too.",
    ),
)

stepped.lesson_page(LESSON)
