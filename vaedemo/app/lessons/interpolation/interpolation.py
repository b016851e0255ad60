"""Interpolation: paths from one real image to another, through the latent space and through the pixels."""

from vaedemo import datasets
from vaedemo.analysis import attributes, latent, paths
from vaedemo.app.lessons.interpolation import arithmetic, code, exhibits, facts, picker, sketches
from vaedemo.app.lessons.interpolation.controls import CONTROLS, FEWEST_STEPS, MOST_STEPS, explored
from vaedemo.app.lessons.interpolation.steps import GOALS, STEPS
from vaedemo.app.shared import own_digit
from vaedemo.app.shell import stepped, widgets
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import SteppedLesson, StepView
from vaedemo.datasets.arrays import LAST_CLASS
from vaedemo.rules import one_of, whole


def work(view: StepView) -> tuple[dict[str, str], str]:
    """The lengths of the codes, and the grey pixels half-way on each path."""
    run = widgets.run_of(view)
    figures, stops = exhibits.figures_of(view)
    shares = facts.grey(view["run"], run.digest)
    figures |= {label: f"{shares[name]:.1%}" for name, label in code.GREY.items() if name in shares}
    arithmetic.fit(view, run)
    moved = arithmetic.path_of(view, facts.codes(view["run"], run.digest), stops[0])
    figures[arithmetic.LENGTH] = f"{moved[arithmetic.STRENGTHS.index(1.0)].norm().item():.3f}"
    classes = len(datasets.class_names(run.config.dataset))
    plain = facts.partner(view["run"]) is not None
    return figures, code.script(view.values(), run.config.dataset, classes, sketches.FINE, plain)


LESSON = SteppedLesson(
    name="interpolation",
    question="What lies between two images, and does the way there stay among images?",
    parameters=(
        Parameter("part", "all", one_of(*exhibits.PARTS)),
        Parameter("rows", "all", one_of(*exhibits.ROWS)),
        Parameter("run", facts.RUNS[0], facts.run_rule),
        Parameter("stops", picker.DEFAULT, picker.stops_rule),
        Parameter("stop", 1, whole(1, picker.MOST)),
        Parameter("steps", 11, whole(FEWEST_STEPS, MOST_STEPS)),
        Parameter("seed", 0, whole(0, 99_999)),
        Parameter("from_class", picker.EVERY_CLASS, whole(picker.EVERY_CLASS, LAST_CLASS)),
        *arithmetic.PARAMETERS,
        own_digit.PARAMETER,
    ),
    steps=STEPS,
    controls=CONTROLS,
    explored=explored,
    picture=exhibits.picture,
    work=work,
    run=widgets.run_of,
    goals=GOALS,
    explained=(
        latent.lerp,
        latent.slerp,
        paths.shell,
        paths.through,
        attributes.mean_codes,
        attributes.shifted,
    ),
    references=(
        "T. White, *Sampling Generative Networks*, 2016, [arXiv 1609.04468](https://arxiv.org/abs/1609.04468).",
        "K. Shoemake, *Animating rotation with quaternion curves*, SIGGRAPH 1985.",
        "A. B. L. Larsen, S. K. Sønderby, H. Larochelle, O. Winther, *Autoencoding beyond pixels using a learned "
        "similarity metric*, 2016, section 4.2, [arXiv 1512.09300](https://arxiv.org/abs/1512.09300).",
        "University of Georgia, *Deep Learning & Engineering Applications*, lecture 12.",
    ),
)

stepped.lesson_page(LESSON)
