"""The clinic: sick VAEs, really trained with one wrong line each. What do their curves, codes and samples show?"""

from vaedemo.app.lessons.clinic import code, curves, films, form, ward
from vaedemo.app.lessons.clinic.steps import GOALS, LEAK, STEPS
from vaedemo.app.shell import stepped
from vaedemo.app.shell.step_view import SteppedLesson, StepView
from vaedemo.probability.cross_entropy import mean_image_cross_entropy
from vaedemo.probability.divergences import kl_standard_normal


def picture(view: StepView) -> None:
    """The board of all, the chart of the leak, or one film or two."""
    if view["part"] == "rule":
        ward.board(view)
    elif view["patient"] == LEAK and (view["part"] == "pair" or view.step is not None):
        curves.leak(view)
    elif view["part"] == "pair":
        films.both(view)
    else:
        films.one(view)


LESSON = SteppedLesson(
    name="clinic",
    question="How do you see that a VAE is ill?",
    parameters=form.PARAMETERS,
    steps=STEPS,
    controls=form.CONTROLS,
    explored=form.explored,
    picture=picture,
    work=code.work,
    goals=GOALS,
    explained=(mean_image_cross_entropy, kl_standard_normal),
    references=(
        "D. P. Kingma, M. Welling, *Auto-Encoding Variational Bayes*, 2013, "
        "[arXiv 1312.6114](https://arxiv.org/abs/1312.6114).",
        "S. R. Bowman et al., *Generating sentences from a continuous space*, 2016, "
        "[arXiv 1511.06349](https://arxiv.org/abs/1511.06349): a decoder that ignores z, and its KL.",
        "A. A. Alemi et al., *Fixing a broken ELBO*, 2018, "
        "[arXiv 1711.00464](https://arxiv.org/abs/1711.00464): what KL and reconstruction loss say together.",
        "Beside each diagnosis stands where people met the mistake.",
    ),
)

stepped.lesson_page(LESSON)
