"""The reparameterization trick: one gradient, two estimators, the same samples of z."""

from vaedemo.app import catalogue
from vaedemo.app.lessons.reparameterization import code, draws, exhibits
from vaedemo.app.lessons.reparameterization.code import DRAWS, PAIRS, mean, one_of_sizes, three_digits, two
from vaedemo.app.lessons.reparameterization.controls import AXES, CONTROLS, RUNS, SCORES, explored
from vaedemo.app.lessons.reparameterization.steps import GOALS, STEPS
from vaedemo.app.shell import stepped
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import SteppedLesson, StepView
from vaedemo.models.vae import reparameterize
from vaedemo.probability import gradient_draws, gradients
from vaedemo.rules import one_of, whole


def work(view: StepView) -> tuple[dict[str, str], str]:
    """The exact gradient, both estimators' means with their standard errors (±), and their variances."""
    shown = draws.of(view)
    places, _ = PAIRS[view["pair"]]
    score = exhibits.SCORE_KINDS[view["score"]]
    variances = {kind: values[0] for kind, values in shown.variances.items()}
    figures = {
        "Exact gradient": two(shown.exact, places),
        "Pathwise, mean": mean(shown.means["pathwise"], shown.errors["pathwise"], places),
        "Score function, mean": mean(shown.means[score], shown.errors[score], places),
        "log p(x|z)": "{:.1f} ± {:.1f} nats".format(*shown.reward),
        "Pathwise, variance": f"{three_digits(variances['pathwise'])} nats²",
        "Score function, variance": f"{three_digits(variances[score])} nats²",
        "Score over pathwise": f"{three_digits(shown.ratio(score))} ×",
        "(log p)² alone would give": f"{three_digits(shown.from_mean)} nats²",
    }
    dataset = catalogue.run(view["run"]).config.dataset
    return figures, code.script(view["run"], dataset, draws.index_of(view), view.values())


LESSON = SteppedLesson(
    name="reparameterization",
    question="z is drawn at random: how can a gradient flow back through it?",
    parameters=(
        Parameter("part", "both", one_of(*exhibits.PARTS)),
        Parameter("flow", "score", one_of(*exhibits.FLOWS)),
        Parameter("run", "mnist-2d", one_of(*RUNS)),
        Parameter("image", 42, whole(0, 4999)),
        Parameter("angle", 210, whole(0, 355)),
        Parameter("seed", 0, whole(0, 99_999)),
        Parameter("draw", 0, whole(0, DRAWS - 1)),
        Parameter("k", 1, one_of_sizes),
        Parameter("pair", "mu", one_of(*PAIRS)),
        Parameter("score", "plain", one_of(*SCORES)),
        Parameter("axes", "shared", one_of(*AXES)),
    ),
    steps=STEPS,
    controls=CONTROLS,
    explored=explored,
    picture=exhibits.picture,
    work=work,
    run=lambda view: catalogue.run(view["run"]),
    goals=GOALS,
    explained=(
        reparameterize,
        gradients.pathwise,
        gradients.score_function,
        gradients.total_variance,
        gradient_draws.on_grid,
        gradient_draws.variance_by_size,
        gradient_draws.variance_from_mean,
    ),
    references=(
        "D. P. Kingma, M. Welling, *Auto-Encoding Variational Bayes*, 2013, section 2.4, "
        "[arXiv 1312.6114](https://arxiv.org/abs/1312.6114).",
        "C. Doersch, *Tutorial on Variational Autoencoders*, 2016, figure 4 (both graphs, with the KL), "
        "[arXiv 1606.05908](https://arxiv.org/abs/1606.05908).",
        "R. J. Williams, *Simple Statistical Gradient-Following Algorithms for Connectionist Reinforcement Learning*, "
        "Machine Learning 8, 1992 (the score function, “REINFORCE”).",
        "A. Mnih, D. J. Rezende, *Variational Inference for Monte Carlo Objectives*, 2016 (leave-one-out baselines), "
        "[arXiv 1602.06725](https://arxiv.org/abs/1602.06725).",
        "S. Mohamed, M. Rosca, M. Figurnov, A. Mnih, *Monte Carlo Gradient Estimation in Machine Learning*, 2020, "
        "[arXiv 1906.10652](https://arxiv.org/abs/1906.10652).",
    ),
)

stepped.lesson_page(LESSON)
