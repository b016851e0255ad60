"""Why not just maximise the likelihood: the Monte Carlo estimate of log p(x), with 2 and with 20 latent axes."""

from functools import partial

import streamlit as st

from vaedemo.app import catalogue
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.components.press_button import press_button
from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.likelihood import code, draws, sketches
from vaedemo.app.shared import twenty
from vaedemo.app.shell import frame
from vaedemo.app.shell.links import LinkTable, Parameter
from vaedemo.probability import bounds, streams
from vaedemo.rules import one_of, whole

SOURCES = {"prior": "Prior p(z)", "encoder": "Encoder q(z|x)"}

LESSON = frame.Lesson(
    name="likelihood",
    question="Can log p(x) be had by drawing z from the prior and averaging p(x|z)?",
    look_for=(
        "With **2 axes** it works: by K ≈ 10,000 the prior's curve has reached the exact line. With **20** it does "
        "not: 100,000 draws still end below even the ELBO, which q has from its first draw.",
        "Almost every prior draw explains x not at all: a few of the K carry the whole sum, with 20 axes often a "
        "single one. **Effective draws** counts them. Switch to **q(z|x)**: now every draw lands where x is explained.",
        "Every curve climbs. The log of a mean is biased low (Jensen), the more the fewer draws: E log p̂ rises with K. "
        "At K = 1 it is the ELBO of whatever z is drawn from, so on the prior's curve the ELBO with q = p(z).",
    ),
    explained=(
        bounds.log_marginal_monte_carlo,
        streams.climb,
        bounds.iwae,
        bounds.effective_sample_size,
        bounds.log_marginal_grid,
    ),
    references=(
        "C. Doersch, *Tutorial on Variational Autoencoders*, 2016, section 2, "
        "[arXiv 1606.05908](https://arxiv.org/abs/1606.05908).",
        "Y. Burda, R. Grosse, R. Salakhutdinov, *Importance Weighted Autoencoders*, 2016, "
        "[arXiv 1509.00519](https://arxiv.org/abs/1509.00519).",
        "Y. Wu, Y. Burda, R. Salakhutdinov, R. Grosse, *On the Quantitative Analysis of Decoder-Based Generative "
        "Models*, 2017, [arXiv 1611.04273](https://arxiv.org/abs/1611.04273).",
    ),
    table=LinkTable(
        twenty.parameter(draws.FIRST_DIGIT),
        Parameter("source", "prior", one_of(*SOURCES)),
        Parameter("draws", 10_000, draws.count),
        Parameter("seed", draws.FIRST_SEED, whole(0, 99_999)),
    ),
)
PREDICTION = frame.Prediction(
    "With 20 latent axes and z from the prior: how many draws would bring the estimate to the ELBO?",
    ("About 10,000, as with 2 axes", "About 100,000", "Far more than this page could ever draw"),
    right="Far more than this page could ever draw",
    because="q(z|x) is several times narrower than the prior on each of some twenty axes. The chance that a prior draw "
    "falls where x is explained is a product of as many small shares: it shrinks exponentially with the axes.",
)


def controls(view: frame.View) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.segmented_control(
            "Draw z from",
            list(SOURCES),
            format_func=SOURCES.get,
            key=view.key("source"),
            required=True,
            width="content",
        )
        press_button("New draws", icon=":material/casino:", on_press=partial(new_seed, view), key=view.key("new"))
        st.select_slider("Number of draws K", draws.COUNTS, format_func="{:,}".format, key=view.key("draws"), width=420)


def new_seed(view: frame.View, presses: int) -> None:
    view["seed"] = (view["seed"] + presses) % 100_000


def clamp(view: frame.View) -> None:
    if view["draws"] > draws.MOST_DRAWS:
        st.warning(f"K is held at {draws.MOST_DRAWS:,}, the most that this page draws.", icon=":material/compress:")
        view["draws"] = draws.MOST_DRAWS


