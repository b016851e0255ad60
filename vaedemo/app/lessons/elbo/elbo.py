"""The evidence lower bound: the lecture's derivation with numbers, and a q that the reader moves."""

import numpy as np
import streamlit as st

from vaedemo.app import catalogue
from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.elbo import code, q, sketches
from vaedemo.app.lessons.elbo import facts as elbo_facts
from vaedemo.app.shared import twenty
from vaedemo.app.shell import frame, widgets
from vaedemo.app.shell.links import LinkTable, Parameter
from vaedemo.probability import bounds, derivation, streams
from vaedemo.probability.amortization import best_diagonal_gaussian
from vaedemo.rules import whole

SLICES = {1: "z₁", 2: "z₂"}
LESSON = frame.Lesson(
    name="elbo",
    question="What exactly lies between the bound that a VAE is trained on and log p(x)?",
    look_for=(
        "Drag the red ellipse, or use the sliders: reconstruction, KL and gap all change, and **log p(x) does not "
        "move**. What the bound loses is KL(q‖p(z|x)), to the last digit.",
        "**Snap to best Gaussian**: the encoder's ellipse is often beside the posterior. That part of the gap, dark, "
        "is *amortization*: one network for all images. What stays, light, is *approximation*: an upright ellipse "
        "is not the posterior.",
        "More draws lift the IWAE bound towards the exact line, but q must reach all of the posterior: move it to one "
        "end, or to one of the two modes of the first 7, and K = 500 stops short.",
    ),
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
    table=LinkTable(
        twenty.parameter(11),
        *q.PARAMETERS,
        Parameter("slice", 1, whole(1, 2)),
        Parameter("seed", 0, whole(0, 99_999)),
    ),
)
PREDICTION = frame.Prediction(
    "You make q as narrow as a point, at the posterior's peak. What happens to the bound?",
    ("It falls without end", "It reaches log p(x)", "It becomes the reconstruction loss"),
    right="It falls without end",
    because="The reconstruction is then as good as it gets, but KL(q‖p(z)) grows like −log σ: a code that says exactly "
    "which z costs more and more nats.",
)
# A | inside a Markdown table would end its cell: \vert and \Vert replace it.
P_X_Z, P_Z_X, Q_Z_X = r"p(x \vert z)", r"p(z \vert x)", r"q(z \vert x)"
LINES = (
    (r"$\log p(x)$", "by quadrature", "log_marginal"),
    (rf"$= \mathbb{{E}}_q\big[\log \frac{{{P_X_Z}\,p(z)}}{{{P_Z_X}}}\big]$", "Bayes' rule", "bayes"),
    (
        rf"$= \mathbb{{E}}_q\big[\log \frac{{{P_X_Z}\,p(z)}}{{{P_Z_X}}} \cdot \frac{{{Q_Z_X}}}{{{Q_Z_X}}}\big]$",
        "multiply by one",
        "times_one",
    ),
    (
        rf"$= \mathbb{{E}}_q[\log {P_X_Z}]$ $- \mathrm{{KL}}(q \Vert p(z))$ $+ \mathrm{{KL}}(q \Vert {P_Z_X})$",
        "split in three",
        "three_terms",
    ),
)


def exhibit(view: frame.View) -> None:
    run, digit = elbo_facts.model_run(), view["digit"]
    digest = run.digest
    facts = elbo_facts.facts(digest, run, digit)
    mu, logvar = (tuple(tensor[0].tolist()) for tensor in q.current(view, facts))
    lines = elbo_facts.terms(digest, digit, mu, logvar)
    left, middle, right = st.columns([1, 1.45, 1.45], gap="medium")
    with left:
        q.controls(view, facts)
    with middle:
        st.markdown("**The posterior, and q**")
        sketch(
            sketches.plane(facts, np.array(mu), np.array(logvar)),
            key=view.key("plane"),
            label="The posterior p(z|x) on the latent plane, and q as an ellipse that can be dragged",
            height=400,
            on_moved=lambda across, up: q.dragged(view, facts, across, up),
        )
    with right:
        st.markdown("**log p(x) = reconstruction − KL + gap**")
        label = "Bars: log p(x) is the reconstruction term, less the KL to the prior, plus the KL to the posterior"
        sketch(sketches.bars(lines, facts.best_elbo), key=view.key("bars"), label=label, height=300)
        st.markdown("**More draws lift the bound**")
        climb = elbo_facts.climb(digest, digit, mu, logvar, code.SAMPLES, code.COUNTS, view["seed"])
        sketch(
            sketches.climbing(climb, facts.log_marginal, lines.elbo),
            key=view.key("climb"),
            label="IWAE bounds for 1, 5, 50 and 500 draws under the exact line",
            height=230,
        )
    numbers(view, facts, lines, climb)
    derived(view, facts, lines, mu[view["slice"] - 1])


