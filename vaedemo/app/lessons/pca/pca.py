"""PCA: an image as a sum of rank-one terms, digits as k numbers each, and the plane of a linear autoencoder."""

from vaedemo.analysis import rank_one, reduction, subspaces
from vaedemo.app.lessons.pca import curve, equal, form, growing, one_image, planes, terms
from vaedemo.app.lessons.pca.steps import GOALS, STEPS
from vaedemo.app.shell import stepped, widgets
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import SteppedLesson
from vaedemo.models import pca
from vaedemo.rules import one_of

PARTS = {
    "terms": ("One image, term by term", terms),
    "sum": ("The growing sum", growing),
    "equal": ("Three encoders, equal k", equal),
    "curve": ("Error over k", curve),
    "planes": ("Same plane, other axes", planes),
}
TITLES = {name: title for name, (title, _) in PARTS.items()}


def exhibit(values):
    """The module of the exhibit that is shown."""
    return PARTS[values["part"]][1]


def explored(values) -> tuple[str, ...]:
    """The controls of a part in Explore."""
    if values["part"] in ("terms", "sum"):
        return ("part", "images", "pixels", *exhibit(values).CONTROLS, "image")
    return ("part", *form.controls_of(values), *exhibit(values).CONTROLS)


LESSON = SteppedLesson(
    name="pca",
    question="How much of an image do a few simple terms carry?",
    parameters=(
        Parameter("part", "terms", one_of(*PARTS)),
        *one_image.PARAMETERS,
        *(parameter for _, part in PARTS.values() for parameter in part.PARAMETERS),
        *form.PARAMETERS,
    ),
    steps=STEPS,
    controls={"part": lambda view: widgets.choose(view, "part", TITLES, "Exhibit")}
    | one_image.CONTROLS
    | form.CONTROLS
    | {name: draw for _, part in PARTS.values() for name, draw in part.CONTROLS.items()},
    explored=explored,
    picture=lambda view: exhibit(view).picture(view),
    work=lambda view: exhibit(view).work(view),
    goals=GOALS,
    explained=(
        rank_one.RankOneSum,
        rank_one.RankOneSum.partial,
        pca.PCA.reconstruct,
        reduction.pca_errors,
        reduction.decoder_columns,
        subspaces.principal_angles,
        reduction.recombined,
    ),
    references=(
        "K. Pearson, *On lines and planes of closest fit to systems of points in space*, 1901.",
        "C. Eckart, G. Young, *The approximation of one matrix by another of lower rank*, 1936.",
        "P. Baldi, K. Hornik, *Neural networks and principal component analysis*, 1989.",
        "G. Hinton, R. Salakhutdinov, *Reducing the dimensionality of data with neural networks*, 2006.",
        "Å. Björck, G. Golub, *Numerical methods for computing angles between linear subspaces*, 1973.",
    ),
)

stepped.lesson_page(LESSON)
