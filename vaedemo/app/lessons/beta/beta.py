"""The β trade-off: four panels along β, what a nat of KL buys, and what KL charges."""

from vaedemo.analysis import kl_split
from vaedemo.app.lessons.beta import code, data, form, panels, plots
from vaedemo.app.lessons.beta.steps import GOALS, STEPS
from vaedemo.app.shared.chart import chart, height
from vaedemo.app.shell import stepped, widgets
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import SteppedLesson, StepView
from vaedemo.app.trainings import film
from vaedemo.models.vae import VAE
from vaedemo.probability.cross_entropy import mean_image_cross_entropy, self_entropy
from vaedemo.rules import one_of, whole

PARTS = {"panels": "Panels", "curve": "Curve", "split": "KL in two"}
CHARTS = {
    "curve": (plots.curve, "Reconstruction loss against KL, one point for each β"),
    "split": (plots.split, "The KL of each β in nats as a bar"),
}


def picture(view: StepView) -> None:
    """The panels, or one of the two large charts of the same sweep."""
    if view["part"] == "panels":
        panels.picture(view)
        return
    found = form.find(view)
    if found is None:
        return
    draw, alt = CHARTS[view["part"]]
    shown = data.sweep(tuple(run.digest for run in found), found)
    chart(view, draw(shown, is_open=view.is_open, tall=height(view)), name=view["part"], alt=alt)


def work(view: StepView) -> tuple[dict[str, str], str]:
    """The figures of the best model of the sweep; none before it is trained."""
    found = form.finished(view)
    if found is None:
        return {}, code.script(view.values(), not form.own(view)[0].on_points, data.EXAMPLES)
    shown = data.sweep(tuple(run.digest for run in found), found)
    best = shown.best
    figures = {
        "Least −ELBO": f"{best.negative_elbo:.2f} nats",
        "at β": f"{best.beta:g}",
        "I(x; z) there": f"{best.split.information:.2f} ± {best.split.information_error:.2f} nats",
        "KL(q(z)‖p(z)) there": f"{best.split.marginal:.2f} ± {best.split.marginal_error:.2f} nats",
    }
    if shown.floor is not None:
        figures |= {"Floor": f"{shown.floor:.2f} nats", "Ceiling": f"{shown.ceiling:.2f} nats"}
    return figures, code.script(view.values(), shown.floor is not None, data.EXAMPLES)


LESSON = SteppedLesson(
    name="beta",
    question="What does it cost to keep the codes close to the prior, and what does it buy?",
    parameters=(
        Parameter("part", "panels", one_of(*PARTS)),
        *form.PARAMETERS,
        Parameter("panels", "4", one_of(*panels.TITLES)),
        *(Parameter(name, place, panels.place) for name, place in panels.PLACES.items()),
        Parameter("film", 3, whole(0, panels.MOST)),
        film.FRAME,
    ),
    steps=STEPS,
    controls={
        "part": lambda view: widgets.choose(view, "part", PARTS, "Exhibit"),
        "sweep": form.choose_source,
        "own": form.fields,
        "panels": lambda view: widgets.choose(view, "panels", panels.TITLES, "Panels"),
    },
    explored=lambda values: (
        "part",
        "sweep",
        *(["own"] if values["sweep"] == "own" else []),
        *(["panels"] if values["part"] == "panels" else []),
    ),
    picture=picture,
    work=work,
    goals=GOALS,
    explained=(VAE, kl_split.split, self_entropy, mean_image_cross_entropy),
    references=(
        "I. Higgins et al., *β-VAE*, ICLR 2017, [openreview Sy2fzU9gl](https://openreview.net/forum?id=Sy2fzU9gl).",
        "A. Alemi et al., *Fixing a Broken ELBO*, ICML 2018, [arXiv 1711.00464](https://arxiv.org/abs/1711.00464): "
        "rate, distortion, and tangents of slope −β.",
        "M. Hoffman, M. Johnson, *ELBO surgery*, 2016, "
        "[approximateinference.org](http://approximateinference.org/accepted/HoffmanJohnson2016.pdf).",
    ),
)

stepped.lesson_page(LESSON)
