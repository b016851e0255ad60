"""The sweep of the β page: a shipped one, or one trained on demand with custom settings."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from vaedemo.app import catalogue
from vaedemo.app.shared.forms import DATA_TITLES, most_epochs
from vaedemo.app.shell import frame, widgets
from vaedemo.app.shell.links import Parameter, config_parameters
from vaedemo.app.trainings import panel
from vaedemo.config import DATASETS, POINT_DATASETS, RunConfig
from vaedemo.rules import ConfigError, one_of, whole
from vaedemo.training import presets, shipped_runs, sweeps
from vaedemo.training.run import Run

SOURCES = {"sweep-mnist": "MNIST, shipped", "sweep-ring": "Ring, shipped", "own": "Your own"}
OWN_BETAS = "0.01,0.1,0.5,1,2,4,10,50"
POINT_NOISE = 0.02  # sigma squared: small enough for a clear ring, large enough that the largest β collapses
MOST_EPOCHS = most_epochs(60)


def betas_text(name: str, value: Any) -> str:
    """The rule for the list of β as the text of its field."""
    return ",".join(f"{beta:g}" for beta in sweeps.betas(name, value))


PARAMETERS = (
    Parameter("sweep", "sweep-mnist", one_of(*SOURCES)),
    Parameter("betas", OWN_BETAS, betas_text),
    *config_parameters("dataset", "latent_dim", "seed"),
    Parameter("width", 200, whole(1, 1024)),
    Parameter("epochs", min(6, MOST_EPOCHS), whole(1, MOST_EPOCHS)),
    Parameter("train", 0, whole(0, 1)),
)


def choose_source(view: frame.View) -> None:
    widgets.choose(view, "sweep", SOURCES, "Sweep")


def find(view: frame.View) -> list[Run] | None:
    """The runs of the chosen sweep in the order of β. If there are none, say why and what to do, and return None."""
    if view["sweep"] != "own":
        return [catalogue.run(name) for name in shipped_runs.members(view["sweep"])]
    configs = own(view)
    if configs is None:
        return None
    return panel.trained(
        view,
        configs,
        name=lambda config: f"{config.beta:g}",
        heading="β",
        button=f"Train {len(configs)} models together",
    )


def own(view: frame.View) -> list[RunConfig] | None:
    """Draw the widgets of a custom sweep. If the settings are refused, say so in one sentence and return None."""
    changed = {"on_change": drop_train_flag, "args": (view,)}
    first, second, third = st.columns([1.5, 1, 1], gap="medium")
    first.selectbox("Data", DATASETS, format_func=DATA_TITLES.get, key=view.key("dataset"), **changed)
    second.number_input("Units in the hidden layer", 1, 1024, key=view.key("width"), **changed)
    third.number_input("Latent axes", 1, 64, key=view.key("latent_dim"), **changed)
    first.text_input("Values of β, separated by commas", key=view.key("betas"), max_chars=200, **changed)
    second.number_input("Epochs", 1, MOST_EPOCHS, key=view.key("epochs"), **changed)
    third.number_input("Seed", 0, 2**32 - 1, key=view.key("seed"), **changed)
    try:
        betas = sweeps.betas("β", view["betas"])
        return configs_of(view.values(), betas)
    except ConfigError as error:
        st.error(str(error), icon=":material/error:")
        return None


def configs_of(values: dict[str, Any], betas: Sequence[float]) -> list[RunConfig]:
    """The configs of the link's settings, one per β, with the fast recipe."""
    on_points = values["dataset"] in POINT_DATASETS
    base = RunConfig(
        dataset=values["dataset"],
        hidden=(values["width"],) * (2 if on_points else 1),
        latent_dim=values["latent_dim"],
        noise_variance=POINT_NOISE if on_points else RunConfig.noise_variance,
        seed=values["seed"],
    )
    base = presets.fast(base).replace(epochs=values["epochs"])
    return [base.replace(beta=beta) for beta in betas]


def drop_train_flag(view: frame.View) -> None:
    """Drop the request to train from the link, because the settings changed."""
    view["train"] = 0