def numbers(view: frame.View, facts: elbo_facts.Facts, lines: derivation.Derivation, climb: streams.Climb) -> None:
    amortization = code.amortization_label(view["q"])
    frame.numbers(
        {
            "log p(x)": f"{lines.log_marginal:.3f} nats",
            "E[log p(x|z)]": f"{lines.log_likelihood:.3f} nats",
            "KL to the prior": f"{lines.kl_prior:.3f} nats",
            "KL to the posterior": f"{lines.kl_posterior:.3f} nats",
            "ELBO": f"{lines.elbo:.3f} nats",
            amortization: f"{round(facts.best_elbo - lines.elbo, 3) + 0.0:.3f} nats",
            "Approximation": f"{facts.log_marginal - facts.best_elbo:.3f} nats",
            "IWAE, K = 500": f"{climb.mean[-1].item():.2f} ± {climb.standard_error[-1].item():.2f} nats",
        },
        {
            "log p(x)": "By quadrature over the latent plane, refined where the mass lies.",
            "E[log p(x|z)]": "Under q, by Gauss–Hermite quadrature: no z is sampled.",
            amortization: "From this q to the best upright Gaussian on the hill that the encoder points at.",
            "Approximation": "From that best Gaussian to the posterior itself.",
            "IWAE, K = 500": f"Sampled: mean and standard error over {climb.repeats[-1]} repeats.",
        },
    )


def derived(view: frame.View, facts: elbo_facts.Facts, lines: derivation.Derivation, mu: float) -> None:
    """The derivation line by line, and a picture that shows why all lines have the same value."""
    left, right = st.columns([1.2, 1], gap="large")
    with left:
        st.markdown("**The derivation, every line evaluated** for this digit and this q, in nats")
        rows = [f"| {formula} :gray[{why}] | {getattr(lines, name):.3f} |" for formula, why, name in LINES]
        st.markdown("\n".join(["| line | value |", "|:--|--:|", *rows]))
        bound = rf"$\log p(x) \ge \mathbb{{E}}_q[\log {P_X_Z}] - \mathrm{{KL}}(q \Vert p(z)) =$ ELBO $=$"
        st.markdown(f"A KL is at least 0, so dropping the last: {bound} **{lines.elbo:.3f}**")
        st.caption(
            "Each expectation is over z ~ q, by quadrature. Move q: the four lines stay, whatever q is; only the "
            "bound moves."
        )
    with right:
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown("**Three curves, one flat sum**")
            widgets.choose(view, "slice", SLICES, "Along")
        sketch(
            sketches.flat_sum(facts, view["slice"] - 1, mu),
            key=view.key("slice_picture"),
            label="log p(x|z), log p(z) and log p(z|x) along one latent axis; their sum is flat",
            height=320,
        )


def draw(view: frame.View) -> None:
    q.forget_unused(view)
    exhibit(view)
    view.script = code.script(view.values())


def below() -> None:
    """What does not depend on q; drawn once, below the exhibit."""
    run = elbo_facts.model_run()
    twenty.warn_inexact(twenty.exact(run.digest, run)[1])
    _, sentence = catalogue.images(twenty.DATASET)
    st.caption(f"From the run {elbo_facts.RUN}: {run.config.title}. Pixels are black or white, from {sentence}")


with frame.lesson_page(LESSON) as view:
    view.prediction = PREDICTION
    twenty.choose(view)
    frame.exhibit(view, draw)
    if view.script:  # the exhibit was drawn without an error
        below()
