"""One training step in slow motion: one digit forward, its gradients back, Adam's update, and the digit again."""

from vaedemo.app import catalogue
from vaedemo.app.components.sketch import sketch
from vaedemo.app.components.training_path import STAGES, training_path
from vaedemo.app.lessons.lens import code, facts, sketches, texts
from vaedemo.app.lessons.lens.controls import BETAS, CONTROLS, NOISES, PARTS, RATES, TIMES, WHENS, explored
from vaedemo.app.lessons.lens.steps import GOALS, STEPS
from vaedemo.app.shared import own_digit, twenty
from vaedemo.app.shell import sliders, stepped
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.seed_field import SEEDS
from vaedemo.app.shell.step_view import SteppedLesson, StepView
from vaedemo.models.vae import reparameterize
from vaedemo.probability.divergences import kl_standard_normal
from vaedemo.rules import one_of, whole
from vaedemo.training import first_views, one_step

DIGIT = 7  # the second 3 of the twenty
TALL = 470  # of a chart, CSS pixels


def picture(view: StepView) -> None:
    {"path": path, "adam": adam, "balance": balance, "repeat": repeat}[view["part"]](view)


def path(view: StepView) -> None:
    """The step at the view's stage. In a step of the lesson, later stages than its own are not sent."""
    x = facts.one(twenty.chosen(view))[0, 0].numpy()
    own = STAGES - 1 if view.step is None else view.lesson.table.view_of(view.step.name, is_open=view.is_open)["stage"]

    last = own if view.is_open else max(own, view["stage"])

    def move(stage: int) -> None:
        view["stage"] = stage

    training_path(
        texts.path(facts.of(view), x, view["seed"], view["rate"]),
        min(view["stage"], last),
        last=last,
        player=not view.is_open,
        key=view.key("path"),
        label="One training step of a VAE on one digit, from left to right",
        on_stage=move,
    )


def adam(view: StepView) -> None:
    drawn = sketches.steps_by_gradient(facts.of(view))
    label = "How far Adam moves each weight, over the size of its gradient: a level line at the learning rate"
    sketch(drawn, key=view.key("adam"), label=label, height=TALL)


def balance(view: StepView) -> None:
    labels = catalogue.images(twenty.DATASET)[0].y[first_views.indices()].tolist()
    label = "The gradients of both terms on log σ² for twenty digits"
    sketch(sketches.balance_chart(facts.balance(view), labels), key=view.key("balance"), label=label, height=TALL)


def repeat(view: StepView) -> None:
    label = "The loss of the digit and the mean loss of the other digits, over the steps on the digit"
    sketch(sketches.repeated_chart(facts.repeated(view)), key=view.key("repeat"), label=label, height=TALL)


LESSON = SteppedLesson(
    name="lens",
    question="What happens to one digit in one step of training?",
    parameters=(
        Parameter("part", "path", one_of(*PARTS)),
        Parameter("when", facts.TRAINED, one_of(*WHENS)),
        Parameter("stage", STAGES - 1, whole(0, STAGES - 1)),
        twenty.parameter(DIGIT),
        own_digit.PARAMETER,
        Parameter("seed", 0, whole(0, SEEDS - 1)),
        Parameter("rate", 0.001, sliders.listed(RATES)),
        Parameter("beta", 1.0, sliders.listed(BETAS)),
        Parameter("n", 10, sliders.listed(TIMES)),
        Parameter("noise", "same", one_of(*NOISES)),
    ),
    steps=STEPS,
    controls=CONTROLS,
    explored=explored,
    picture=picture,
    work=lambda view: (code.figures(view.own), code.script(view.own)),
    run=lambda view: catalogue.run(facts.RUN) if view["when"] == facts.TRAINED else None,
    goals=GOALS,
    explained=(
        one_step.Pass,
        one_step.OneStep,
        one_step.OneExample,
        reparameterize,
        kl_standard_normal,
    ),
    references=(
        "D. P. Kingma, M. Welling, *Auto-Encoding Variational Bayes*, 2013, algorithm 1, "
        "[arXiv 1312.6114](https://arxiv.org/abs/1312.6114).",
        "D. P. Kingma, J. Ba, *Adam: A Method for Stochastic Optimization*, 2014, algorithm 1, "
        "[arXiv 1412.6980](https://arxiv.org/abs/1412.6980).",
        "C. Doersch, *Tutorial on Variational Autoencoders*, 2016, figure 4, "
        "[arXiv 1606.05908](https://arxiv.org/abs/1606.05908).",
    ),
)

stepped.lesson_page(LESSON)
