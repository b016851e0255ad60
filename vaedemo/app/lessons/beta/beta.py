"""The β trade-off: four panels along β, what each gains and loses, and why only β = 1 is the bound."""

import streamlit as st

from vaedemo.analysis import kl_split
from vaedemo.app.components.trade_off import trade_off
from vaedemo.app.lessons.beta import charts, code, data, form
from vaedemo.app.shell import frame, widgets
from vaedemo.app.shell.links import LinkTable, Parameter
from vaedemo.app.trainings import film
from vaedemo.models.vae import VAE
from vaedemo.probability.cross_entropy import mean_image_cross_entropy, self_entropy
from vaedemo.rules import one_of, real, whole
from vaedemo.training.run import Run

PLACES = {"a": 7.0, "b": 5.0, "c": 3.0, "d": 1.0}  # of the four panels: lowest KL first, as on the slide
PANELS = {"4": "Four panels", "1": "One, slid along β"}
NEAR_CEILING = 0.03

LESSON = frame.Lesson(
    name="beta",
    question="What does it cost to keep the codes close to the prior, and what does it buy?",
    look_for=(
        "From **A** to **D** the KL rises and the reconstruction loss falls. At A every digit has the same code; at D "
        "codes are far apart and narrow, x̂ is sharpest, and samples fall into the **holes** between them.",
        "**−ELBO is least near β = 1**, because that is what β = 1 minimises. On the first chart the point moves along "
        "one curve, and its tangent has slope −β.",
        "The last chart splits the KL: blue is what z knows of x, violet is how far all codes **together** are from "
        "N(0, I). Violet is the holes.",
    ),
    explained=(VAE, kl_split.split, self_entropy, mean_image_cross_entropy),
    references=(
        "I. Higgins et al., *β-VAE*, ICLR 2017, [openreview Sy2fzU9gl](https://openreview.net/forum?id=Sy2fzU9gl).",
        "A. Alemi et al., *Fixing a Broken ELBO*, ICML 2018, [arXiv 1711.00464](https://arxiv.org/abs/1711.00464): "
        "rate, distortion, and tangents of slope −β.",
        "M. Hoffman, M. Johnson, *ELBO surgery*, 2016, "
        "[approximateinference.org](http://approximateinference.org/accepted/HoffmanJohnson2016.pdf).",
    ),
    table=LinkTable(
        *form.PARAMETERS,
        Parameter("panels", "4", one_of(*PANELS)),
        *(Parameter(name, place, real(0.0, 15.0)) for name, place in PLACES.items()),
        Parameter("film", 3, whole(0, 15)),
        film.FRAME,
    ),
)
PREDICTION = frame.Prediction(
    "Eight models, β from 0.01 to 50. Which one gives the best reconstructions, and which the best samples?",
    (
        "The smallest β both",
        "The smallest β the best reconstructions, one near 1 the best samples",
        "β = 1 both",
        "The smallest β the best reconstructions, the largest the best samples",
    ),
    right="The smallest β the best reconstructions, one near 1 the best samples",
    because="A small β lets each x keep a code of its own, so x̂ is close to x; but z from N(0, I) then falls between "
    "the codes. A large β fills the prior and says little about x: its samples are safe and all alike.",
)


def draw(view: frame.View) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        form.choose_source(view)
        widgets.choose(view, "panels", PANELS, "Panels")
    found = form.find(view)
    if found is None:
        return
    for note in dict.fromkeys(note for run in found for note in run.notes):
        st.warning(note, icon=":material/warning:")
    shown = data.sweep(tuple(run.digest for run in found), found)
    exhibit(view, found, shown)
    collapse(shown)
    numbers(shown)
    st.caption(
        f"{len(found)} models, {found[0].config.title.rpartition(' · β')[0] or found[0].config.title}, trained in one "
        f"pass with the same seed. Codes and pictures: {shown.sentence} Between two β both are mixed. "
        f"The split is over {data.EXAMPLES:,} of them, one sampled z each."
    )
    learned(view, found)
    view.script = code.script(view.values(), shown.floor is not None, data.EXAMPLES)


def exhibit(view: frame.View, found: list[Run], shown: data.Sweep) -> None:
    names = list(PLACES)[: int(view["panels"])]
    unit = "nats per point" if found[0].config.on_points else "nats per image"

    def settle(places: tuple[float, ...]) -> None:
        for name, place in zip(names, places, strict=True):
            view[name] = place

    places = [min(view[name], len(found) - 1.0) for name in names]
    trade_off(shown.models, charts.charts(shown, unit), places, key=view.key(f"panels{len(names)}"), on_settled=settle)


def learned(view: frame.View, found: list[Run]) -> None:
    """Draw the film of one of the models, if it has one."""
    st.subheader("How one of them was learned", anchor="film")
    numbers_of = range(len(found))
    view["film"] = min(view["film"], numbers_of[-1])
    st.segmented_control(
        "β",
        numbers_of,
        format_func=lambda number: f"β = {found[number].config.beta:g}",
        key=view.key("film"),
        required=True,
        label_visibility="collapsed",
    )
    film.film(found[view["film"]], view.key("reel"), view)


def collapse(shown: data.Sweep) -> None:
    """Name the models whose posterior has collapsed."""
    for each in shown.figures:
        if not each.collapsed:
            continue
        words = f"At β = {each.beta:g} the posterior has collapsed: KL {each.test[1]:.3f} nats, no active unit. "
        if shown.ceiling is not None and abs(each.test[0] / shown.ceiling - 1) <= NEAR_CEILING:
            words += f"Its loss, {each.test[0]:.1f}, is that of the mean image, {shown.ceiling:.1f}: it draws no other."
        else:
            words += "Every x has the same code."
        st.info(words, icon=":material/water_drop:")


def numbers(shown: data.Sweep) -> None:
    best = shown.best
    values = {
        "Least −ELBO": f"{best.negative_elbo:.2f} nats",
        "at β": f"{best.beta:g}",
        "I(x; z) there": f"{best.split.information:.2f} ± {best.split.information_error:.2f} nats",
        "KL(q(z)‖p(z)) there": f"{best.split.marginal:.2f} ± {best.split.marginal_error:.2f} nats",
    }
    if shown.floor is not None:
        values |= {"Floor": f"{shown.floor:.2f} nats", "Ceiling": f"{shown.ceiling:.2f} nats"}
    frame.numbers(
        values,
        {
            "Least −ELBO": "Reconstruction + KL on the test set, with a sampled z; β is never in it.",
            "I(x; z) there": "Mutual information between an example and its code: at most log N.",
            "Floor": "The cross-entropy of a perfect reconstruction: grey pixels have an entropy of their own.",
            "Ceiling": "The cross-entropy of the mean image, for every x the same.",
        },
    )


with frame.lesson_page(LESSON) as view:
    view.prediction = PREDICTION
    frame.exhibit(view, draw)
