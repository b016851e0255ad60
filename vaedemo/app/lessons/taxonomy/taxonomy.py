"""A taxonomy of generative models: the tree, what each leaf gives up, and three leaves run on the same points."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from vaedemo.analysis import plane_mass, point_densities
from vaedemo.app.lessons.taxonomy import compare, data, families, form, sampling
from vaedemo.app.lessons.taxonomy.leaves import BY_KEY
from vaedemo.app.lessons.taxonomy.steps import GOALS, STEPS
from vaedemo.app.shell import stepped, widgets
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import SteppedLesson, StepView
from vaedemo.models.autoregressive import Autoregressive
from vaedemo.models.flow import Coupling, Flow
from vaedemo.rules import one_of

# Links of before have no part; they showed everything, so that is the default.
TITLES = {"all": "All", "tree": "The tree", "points": "The same points", "making": "Making a sample"}


def picture(view: StepView) -> None:
    part = view["part"]
    if part in ("all", "tree"):
        families.picture(view)
    if part == "all":
        st.header("Three of them on the same points", anchor="compare")
    if part in ("all", "points"):
        compare.picture(view)
    if part in ("all", "making"):
        making(view)


def making(view: StepView) -> None:
    """How the chosen family makes a sample, if this page runs it."""
    model = BY_KEY[view["leaf"]].model
    if not model:
        if view["part"] == "making":
            st.caption(
                "This family does not run here: choose the VAE, the flow or the autoregressive model in the tree."
            )
        return
    found = form.find(view) if view["part"] == "making" else form.finished(view)
    if found is not None:
        shown = data.shown(found)
        run = dict(zip(form.KINDS, found, strict=True))[model]
        sampling.picture(view, model, run, shown.samples[model], shown.edge)


def controls_of(values: Mapping[str, Any]) -> tuple[str, ...]:
    """The controls that Explore shows of a view."""
    part = values["part"]
    shown = compare.controls_of(values) if part != "tree" else ()
    if part == "making":
        shown = tuple(name for name in shown if name != "show")
    of_model = sampling.OF_MODEL.get(BY_KEY[values["leaf"]].model, ()) if part in ("all", "making") else ()
    return ("part", *(["leaf"] if part == "making" else []), *shown, *of_model)


def choose_leaf(view: StepView) -> None:
    st.selectbox("Family", [*BY_KEY], format_func=lambda key: BY_KEY[key].name, key=view.key("leaf"))


LESSON = SteppedLesson(
    name="taxonomy",
    question="What does a generative model give up for what it can do?",
    parameters=(
        Parameter("part", "all", one_of(*TITLES)),
        Parameter("leaf", "vae", one_of(*BY_KEY)),
        Parameter("show", "samples", one_of(*compare.SHOWS)),
        *form.PARAMETERS,
        *sampling.PARAMETERS,
    ),
    steps=STEPS,
    controls={"part": lambda view: widgets.choose(view, "part", TITLES, "Exhibit"), "leaf": choose_leaf}
    | families.CONTROLS
    | compare.CONTROLS
    | sampling.CONTROLS,
    explored=controls_of,
    picture=picture,
    work=compare.work,
    goals=GOALS,
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
)

stepped.lesson_page(LESSON)
