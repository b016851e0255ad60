"""The reparameterization trick: one gradient, two estimators, the same samples of z."""

import numpy as np
import streamlit as st
import torch

from vaedemo.app import catalogue
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.components.press_button import press_button
from vaedemo.app.components.sketch import sketch
from vaedemo.app.components.two_graphs import two_graphs
from vaedemo.app.lessons.reparameterization import code, sketches
from vaedemo.app.lessons.reparameterization.code import DRAWS, PAIRS, SIZES, one_of_sizes, three_digits, two
from vaedemo.app.lessons.reparameterization.draws import CHOICES, Shown, drawn, nearest_point, offered, offered_images
from vaedemo.app.shell import frame
from vaedemo.app.shell.links import LinkTable, Parameter
from vaedemo.models.vae import reparameterize
from vaedemo.probability import gradient_draws, gradients
from vaedemo.rules import one_of, whole
from vaedemo.training.run import Run

RUNS = {"mnist-2d": "MNIST digits, binarized", "ring-2d": "Ring of points"}
NAMES = {"pathwise": "Pathwise", "score": "Score function", "baselined": "With baseline"}
HEIGHT = 310  # of each picture, CSS pixels

LESSON = frame.Lesson(
    name="reparameterization",
    question="z is drawn at random: how can a gradient flow back through it?",
    look_for=(
        "Press **Next draw**. Both graphs use the same z, yet the reparameterized gradient stays near the exact one "
        "while the score function's jumps to either side of it.",
        "Both clouds have their centre on the cross, the gradient without any sampling: neither is biased. They differ "
        "in **variance**, and averaging K draws divides either one by K.",
        "Why: the score function multiplies a random direction by the whole of log p(x|z), so its variance grows "
        "with **(log p)²**. For a digit that makes it 10³ to 10⁵ times the pathwise one; for a point of the ring, "
        "where log p(x|z) is about 3 nats, 4 to 8 times.",
        "A **baseline** takes the mean off log p(x|z). What is left still has 3 to 30 times the pathwise variance "
        "on most examples: the score function never asks the decoder which way is up.",
    ),
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
        "R. J. Williams, *Simple Statistical Gradient-Following Algorithms for Connectionist Reinforcement Learning*, "
        "Machine Learning 8, 1992 (the score function, “REINFORCE”).",
        "A. Mnih, D. J. Rezende, *Variational Inference for Monte Carlo Objectives*, 2016 (leave-one-out baselines), "
        "[arXiv 1602.06725](https://arxiv.org/abs/1602.06725).",
        "S. Mohamed, M. Rosca, M. Figurnov, A. Mnih, *Monte Carlo Gradient Estimation in Machine Learning*, 2020, "
        "[arXiv 1906.10652](https://arxiv.org/abs/1906.10652).",
    ),
    table=LinkTable(
        Parameter("run", "mnist-2d", one_of(*RUNS)),
        Parameter("image", 42, whole(0, 4999)),
        Parameter("angle", 210, whole(0, 355)),
        Parameter("seed", 0, whole(0, 99_999)),
        Parameter("draw", 0, whole(0, DRAWS - 1)),
        Parameter("k", 1, one_of_sizes),
        Parameter("pair", "mu", one_of(*PAIRS)),
        Parameter("score", "plain", one_of("plain", "baseline")),
        Parameter("axes", "shared", one_of("shared", "own")),
    ),
)
PREDICTION = frame.Prediction(
    "For a digit: how many draws of the score function are worth one reparameterized draw?",
    ("One: both are unbiased", "About ten", "A thousand or more"),
    right="A thousand or more",
    because="Both have the right mean, but the score function multiplies a random direction by log p(x|z), some −100 "
    "nats whatever z was drawn. Its variance grows with the square of that. The pathwise gradient asks the decoder for "
    "its slope at z instead, and the constant has no slope.",
)
SCORES = {"plain": "Plain", "baseline": "With baseline"}
SCORE_KINDS = {"plain": "score", "baseline": "baselined"}
AXES = {"shared": "Shared", "own": "Own"}


def next_draw(presses: int) -> None:
    st.session_state["reparameterization.draw"] = (st.session_state["reparameterization.draw"] + presses) % DRAWS


def choose(index: int) -> None:
    st.session_state["reparameterization.image"] = offered()[index]


def controls(view: frame.View) -> tuple[Run, int]:
    """Draw the choice of model, x and samples; return the run and the index of x."""
    model, point, seed, button = st.columns([1.5, 1.5, 0.8, 1], vertical_alignment="bottom", gap="medium")
    name = model.selectbox("Model", list(RUNS), format_func=RUNS.get, key=view.key("run"))
    if name == "ring-2d":
        point.slider("Angle of x on the ring, degrees", 0, 355, step=5, key=view.key("angle"))
        index = nearest_point(view["angle"])
    else:
        point.number_input("Digit", 0, 4999, key=view.key("image"), help="Or click one at the foot of the exhibit.")
        index = view["image"]
    seed.number_input("Seed", 0, 99_999, key=view.key("seed"), help=f"Of the {DRAWS:,} draws of ε.")
    with button:
        press_button(
            "Next draw",
            icon=":material/casino:",
            on_press=next_draw,
            kind="primary",
            width="stretch",
            key=view.key("next"),
        )
    return catalogue.run(name), index


