"""Why not just maximise the likelihood: the Monte Carlo estimate of log p(x), with 2 and with 20 latent axes."""

from functools import partial

import streamlit as st

from vaedemo.app.components.press_button import press_button
from vaedemo.app.lessons.likelihood import carriers, climbing, code, draws, grid, likely, needed
from vaedemo.app.lessons.likelihood.steps import GOALS, STEPS
from vaedemo.app.shared import own_digit, twenty
from vaedemo.app.shell import stepped, widgets
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import SteppedLesson, StepView
from vaedemo.app.shell.steps import Values
from vaedemo.probability import bounds, streams
from vaedemo.rules import one_of, whole
from vaedemo.training import draws_needed, novelty

SOURCES = {"prior": "Prior p(z)", "encoder": "Encoder q(z|x)"}
# Links of before have no part; they showed the curves and the z, so that is the default.
PARTS = {
    "both": "Curves and z",
    "needed": "Draws needed",
    "sum": "Which z count",
    "q": "z from q",
    "grid": "A grid",
    "likely": "How likely",
}
DRAWN = {
    "both": carriers.both,
    "needed": needed.picture,
    "sum": carriers.shares,
    "q": climbing.picture,
    "grid": grid.picture,
    "likely": likely.picture,
}
EXPLORED = {
    "both": ("source", "draws", "new"),
    "needed": ("collapsed", "new"),
    "sum": ("source", "draws", "new"),
    "q": ("new",),
    "grid": (),
    "likely": ("by", "own"),
}


def explored(values: Values) -> tuple[str, ...]:
    """The controls of a part in Explore. Beside the visitor's own digit the other one stays as it is."""
    chooser = () if own_digit.text_of(values) else ("digit",)
    return ("part", *chooser, *EXPLORED[values["part"]])


def exhibit(view: StepView) -> None:
    """The parts. The visitor's own digit is in one of them; elsewhere x is one of the twenty."""
    if view["part"] != "likely" and own_digit.text_of(view):
        own_digit.put_away(view)
    widgets.choose(view, "part", PARTS, "Exhibit")


def clamp(view: StepView) -> None:
    """Hold K at the most that the page draws."""
    if view["draws"] > draws.MOST_DRAWS:
        st.warning(f"K is held at {draws.MOST_DRAWS:,}, the most that this page draws.", icon=":material/compress:")
        view["draws"] = draws.MOST_DRAWS


def picture(view: StepView) -> None:
    clamp(view)
    DRAWN[view["part"]](view)


def source(view: StepView) -> None:
    st.segmented_control(
        "Draw z from", list(SOURCES), format_func=SOURCES.get, key=view.key("source"), required=True, width="content"
    )


def draws_slider(view: StepView) -> None:
    clamp(view)
    st.select_slider("Number of draws K", draws.COUNTS, format_func="{:,}".format, key=view.key("draws"))


def new_draws(view: StepView) -> None:
    press_button("New draws", icon=":material/casino:", on_press=partial(new_seed, view), key=view.key("new"))


def new_seed(view: StepView, presses: int) -> None:
    view["seed"] = (view["seed"] + presses) % 100_000


def work(view: StepView) -> tuple[dict[str, str], str]:
    """The figures of both models, and of the part."""
    if view["part"] == "likely":
        return likely_numbers(view)
    values = view.own | ({"source": "encoder"} if view["part"] == "q" else {})
    figures = {}
    cuts = carriers.cuts_of(values)
    for axes, climbs in carriers.climbs_of(values).items():
        reference = "Exact log p(x)" if climbs.is_exact else f"IWAE-{draws.REFERENCE:,}"
        figures |= {
            f"{reference}, {axes} axes": f"{climbs.reference:.2f} nats",
            f"ELBO, {axes} axes": f"{climbs.elbo:.2f} nats",
            f"Estimate, {axes} axes": f"{cuts[axes].estimate:.2f} nats",
            f"Effective draws, {axes} axes": f"{cuts[axes].effective:.1f} of {cuts[axes].draws:,}",
        }
    most = min(view["draws"], draws.MOST_DRAWS)
    script = code.script(view["digit"], view["seed"], values["source"], most)
    if view["part"] in ("needed", "grid"):
        for axes in draws_needed.RUNS:
            row = needed.row(axes, view["digit"])
            figures |= {f"KL(p(z|x)‖p(z)), {axes} axes": f"{row.needed:.2f} nats"}
        script += code.needed(view["digit"])
    return figures, script


