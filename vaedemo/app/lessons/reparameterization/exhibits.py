"""The exhibits of the page on the reparameterization trick: the two graphs, the two clouds, the variance against K."""

import numpy as np
import streamlit as st

from vaedemo.app.components.sketch import sketch
from vaedemo.app.components.two_graphs import two_graphs
from vaedemo.app.lessons.reparameterization import sketches
from vaedemo.app.lessons.reparameterization.code import DRAWS, PAIRS, SIZES
from vaedemo.app.lessons.reparameterization.draws import Shown, of
from vaedemo.app.shared.chart import chart, height
from vaedemo.app.shell.step_view import StepView
from vaedemo.probability import gradient_draws

PARTS = {"both": "Graphs and clouds", "graphs": "Graphs", "clouds": "Clouds", "variance": "Variance"}
FLOWS = {"draw": "log p(x|z)", "kl": "log p(x|z) and KL", "score": "Score function"}
SCORE_KINDS = {"plain": "score", "baseline": "baselined"}
NAMES = {"pathwise": "Reparameterized", "score": "Score function", "baselined": "With baseline"}
TALL, LOW = 345, 290  # of the clouds, alone and below the graphs, CSS pixels


def picture(view: StepView) -> None:
    shown, part = of(view), view["part"]
    if part in ("both", "graphs"):
        graphs(view, shown)
    if part in ("both", "clouds"):
        clouds(view, shown)
    if part == "variance":
        figure = sketches.variance_chart(SIZES, shown.variances, height(view))
        alt = "Total variance of the mean of K draws for the three estimators: straight lines of slope −1"
        chart(view, figure, name="variance", alt=alt)


def graphs(view: StepView, shown: Shown) -> None:
    """Both computation graphs with the numbers of the chosen sample; held back, without gradients."""
    places, names = PAIRS[view["pair"]]
    draws, row = shown.draws, view["draw"]
    pathwise, score = (each[row].tolist() for each in (draws.pathwise, getattr(draws, SCORE_KINDS[view["score"]])))
    two_graphs(
        key=view.key("graphs"),
        mu=draws.mu.tolist(),
        sigma=draws.sigma.tolist(),
        noise=draws.noise[row].tolist(),
        z=(draws.mu + draws.sigma * draws.noise[row]).tolist(),
        log_likelihood=draws.log_likelihood[row].item(),
        kl=shown.kl,
        pathwise=[pathwise[place] for place in places],
        score=[score[place] for place in places],
        names=names,
        flow="none" if view.held else view["flow"],
        image=shown.x[0, 0].numpy() if shown.x.ndim == 4 else None,
    )


def clouds(view: StepView, shown: Shown) -> None:
    """Both clouds around the exact gradient, each with its mean and the standard error of it."""
    places, names = PAIRS[view["pair"]]
    kinds = (SCORE_KINDS[view["score"]], "pathwise")
    cross = shown.exact[list(places)]
    own = {kind: shown.reaches[kind][list(places)] for kind in kinds}
    shared = np.maximum(*own.values())
    for column, kind in zip(st.columns(2, gap="small"), kinds, strict=True):
        estimates = gradient_draws.group_means(getattr(shown.draws, kind)[:, places], view["k"]).numpy()
        extent = own[kind] if view["axes"] == "own" else shared
        marked = min(view["draw"] // view["k"], DRAWS // view["k"] - 1) if view["part"] == "both" else None
        drawn = sketches.cloud_sketch(kind, estimates, cross, extent, names, marked)
        each = "one draw" if view["k"] == 1 else f"the mean of {view['k']}"
        label = f"Gradient estimates ({NAMES[kind]}) around the exact gradient, each {each}"
        with column:
            st.markdown(f"**{NAMES[kind]}**: each dot {each}  \n{mean_of(shown, kind, places[0], names[0])}")
            tall = LOW if view["part"] == "both" else TALL
            sketch(drawn, key=view.key(f"cloud.{kind}"), label=label, height=tall)


def mean_of(shown: Shown, kind: str, place: int, name: str) -> str:
    """The mean of one component over all draws with its standard error, and the exact value."""
    mean, error = shown.means[kind][place], shown.errors[kind][place]
    return f"mean {name} = {mean:z.1f} ± {error:.1f}, exact {shown.exact[place]:z.1f}".replace("-", "−")
