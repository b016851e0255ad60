"""The evidence lower bound: the lecture's derivation with numbers, and a q that the reader moves."""

from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.elbo import code, film, gap, lines, q, sketches
from vaedemo.app.lessons.elbo import facts as elbo_facts
from vaedemo.app.lessons.elbo.steps import GOALS, STEPS
from vaedemo.app.shared import own_digit, twenty
from vaedemo.app.shell import stepped, widgets
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import SteppedLesson, StepView
from vaedemo.probability import bounds, derivation
from vaedemo.probability.amortization import best_diagonal_gaussian
from vaedemo.probability.streams import Climb
from vaedemo.rules import one_of, whole

SLICES = {1: "z₁", 2: "z₂"}
PARTS = {"gap": "The gap", "lines": "The lines", "slices": "One flat sum", "draws": "More draws", "film": "Training"}


def picture(view: StepView) -> None:
    q.forget_unused(view)
    DRAWN[view["part"]](view)
    run = elbo_facts.model_run()
    twenty.warn_inexact(twenty.exact(run.digest, run)[1])
    if text := own_digit.text_of(view):
        twenty.warn_inexact_drawing(twenty.exact_of_drawing(run.digest, run, text)[1])


def climb(view: StepView) -> Climb:
    """The IWAE bounds of the view's q."""
    digest = elbo_facts.model_run().digest
    return elbo_facts.climb(digest, twenty.chosen(view), *q.numbers(view), code.SAMPLES, code.COUNTS, view["seed"])


def draws(view: StepView) -> None:
    """The bounds of 1, 5, 50 and 500 draws from q."""
    drawn = sketches.climbing(climb(view), elbo_facts.of(view).log_marginal, q.terms(view).elbo)
    label = "IWAE bounds for 1, 5, 50 and 500 draws under the exact line"
    sketch(drawn, key=view.key("climb"), label=label, height=400)


def slices(view: StepView) -> None:
    """Three curves along one axis whose sum is flat."""
    axis = view["slice"] - 1
    drawn = sketches.flat_sum(elbo_facts.of(view), axis, q.numbers(view)[0][axis])
    label = "log p(x|z), log p(z) and log p(z|x) along one latent axis; their sum is flat"
    sketch(drawn, key=view.key("slice_picture"), label=label, height=400)


DRAWN = {"gap": gap.picture, "lines": lines.picture, "slices": slices, "draws": draws, "film": film.picture}


def work(view: StepView) -> tuple[dict[str, str], str]:
    if view["part"] == "film":
        return film.work(view)
    facts, shown, climbed = elbo_facts.of(view), q.terms(view), climb(view)
    figures = {
        "log p(x)": f"{shown.log_marginal:.3f} nats",
        "E[log p(x|z)]": f"{shown.log_likelihood:.3f} nats",
        "KL to the prior": f"{shown.kl_prior:.3f} nats",
        "KL to the posterior": f"{shown.kl_posterior:.2f} nats",
        "ELBO": f"{shown.elbo:.3f} nats",
        code.amortization_label(view["q"]): f"{round(facts.best_elbo - shown.elbo, 3) + 0.0:.3f} nats",
        "Approximation": f"{facts.log_marginal - facts.best_elbo:.3f} nats",
        "IWAE, K = 500": f"{climbed.mean[-1].item():.2f} ± {climbed.standard_error[-1].item():.2f} nats",
    }
    return figures, code.script(view.values())


def explored(values) -> tuple[str, ...]:
    """The controls of a part in Explore."""
    moved = {"film": ("frame",), "slices": ("own", "slice", *q.CONTROLS)}
    return ("part", "digit", *moved.get(values["part"], ("own", *q.CONTROLS)))


LESSON = SteppedLesson(
    name="elbo",
    question="What exactly lies between the bound that a VAE is trained on and log p(x)?",
    parameters=(
        Parameter("part", "gap", one_of(*PARTS)),
        twenty.parameter(11),
        *q.PARAMETERS,
        Parameter("slice", 1, whole(1, 2)),
        Parameter("seed", 0, whole(0, 99_999)),
        *lines.PARAMETERS,
        *film.PARAMETERS,
        own_digit.PARAMETER,
    ),
    steps=STEPS,
    controls={
        "part": lambda view: widgets.choose(view, "part", PARTS, "Exhibit"),
        "digit": lambda view: twenty.choose(view, own_is_x=view["part"] != "film"),
        "own": own_digit.choose,
        "slice": lambda view: widgets.choose(view, "slice", SLICES, "Along"),
        "frame": film.slider,
    }
    | q.CONTROLS,
    explored=explored,
    picture=picture,
    work=work,
    run=lambda view: elbo_facts.model_run(),
    goals=GOALS,
    explained=(
        derivation.Derivation,
        derivation.Slice,
        bounds.elbo_hermite,
        bounds.log_marginal_grid,
        bounds.iwae,
        best_diagonal_gaussian,
    ),
    references=(
        "D. P. Kingma, M. Welling, *Auto-Encoding Variational Bayes*, 2013, section 2.2, "
        "[arXiv 1312.6114](https://arxiv.org/abs/1312.6114).",
        "Y. Burda, R. Grosse, R. Salakhutdinov, *Importance Weighted Autoencoders*, 2016, "
        "[arXiv 1509.00519](https://arxiv.org/abs/1509.00519).",
        "C. Cremer, X. Li, D. Duvenaud, *Inference Suboptimality in Variational Autoencoders*, 2018, "
        "[arXiv 1801.03558](https://arxiv.org/abs/1801.03558).",
        "University of Georgia, *Deep Learning & Engineering Applications*, lecture 12.",
    ),
)

stepped.lesson_page(LESSON)
