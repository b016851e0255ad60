"""Training lab: two finished films, then a training of one's own. The link stores every setting, and every finished run
is stored."""

from vaedemo.app import catalogue
from vaedemo.app.lessons.lab import charts, code, facts, form, progress, results, training
from vaedemo.app.lessons.lab.steps import GOALS, STEPS
from vaedemo.app.shared.chart import chart, height
from vaedemo.app.shell import stepped, widgets
from vaedemo.app.shell.step_view import SteppedLesson, StepView
from vaedemo.app.shell.steps import EXPLORE
from vaedemo.app.trainings import branches, film, runs
from vaedemo.models.autoencoder import Autoencoder
from vaedemo.models.vae import VAE, Elbo
from vaedemo.training.loop import fit
from vaedemo.training.run import Run


def picture(view: StepView) -> None:
    """Two films, a chart of the shipped training, or the training of the settings."""
    part = view["part"]
    if part == "films":
        film.pair(facts.films(), view.key("films"), view)
    elif part == "kl":
        drawn = charts.first_epochs(height(view), view.is_open)
        alt = "Reconstruction loss" + ("" if view.is_open else " and KL") + " on test images over the first epochs"
        chart(view, drawn, name="kl", alt=alt)
    elif part == "unseen":
        drawn = charts.unseen(height(view), view.is_open)
        chart(view, drawn, name="unseen", alt="−ELBO on training and test images over the epochs")
    else:
        trained(view)


def trained(view: StepView) -> None:
    """The training of the settings, under way or finished; in Explore the comparison of runs below."""
    config, state = training.shown(view)
    if isinstance(state, runs.UnderWay) and (state.mine or state.job.stopping):
        progress.live(view, config, state.job)
    elif isinstance(state, runs.Finished):
        results.finished(view, state.run)
    else:
        results.nothing_yet(view, state)
    if config is not None and isinstance(state, runs.Finished):
        branches.draw(view, config)
    if view["step"] == EXPLORE:
        results.recent_and_compare(view)


def work(view: StepView) -> tuple[dict[str, str], str]:
    """The figures of the exhibit and the code that prints them."""
    if view["part"] == "run":
        config, state = training.shown(view)
        return results.work(view, state, config)
    return code.work(view)


def run_of(view: StepView) -> Run | None:
    """The run whose figures the view shows; None while there is none."""
    if view["part"] == "run":
        config, state = training.shown(view)
        return results.run_of(state, config)
    return catalogue.run(facts.VAE)


LESSON = SteppedLesson(
    name="lab",
    question="What does a training do to an autoencoder and to a VAE?",
    parameters=form.PARAMETERS,
    steps=STEPS,
    controls={
        "part": lambda view: widgets.choose(view, "part", form.PARTS, "Exhibit"),
        "start": training.start,
        "train": training.buttons,
        "axes": form.axes,
        "settings": form.draw,
    },
    explored=lambda values: ("part", "train", "settings") if values["part"] == "run" else ("part",),
    picture=picture,
    work=work,
    run=run_of,
    goals=GOALS,
    explained=(VAE, Elbo, Autoencoder, fit),
    references=(
        "D. P. Kingma, M. Welling, *Auto-Encoding Variational Bayes*, 2013, "
        "[arXiv 1312.6114](https://arxiv.org/abs/1312.6114).",
        "I. Higgins et al., *β-VAE*, ICLR 2017, [openreview Sy2fzU9gl](https://openreview.net/forum?id=Sy2fzU9gl).",
        "G. Loaiza-Ganem, J. P. Cunningham, *The continuous Bernoulli*, 2019, "
        "[arXiv 1907.06845](https://arxiv.org/abs/1907.06845): why cross-entropy on grey pixels is not a likelihood.",
    ),
)

stepped.lesson_page(LESSON)
