"""A taxonomy of generative models: the tree, what each leaf maximises, and three leaves run on the same points."""

import numpy as np
import streamlit as st

from vaedemo.analysis import plane_mass, point_densities
from vaedemo.app.components.family_tree import family_tree
from vaedemo.app.components.sketch import sketch
from vaedemo.app.lessons.taxonomy import code, data, form, sampling, sketches
from vaedemo.app.lessons.taxonomy.leaves import BY_KEY, TREE, Family
from vaedemo.app.shell import frame, widgets
from vaedemo.app.shell.links import LinkTable, Parameter
from vaedemo.figures import palette
from vaedemo.models.autoregressive import Autoregressive
from vaedemo.models.flow import Coupling, Flow
from vaedemo.rules import one_of

SHOWS = {"samples": "Samples", "density": "Densities"}
TITLES = {"data": "Data", "vae": "VAE", "flow": "Flow", "autoregressive": "Autoregressive"}

LESSON = frame.Lesson(
    name="taxonomy",
    question="What does a generative model give up for what it can do?",
    look_for=(
        "**Exact** likelihoods cost freedom: an order of the axes, or a map with an inverse. A VAE gives up "
        "exactness, a GAN the density altogether.",
        "The first three numbers are exact. **IWAE-100** and **−ELBO** are upper bounds of the VAE's own: what lies "
        "between them is the bound's fault, not the model's.",
        "Under **Densities**, the flow leaves a **seam**: a plane cannot become a ring unless it is torn.",
    ),
    explained=(Autoregressive, Flow, Coupling, point_densities.log_density, plane_mass.decoded_density_map),
    references=(
        "I. Goodfellow, *NIPS 2016 tutorial: generative adversarial networks*, 2017, figure 9, "
        "[arXiv 1701.00160](https://arxiv.org/abs/1701.00160).",
        "L. Dinh, J. Sohl-Dickstein, S. Bengio, *Density estimation using Real NVP*, 2017, "
        "[arXiv 1605.08803](https://arxiv.org/abs/1605.08803).",
        "B. Uria, I. Murray, H. Larochelle, *RNADE*, 2013, [arXiv 1306.0186](https://arxiv.org/abs/1306.0186).",
        "Y. Burda, R. Grosse, R. Salakhutdinov, *Importance weighted autoencoders*, 2016, "
        "[arXiv 1509.00519](https://arxiv.org/abs/1509.00519).",
    ),
    table=LinkTable(
        Parameter("leaf", "vae", one_of(*BY_KEY)),
        Parameter("show", "samples", one_of(*SHOWS)),
        *form.PARAMETERS,
        *sampling.PARAMETERS,
    ),
)
PREDICTION = frame.Prediction(
    "The ring has a hole. A flow bends the plane by a smooth map that has an inverse. Can it be exactly 0 in the hole?",
    ("Yes, after enough training", "Yes, with enough couplings", "No, p(x) > 0 everywhere"),
    right="No, p(x) > 0 everywhere",
    because="f⁻¹ takes every x to some z, and N(0, I) is above 0 at every z. The flow can only make the hole thin, and "
    "must cut the ring open somewhere to get around it: see the seam under Densities.",
)
HEIGHT = 300


def draw(view: frame.View) -> None:
    def choose(key: str) -> None:
        view["leaf"] = key

    family_tree(
        TREE,
        view["leaf"],
        key=view.key("tree"),
        label="Families of generative models",
        legend="runs on this page",
        on_chosen=choose,
    )
    family = BY_KEY[view["leaf"]]
    card(view, family)
    compare(view, family)


def card(view: frame.View, family: Family) -> None:
    """The chosen family: its objective, the cost of a sample, its paper, and its pages in this app."""
    with st.container(border=True):
        left, right = st.columns([1.25, 1], gap="medium")
        with left:
            st.markdown(f"**{family.name}**")
            st.markdown(family.maximises)
            st.markdown(family.because)
        with right:
            st.markdown(
                f"**Likelihood:** {family.likelihood}.\n\n**A sample:** {family.sampling}\n\n**Paper:** {family.paper}"
            )
            if family.pages:
                query = {"present": "1"} if view["present"] else {}
                with st.container(horizontal=True, gap="small"):
                    st.markdown("**You are here:**")
                    for page in family.pages:
                        frame.link_to(page, query, icon="arrow_forward")


def compare(view: frame.View, family: Family) -> None:
    """Three models of the same points: samples or densities, and the test points' nats under each."""
    st.subheader("Three of them on the same points", anchor="compare")
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        form.choose_source(view)
        widgets.choose(view, "show", SHOWS, "Show")
    found = form.find(view)
    if found is None:
        return
    digests = tuple(run.digest for run in found)
    shown = data.compare(digests, found)
    densities = data.densities(digests, found, shown.edge) if view["show"] == "density" else None
    pictures(view, shown, densities)
    frame.numbers(
        {label: f"{value:.3f} nats" for label, value in shown.nats.items()},
        {
            "Truth": "−log p(x) under the density that the points are drawn from.",
            "VAE, IWAE-100": "An upper bound of −log p(x), tighter than −ELBO: 100 draws from q(z|x).",
        },
    )
    couplings = found[1].config.couplings
    st.caption(
        "Mean of −log p(x) over 1,000 test points: less is better, and what a model has above the truth estimates "
        "KL(data ‖ model). Networks that run one after the other for a sample: VAE 1; flow "
        f"{couplings}, one a coupling; autoregressive 1, for p(x₁) needs none."
    )
    if family.model:
        run = dict(zip(form.KINDS, found, strict=True))[family.model]
        sampling.draw(view, family.model, run, shown.samples[family.model], shown.edge)
    view.script = code.script(view.values())


def pictures(view: frame.View, shown: data.Shown, densities: dict[str, np.ndarray] | None) -> None:
    """The data beside each model, as clouds or, if they are given, as densities."""
    clouds = {"data": shown.data} | shown.samples
    for column, (kind, title) in zip(st.columns(4, gap="small"), TITLES.items(), strict=True):
        color = palette.DATA if kind == "data" else palette.RECONSTRUCTION
        if densities is None:
            drawn = sketches.cloud(clouds[kind], shown.edge, color)
        else:
            drawn = sketches.density(densities[kind], densities["data"], shown.edge, color)
        with column:
            st.markdown(f"**{title}**")
            what = "points" if densities is None else "density"
            sketch(drawn, key=view.key(f"picture.{kind}"), label=f"{title}: {what} in the plane", height=HEIGHT)
    if densities is not None:
        st.caption(
            "Data: the true density. VAE: integrated over 128² codes, which only two latent axes allow. Flow and "
            "autoregressive: exact. Ink is the same p(x) in all four."
        )


with frame.lesson_page(LESSON) as view:
    view.prediction = PREDICTION
    frame.exhibit(view, draw)