def likely_numbers(view: StepView) -> tuple[dict[str, str], str]:
    """The score of each image, and the share of the test digits that have less."""
    figures = {}
    for mark in likely.marks(view.own).values():
        figures |= {
            f"{likely.TITLES[view['by']]}, {mark.name}": f"{mark.nats:.2f} nats",
            f"Test digits below, {mark.name}": f"{mark.share:.1%}",
        }
    return figures, code.likely(view["digit"], view["by"], own_digit.text_of(view))


LESSON = SteppedLesson(
    name="likelihood",
    question="Can log p(x) be had by drawing z from the prior and averaging p(x|z)?",
    parameters=(
        Parameter("part", "both", one_of(*PARTS)),
        twenty.parameter(draws.FIRST_DIGIT),
        Parameter("source", "prior", one_of(*SOURCES)),
        Parameter("draws", 10_000, draws.count),
        Parameter("seed", draws.FIRST_SEED, whole(0, 99_999)),
        Parameter("collapsed", 0, whole(0, 1)),
        Parameter("by", novelty.LOG_P, one_of(*novelty.SCORES)),
        own_digit.PARAMETER,
    ),
    steps=STEPS,
    controls={
        "part": exhibit,
        "digit": twenty.choose,
        "source": source,
        "draws": draws_slider,
        "new": new_draws,
        "collapsed": lambda view: widgets.choose(view, "collapsed", {0: "β = 1", 1: "β = 50 too"}, "Models"),
        "by": lambda view: widgets.choose(view, "by", likely.TITLES, "Compare by"),
        "own": own_digit.choose,
    },
    explored=explored,
    picture=picture,
    work=work,
    goals=GOALS,
    explained=(
        bounds.log_marginal_monte_carlo,
        streams.climb,
        bounds.iwae,
        bounds.effective_sample_size,
        bounds.log_marginal_grid,
        draws_needed.annealed,
        novelty.measure,
    ),
    references=(
        "C. Doersch, *Tutorial on Variational Autoencoders*, 2016, section 2, "
        "[arXiv 1606.05908](https://arxiv.org/abs/1606.05908).",
        "S. Chatterjee, P. Diaconis, *The Sample Size Required in Importance Sampling*, 2018, "
        "[arXiv 1511.01437](https://arxiv.org/abs/1511.01437): about e^KL draws.",
        "Y. Burda, R. Grosse, R. Salakhutdinov, *Importance Weighted Autoencoders*, 2016, "
        "[arXiv 1509.00519](https://arxiv.org/abs/1509.00519).",
        "Y. Wu, Y. Burda, R. Salakhutdinov, R. Grosse, *On the Quantitative Analysis of Decoder-Based Generative "
        "Models*, 2017, [arXiv 1611.04273](https://arxiv.org/abs/1611.04273).",
        "E. Nalisnick, A. Matsukawa, Y. W. Teh, D. Gorur, B. Lakshminarayanan, *Do Deep Generative Models Know What "
        "They Don't Know?*, 2019, [arXiv 1810.09136](https://arxiv.org/abs/1810.09136).",
        "J. Ren et al., *Likelihood Ratios for Out-of-Distribution Detection*, 2019, "
        "[arXiv 1906.02845](https://arxiv.org/abs/1906.02845).",
    ),
)

stepped.lesson_page(LESSON)
