"""Which sweep the β page shows: a shipped one, or settings of one's own that are trained on demand."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from vaedemo import settings
from vaedemo.app import catalogue, frame, lab_progress, runs
from vaedemo.app.lab_form import DATA_TITLES, span
from vaedemo.app.links import Parameter, config_parameters
from vaedemo.config import DATASETS, POINT_DATASETS, RunConfig
from vaedemo.rules import ConfigError, one_of, whole
from vaedemo.training import caps, estimate, shipped, sweeps
from vaedemo.training.job import Job
from vaedemo.training.run import Run

SOURCES = {"sweep-mnist": "MNIST, shipped", "sweep-ring": "Ring, shipped", "own": "Your own"}
OWN_BETAS = "0.01,0.1,0.5,1,2,4,10,50"
POINT_NOISE = 0.02  # sigma squared: small enough to see the ring, large enough that the largest β collapses
MOST_EPOCHS = min(60, settings.current().max_epochs)


def betas_text(name: str, value: Any) -> str:
    """The rule for the list of β as the text in its box."""
    return ",".join(f"{beta:g}" for beta in sweeps.betas(name, value))


PARAMETERS = (
    Parameter("sweep", "sweep-mnist", one_of(*SOURCES)),
    Parameter("betas", OWN_BETAS, betas_text),
    *config_parameters("dataset", "latent_dim", "seed"),
    Parameter("width", 200, whole(1, 1024)),
    Parameter("epochs", 10, whole(1, MOST_EPOCHS)),
    Parameter("train", 0, whole(0, 1)),
)


def choose_source(view: frame.View) -> None:
    st.segmented_control(
        "Sweep",
        list(SOURCES),
        format_func=SOURCES.get,
        key=view.key("sweep"),
        required=True,
        label_visibility="collapsed",
    )


def find(view: frame.View) -> list[Run] | None:
    """The runs of the chosen sweep in the order of β, or None while there are none; says why and what to do."""
    if view["sweep"] != "own":
        return [catalogue.run(name) for name in shipped.members(view["sweep"])]
    configs = own(view)
    return None if configs is None else trained(view, configs)


def own(view: frame.View) -> list[RunConfig] | None:
    """The widgets of a sweep of one's own; None after saying in one sentence what was refused."""
    changed = {"on_change": forget, "args": (view,)}
    first, second, third = st.columns([1.5, 1, 1], gap="medium")
    first.selectbox("Data", DATASETS, format_func=DATA_TITLES.get, key=view.key("dataset"), **changed)
    second.number_input("Units in the hidden layer", 1, 1024, key=view.key("width"), **changed)
    third.number_input("Latent axes", 1, 64, key=view.key("latent_dim"), **changed)
    first.text_input("Values of β, separated by commas", key=view.key("betas"), max_chars=200, **changed)
    second.number_input("Epochs", 1, MOST_EPOCHS, key=view.key("epochs"), **changed)
    third.number_input("Seed", 0, 2**32 - 1, key=view.key("seed"), **changed)
    try:
        betas = sweeps.betas("β", view["betas"])
        configs = configs_of(view.values(), betas)
        for config in configs:
            caps.check(config, settings.current())
        caps.check_together(configs, settings.current())
        return configs
    except ConfigError as error:
        st.error(str(error), icon=":material/error:")
        return None


def configs_of(values: dict[str, Any], betas: Sequence[float]) -> list[RunConfig]:
    """The configs that the link's settings describe, one a β."""
    on_points = values["dataset"] in POINT_DATASETS
    base = RunConfig(
        dataset=values["dataset"],
        hidden=(values["width"],) * (2 if on_points else 1),
        latent_dim=values["latent_dim"],
        noise_variance=POINT_NOISE if on_points else RunConfig.noise_variance,
        epochs=values["epochs"],
        seed=values["seed"],
    )
    return [base.replace(beta=beta) for beta in betas]


def trained(view: frame.View, configs: list[RunConfig]) -> list[Run] | None:
    """The runs if they are there; else the button that trains them, or the progress of whoever trains them."""
    if view["train"]:
        runs.join_all(configs)
    answer = runs.look_all(configs)
    if isinstance(answer, runs.AllFinished):
        return list(answer.runs)
    if isinstance(answer, runs.UnderWay) and (answer.mine or answer.job.stopping):
        st.button("Stop", icon=":material/stop:", on_click=leave, args=(view, configs))
        live(configs, answer.job)
        return None
    if isinstance(answer, runs.Ended):
        st.warning(answer.reason, icon=":material/warning:")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            f"Train {len(configs)} models together",
            icon=":material/play_arrow:",
            type="primary",
            on_click=begin,
            args=(view, configs),
        )
        st.caption(cost(configs))
    return None


def live(configs: list[RunConfig], job: Job) -> None:
    """Progress of the whole stack and the newest figures of each member; the exhibit reruns when it is over."""

    @st.fragment(run_every=1.0)
    def redraw() -> None:
        if not job.in_flight:
            st.rerun()
        st.progress(lab_progress.done(configs[0], job), text=lab_progress.sentence(configs[0], job))
        rows = [(config, job.history(config.digest)) for config in configs]
        lines = ["| β | epoch | reconstruction | KL | −ELBO |", "|--:|--:|--:|--:|--:|"]
        for config, history in rows:
            if history:
                last = history[-1]
                measured = (last[f"test_{name}"] for name in ("reconstruction", "kl", "negative_elbo"))
                lines.append(
                    f"| {config.beta:g} | {last['epoch']} | " + " | ".join(f"{x:.2f}" for x in measured) + " |"
                )
        if len(lines) > 2:
            st.markdown("\n".join(lines))
        st.caption(lab_progress.company(job))

    redraw()


def forget(view: frame.View) -> None:
    """Other settings are another sweep: the link no longer asks for the one before."""
    view["train"] = 0


def begin(view: frame.View, configs: list[RunConfig]) -> None:
    runs.start_all(configs)
    view["train"] = 1


def leave(view: frame.View, configs: list[RunConfig]) -> None:
    runs.stop_all(configs)
    view["train"] = 0


def cost(configs: list[RunConfig]) -> str:
    calibration = runs.service().calibration
    together = f"{caps.parameters(configs[0]):,} parameters each, trained in one pass"
    if calibration is None:
        return f"{together}."
    return f"About {span(estimate.seconds(configs[0], calibration, len(configs)))}; {together}."
