"""Denoising autoencoders: what they return for noisy images, and the arrows that they learn around a ring."""

from vaedemo.analysis import denoising, psnr
from vaedemo.app.lessons.denoising import again, images, mean, ring
from vaedemo.app.lessons.denoising.steps import GOALS, STEPS
from vaedemo.app.shell import stepped, widgets
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import SteppedLesson
from vaedemo.models.corruption import corrupt
from vaedemo.probability import ring_score
from vaedemo.rules import one_of

PARTS = {
    "ring": ("Arrows on the ring", ring),
    "mean": ("What could become x̃", mean),
    "flow": ("Again and again", again),
    "images": ("Images", images),
}
TITLES = {name: title for name, (title, _) in PARTS.items()}


def exhibit(values):
    """The module of the exhibit that is shown."""
    return PARTS[values["part"]][1]


LESSON = SteppedLesson(
    name="denoising",
    question="What does an autoencoder learn when its input is noisy and its target is clean?",
    parameters=(
        Parameter("part", "ring", one_of(*PARTS)),
        *(parameter for _, part in PARTS.values() for parameter in part.PARAMETERS),
    ),
    steps=STEPS,
    controls={"part": lambda view: widgets.choose(view, "part", TITLES, "Exhibit")} | ring.CONTROLS | images.CONTROLS,
    explored=lambda values: ("part", *exhibit(values).controls_of(values)),
    picture=lambda view: exhibit(view).picture(view),
    work=lambda view: exhibit(view).work(view),
    goals=GOALS,
    explained=(
        corrupt,
        ring_score.blurred_log_density,
        ring_score.blurred_score,
        ring_score.posterior_mean,
        denoising.match,
        denoising.iterate,
        psnr.psnr,
    ),
    references=(
        "P. Vincent, H. Larochelle, I. Lajoie, Y. Bengio, P.-A. Manzagol, *Stacked Denoising Autoencoders*, JMLR 11, "
        "2010.",
        "P. Vincent, *A Connection Between Score Matching and Denoising Autoencoders*, Neural Computation 23, 2011.",
        "G. Alain, Y. Bengio, *What Regularized Auto-Encoders Learn from the Data-Generating Distribution*, JMLR 15, "
        "2014, [arXiv 1211.4246](https://arxiv.org/abs/1211.4246).",
        "H. Robbins, *An Empirical Bayes Approach to Statistics*, 1956; B. Efron, *Tweedie's Formula and Selection "
        "Bias*, JASA 106, 2011.",
    ),
)

stepped.lesson_page(LESSON)
