"""The clinic: sick VAEs, really trained with one wrong line each. What do their curves, codes and samples show?"""

from vaedemo.app.lessons.clinic import code, curves, films, form, ward
from vaedemo.app.lessons.clinic.steps import GOALS, LEAK, STEPS
from vaedemo.app.shell import stepped
from vaedemo.app.shell.step_view import SteppedLesson, StepView
from vaedemo.clinic import diseases
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
    references=(*(f"Patient {each.patient}: {each.met}" for each in diseases.DISEASES),),
)

stepped.lesson_page(LESSON)