def column(view: frame.View, axes: str, climbs: draws.Climbs, cut: draws.Cut, ends: tuple[float, float]) -> None:
    """One model: its curves and its numbers."""
    st.markdown(f"**{axes} latent axes**")
    sketch(
        sketches.climb_sketch(climbs, cut, view["source"], ends),
        key=view.key(f"climb{axes}"),
        label=f"Estimates of log p(x) against the number of draws, {axes} latent axes",
        height=330,
    )
    reference = "Exact log p(x)" if climbs.is_exact else f"IWAE-{draws.REFERENCE:,}"
    frame.numbers(
        {
            f"{reference}, {axes} axes": f"{climbs.reference:.2f} nats",
            f"ELBO, {axes} axes": f"{climbs.elbo:.2f} nats",
            f"Estimate, {axes} axes": f"{cut.estimate:.2f} nats",
            f"Effective draws, {axes} axes": f"{cut.effective:.1f} of {cut.draws:,}",
        },
        {
            f"ELBO, {axes} axes": f"Its mean over {draws.MOST_FROM_Q:,} sampled z.",
            f"Effective draws, {axes} axes": "(Σ w)² / Σ w²: how many draws of equal weight would be worth as much.",
        },
    )


def carriers(view: frame.View, axes: str, climbs: draws.Climbs, cut: draws.Cut) -> None:
    """The samples of one model with the largest shares of the sum."""
    st.markdown(f"**{axes} axes: which z carry the sum**")
    image_grid(
        cut.decoded.numpy(),
        draws.DECODED,
        key=view.key(f"heaviest{axes}"),
        label=f"What the heaviest draws decode to, {axes} axes",
        captions=[f"{share:.1%}" for share in cut.shares[: draws.DECODED].tolist()],
        scale_hint=2,
        clickable=False,
    )
    sketch(
        sketches.plane_sketch(climbs, cut, view["source"]),
        key=view.key(f"plane{axes}"),
        label=f"Draws on the latent plane, sized by their share of the sum, {axes} axes",
        height=360,
    )


def draw(view: frame.View) -> None:
    clamp(view)
    controls(view)
    runs = [catalogue.run(name) for name in draws.RUNS]
    found = [draws.climbs(run.digest, run, view["digit"], view["seed"]) for run in runs]
    cuts = [draws.cut(run.digest, run, view["digit"], view["seed"], view["source"], view["draws"]) for run in runs]
    ends = sketches.nats_range(*found)
    for each, place in zip(zip(draws.RUNS.values(), found, cuts, strict=True), st.columns(2, gap="large"), strict=True):
        with place:
            column(view, *each, ends)
    if view["source"] == "encoder" and view["draws"] > draws.MOST_FROM_Q:
        st.caption(f"From q(z|x), {draws.MOST_FROM_Q:,} draws are made: K stays there.")
    for each, place in zip(zip(draws.RUNS.values(), found, cuts, strict=True), st.columns(2, gap="large"), strict=True):
        with place:
            carriers(view, *each)
    view.script = code.script(view["digit"], view["seed"], view["source"], view["draws"])


def below() -> None:
    """What does not depend on the controls; drawn once, below the exhibit."""
    st.caption(
        f"Lines: means over the repeats that one stream of {draws.MOST_DRAWS:,} prior draws, shared by all digits, and "
        f"one of {draws.MOST_FROM_Q:,} draws from q hold; bands: from their 10 % to their 90 % quantile, where there "
        "are five or more. Dot: the first K draws. Pixels are black or white, so p(x|z) is a probability. With 20 "
        "axes the plane shows the two on which q is narrowest: inside its ellipse there is not inside it on the "
        "other 18. Images: the six heaviest draws, decoded, with their share of the sum."
    )
    two_axes = catalogue.run(next(iter(draws.RUNS)))
    twenty.warn_inexact(twenty.exact(two_axes.digest, two_axes)[1])


with frame.lesson_page(LESSON) as view:
    view.prediction = PREDICTION
    twenty.choose(view)
    frame.exhibit(view, draw)
    if view.script:  # the exhibit was drawn without an error
        below()