def graphs(view: frame.View, x: torch.Tensor, draws: gradient_draws.Draws) -> None:
    """Both computation graphs with the numbers of the chosen sample."""
    places, names = PAIRS[view["pair"]]
    row = view["draw"]
    noise, pathwise, score = (
        each[row].tolist() for each in (draws.noise, draws.pathwise, getattr(draws, SCORE_KINDS[view["score"]]))
    )
    two_graphs(
        key="reparameterization.graphs",
        mu=draws.mu.tolist(),
        noise=noise,
        z=(draws.mu + draws.sigma * draws.noise[row]).tolist(),
        log_likelihood=draws.log_likelihood[row].item(),
        pathwise=[pathwise[place] for place in places],
        score=[score[place] for place in places],
        names=names,
        image=x[0, 0].numpy() if x.ndim == 4 else None,
    )


def clouds(view: frame.View, shown: Shown) -> None:
    """Both clouds around the exact gradient, and the variance against K."""
    places, names = PAIRS[view["pair"]]
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        st.select_slider("K, draws averaged in each dot", SIZES, key=view.key("k"))
        label = "Components shown"
        st.selectbox(label, list(PAIRS), format_func=lambda name: " and ".join(PAIRS[name][1]), key=view.key("pair"))
        label = "Score function"
        st.segmented_control(label, list(SCORES), format_func=SCORES.get, key=view.key("score"), required=True)
        st.segmented_control("Axes", list(AXES), format_func=AXES.get, key=view.key("axes"), required=True)
    kinds = (SCORE_KINDS[view["score"]], "pathwise")
    cross = shown.exact[list(places)]
    own = {kind: shown.reaches[kind][list(places)] for kind in kinds}
    shared = np.maximum(*own.values())
    columns = st.columns(3, gap="medium")
    for column, kind in zip(columns, kinds, strict=False):
        picture = sketches.cloud_sketch(
            kind,
            gradient_draws.group_means(getattr(shown.draws, kind)[:, places], view["k"]).numpy(),
            cross,
            own[kind] if view["axes"] == "own" else shared,
            names,
            marked=min(view["draw"] // view["k"], DRAWS // view["k"] - 1),
        )
        each = "one draw" if view["k"] == 1 else f"the mean of {view['k']}"
        label = f"Gradient estimates ({NAMES[kind]}) around the exact gradient, each {each}"
        with column:
            st.markdown(f"**{NAMES[kind]}**: each dot {each}")
            sketch(picture, key=f"reparameterization.cloud.{kind}", label=label, height=HEIGHT)
    with columns[2]:
        st.markdown("**Variance against K**")
        label = "Total variance of the mean of K draws for the three estimators: straight lines of slope −1"
        picture = sketches.variance_sketch(SIZES, shown.variances, view["k"])
        sketch(picture, key="reparameterization.variance", label=label, height=HEIGHT)


def numbers(view: frame.View, shown: Shown) -> None:
    places, _ = PAIRS[view["pair"]]
    score = SCORE_KINDS[view["score"]]
    variance, score_variance = (shown.variances[kind][0] for kind in ("pathwise", score))
    frame.numbers(
        {
            "Exact gradient": two(shown.exact, places),
            "Pathwise, mean": two(shown.means["pathwise"], places),
            "Score function, mean": two(shown.means[score], places),
            "log p(x|z)": "{:.1f} ± {:.1f} nats".format(*shown.reward),
        },
        {
            "Exact gradient": "Of E[log p(x|z)] under q(z|x), by quadrature, in nats for each unit of μ or log σ².",
            "Pathwise, mean": f"Over all {DRAWS:,} draws.",
            "Score function, mean": f"Over all {DRAWS:,} draws.",
            "log p(x|z)": f"Mean and standard deviation over the {DRAWS:,} draws of z.",
        },
    )
    frame.numbers(
        {
            "Pathwise, variance": f"{three_digits(variance)} nats²",
            "Score function, variance": f"{three_digits(score_variance)} nats²",
            "Score over pathwise": f"{three_digits(score_variance / variance)} ×",
            "(log p)² alone would give": f"{three_digits(shown.from_mean)} nats²",
        },
        {
            "Pathwise, variance": "Of one draw, summed over all four components.",
            "Score function, variance": "Of one draw, summed over all four components.",
            "Score over pathwise": "So many draws of the one are worth one draw of the other.",
            "(log p)² alone would give": "The plain score function's variance if log p(x|z) were its mean for every z.",
        },
    )


def choices(view: frame.View) -> None:
    """Digits to click on; the ring has a slider instead."""
    if view["run"] == "ring-2d":
        return
    st.markdown("**Choose another digit**")
    image_grid(
        offered_images(),
        CHOICES,
        key="reparameterization.choice",
        label="Digits to choose from",
        selected=offered().index(view["image"]) if view["image"] in offered() else None,
        scale_hint=2,
        on_click=choose,
    )


def draw(view: frame.View) -> None:
    run, index = controls(view)
    shown = drawn(view["run"], run.digest, index, view["seed"])
    graphs(view, shown.x, shown.draws)
    clouds(view, shown)
    numbers(view, shown)
    choices(view)
    st.caption(
        f"Live from the shipped run {view['run']}: {run.config.title}. Both estimators get the same {DRAWS:,} z."
    )
    view.script = code.script(view["run"], run.config.dataset, index, view.values())


with frame.lesson_page(LESSON) as view:
    view.prediction = PREDICTION
    frame.exhibit(view, draw)
