"""Independent latent axes: what each axis changes, which axes training finds, and whether q(z) is a product."""

from types import ModuleType

from vaedemo.analysis import mutual_information, rotation, total_correlation, traversal, turned_q
from vaedemo.app.lessons.axes import along, factors, product, sizes, strips, turn
from vaedemo.app.lessons.axes.steps import GOALS, STEPS
from vaedemo.app.shell import stepped, widgets
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import SteppedLesson, StepView
from vaedemo.rules import one_of

# The part of links of before that name none comes first.
PARTS: dict[str, tuple[str, ModuleType]] = {
    "turn": ("Turn the axes", turn),
    "along": ("One axis at a time", along),
    "factors": ("Known factors", factors),
    "strips": ("Strips", strips),
    "product": ("z₂ shuffled", product),
    "sizes": ("Correlated sizes", sizes),
}
TITLES = {name: title for name, (title, _) in PARTS.items()}


def picture(view: StepView) -> None:
    PARTS[view["part"]][1].picture(view)


def work(view: StepView) -> tuple[dict[str, str], str]:
    return PARTS[view["part"]][1].work(view)


LESSON = SteppedLesson(
    name="axes",
    question="N(0, I) makes the axes of z independent. Does each axis then come to mean one thing?",
    parameters=(
        Parameter("part", "turn", one_of(*PARTS)),
        *(parameter for _, part in PARTS.values() for parameter in part.PARAMETERS),
    ),
    steps=STEPS,
    controls={"part": lambda view: widgets.choose(view, "part", TITLES, "Exhibit")}
    | {name: control for _, part in PARTS.values() for name, control in part.CONTROLS.items()},
    explored=lambda values: ("part", *PARTS[values["part"]][1].OF_PART),
    picture=picture,
    work=work,
    goals=GOALS,
    explained=(
        rotation.Rotated,
        turned_q.best_over_angles,
        traversal.traverse,
        traversal.axis_kl,
        total_correlation.gaussian_total_correlation,
        total_correlation.mixture_total_correlation,
        mutual_information.information_matrix,
        mutual_information.mig,
    ),
    references=(
        "F. Locatello et al., *Challenging Common Assumptions in the Unsupervised Learning of Disentangled "
        "Representations*, 2019, [arXiv 1811.12359](https://arxiv.org/abs/1811.12359): over 12,000 models; seeds and "
        "hyperparameters mattered more than the method.",
        "R. T. Q. Chen, X. Li, R. Grosse, D. Duvenaud, *Isolating Sources of Disentanglement in VAEs* (MIG), 2018, "
        "[arXiv 1802.04942](https://arxiv.org/abs/1802.04942).",
        "M. Rolínek, D. Zietlow, G. Martius, *Variational Autoencoders Pursue PCA Directions (by Accident)*, 2019, "
        "[arXiv 1812.06775](https://arxiv.org/abs/1812.06775).",
        "J. Lucas, G. Tucker, R. Grosse, M. Norouzi, *Don't Blame the ELBO!*, 2019, "
        "[arXiv 1911.02469](https://arxiv.org/abs/1911.02469): the best axes of a linear VAE.",
        "I. Higgins et al., *beta-VAE*, ICLR 2017.",
        "L. Matthey, I. Higgins, D. Hassabis, A. Lerchner, *dSprites*, 2017: the model of the data set `shapes`.",
    ),
)

stepped.lesson_page(LESSON)
