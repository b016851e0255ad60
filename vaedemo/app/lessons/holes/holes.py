"""Can we generate from an autoencoder? Random z in its plane and in a VAE's, the holes between codes, and what closes
them."""

from vaedemo.analysis import code_density, holes
from vaedemo.app.lessons.holes import both, draws, twenty
from vaedemo.app.lessons.holes.steps import GOALS, STEPS
from vaedemo.app.shell import stepped, widgets
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import SteppedLesson
from vaedemo.rules import one_of

EXHIBITS = {
    "both": ("Both planes", both, ("source", "window", "jump", "place")),
    "draws": ("Random z", draws, ("density", "again")),
    "noise": ("Without KL", draws, ("again",)),
    "twenty": ("20 axes", twenty, ("afterwards", "again")),
}
TITLES = {name: title for name, (title, *_) in EXHIBITS.items()}


def exhibit(values):
    """The module of the exhibit that is shown."""
    return EXHIBITS[values["part"]][1]


def explored(values) -> tuple[str, ...]:
    """The controls of a view in Explore."""
    own = ("own",) if (values["part"], values["source"]) == ("both", "own") else ()
    return ("part", *own, *EXHIBITS[values["part"]][2])


LESSON = SteppedLesson(
    name="holes",
    question="Can a plain autoencoder draw new digits, if we give its decoder random z?",
    parameters=(
        Parameter("part", "both", one_of(*EXHIBITS)),
        *both.PARAMETERS,
        *draws.PARAMETERS,
        *twenty.PARAMETERS,
    ),
    steps=STEPS,
    controls={"part": lambda view: widgets.choose(view, "part", TITLES, "Exhibit")}
    | both.CONTROLS
    | draws.CONTROLS
    | twenty.CONTROLS,
    explored=explored,
    picture=lambda view: exhibit(view).picture(view),
    work=lambda view: exhibit(view).work(view),
    goals=GOALS,
    explained=(
        holes.code_spacing,
        holes.in_holes,
        holes.beyond_prior,
        code_density.fit_gaussian,
        code_density.fit_mixture,
    ),
    references=(
        "D. P. Kingma, M. Welling, *Auto-Encoding Variational Bayes*, 2013, "
        "[arXiv 1312.6114](https://arxiv.org/abs/1312.6114).",
        "P. Ghosh, M. Sajjadi, A. Vergari, M. Black, B. Schölkopf, *From variational to deterministic autoencoders*, "
        "2020, [arXiv 1903.12436](https://arxiv.org/abs/1903.12436).",
        "T. Kynkäänniemi, T. Karras, S. Laine, J. Lehtinen, T. Aila, *Improved precision and recall metric*, 2019, "
        "[arXiv 1904.06991](https://arxiv.org/abs/1904.06991).",
    ),
)

stepped.lesson_page(LESSON)
