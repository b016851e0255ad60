"""KL of Gaussians: what it charges q for, why its two directions differ, and what it lets pass."""

from vaedemo.app.lessons.kl import axis, correlated, integrand, modes, pair
from vaedemo.app.lessons.kl.steps import GOALS, STEPS
from vaedemo.app.shell import stepped, widgets
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import SteppedLesson
from vaedemo.probability import divergences, gaussian_fits, kl_descent
from vaedemo.rules import one_of

EXHIBITS = {
    "pair": ("Two Gaussians", pair),
    "integrand": ("Areas", integrand),
    "axis": ("One axis", axis),
    "modes": ("Two modes", modes),
    "correlated": ("Correlated target", correlated),
}
TITLES = {name: title for name, (title, _) in EXHIBITS.items()}


def exhibit(values):
    """The module of the exhibit that is shown."""
    return EXHIBITS[values["part"]][1]


LESSON = SteppedLesson(
    name="kl",
    question="What does the KL make q pay for?",
    parameters=(
        Parameter("part", "pair", one_of(*EXHIBITS)),
        *(parameter for _, part in EXHIBITS.values() for parameter in part.PARAMETERS),
    ),
    steps=STEPS,
    controls={"part": lambda view: widgets.choose(view, "part", TITLES, "Exhibit")}
    | {name: draw for _, part in EXHIBITS.values() for name, draw in part.CONTROLS.items()},
    explored=lambda values: ("part", *exhibit(values).CONTROLS),
    picture=lambda view: exhibit(view).picture(view),
    work=lambda view: exhibit(view).work(view),
    goals=GOALS,
    explained=(
        divergences.kl_terms,
        divergences.kl_diagonal_per_axis,
        kl_descent.kl_descent,
        gaussian_fits.fit_seeking,
        gaussian_fits.fit_covering,
        gaussian_fits.mean_field_variance,
    ),
    references=(
        "D. P. Kingma, M. Welling, *Auto-Encoding Variational Bayes*, 2013, appendix B, "
        "[arXiv 1312.6114](https://arxiv.org/abs/1312.6114).",
        "C. M. Bishop, *Pattern Recognition and Machine Learning*, 2006, sections 10.1.2 and 10.7.",
        "T. Minka, *Divergence measures and message passing*, 2005.",
    ),
)

stepped.lesson_page(LESSON)
