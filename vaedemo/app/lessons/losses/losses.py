"""Reconstruction loss: the distribution that each loss assumes of a pixel, why σ² and β are one knob, their effect."""

from vaedemo.app.lessons.losses import axes, density, floor, grey, knob, levels, pixel
from vaedemo.app.lessons.losses.steps import GOALS, STEPS
from vaedemo.app.shell import stepped, widgets
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import SteppedLesson
from vaedemo.probability import covariance, cross_entropy, grey_levels, losses
from vaedemo.probability.likelihoods.continuous_bernoulli import ContinuousBernoulli
from vaedemo.rules import one_of

EXHIBITS = {
    "pixel": ("One pixel", pixel),
    "density": ("Noise and loss", density),
    "levels": ("Grey levels", levels),
    "grey": ("Grey pixels", grey),
    "knob": ("σ² and β: one knob", knob),
    "axes": ("Which axes live", axes),
    "floor": ("Floor and ceiling", floor),
}
TITLES = {name: title for name, (title, _) in EXHIBITS.items()}


def exhibit(values):
    """The module of the exhibit that is shown."""
    return EXHIBITS[values["part"]][1]


LESSON = SteppedLesson(
    name="losses",
    question="What does a reconstruction loss assume about a pixel?",
    parameters=(
        Parameter("part", "pixel", one_of(*EXHIBITS)),
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
        losses.pixel_loss,
        grey_levels.one_hot,
        ContinuousBernoulli,
        losses.one_knob,
        covariance.axes_kept,
        cross_entropy.self_entropy,
        cross_entropy.mean_image_cross_entropy,
    ),
    references=(
        "D. P. Kingma, M. Welling, *Auto-Encoding Variational Bayes*, 2013, appendix C, "
        "[arXiv 1312.6114](https://arxiv.org/abs/1312.6114).",
        "G. Loaiza-Ganem, J. P. Cunningham, *The continuous Bernoulli*, 2019, "
        "[arXiv 1907.06845](https://arxiv.org/abs/1907.06845).",
        "J. Lucas, G. Tucker, R. Grosse, M. Norouzi, *Don't Blame the ELBO!*, 2019, "
        "[arXiv 1911.02469](https://arxiv.org/abs/1911.02469).",
        "M. E. Tipping, C. M. Bishop, *Probabilistic principal component analysis*, 1999.",
    ),
)

stepped.lesson_page(LESSON)
