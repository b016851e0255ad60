"""The three models of the taxonomy page: shipped ones, or trained on demand with custom settings."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from vaedemo.analysis.point_densities import KNOWN
from vaedemo.app import catalogue
from vaedemo.app.shared.forms import DATA_TITLES, most_epochs
from vaedemo.app.shell import widgets
from vaedemo.app.shell.links import Parameter, config_parameters
from vaedemo.app.shell.view import View
from vaedemo.app.trainings import panel, runs
from vaedemo.config import RunConfig
from vaedemo.rules import one_of, whole
from vaedemo.training.run import Run

KINDS = {"vae": "VAE", "flow": "Flow", "autoregressive": "Autoregressive"}
SHIPPED = {
    "ring": ("ring-2d", "ring-flow", "ring-autoregressive"),
    "moons": ("moons-2d", "moons-flow", "moons-autoregressive"),
}
SOURCES = {"ring": "Ring", "moons": "Moons", "own": "Your own"}
MOST_EPOCHS = most_epochs(200)
RATES = {"vae": 1e-3, "flow": 5e-4, "autoregressive": 3e-3}
PARAMETERS = (
    Parameter("source", "ring", one_of(*SOURCES)),
    Parameter("dataset", "spiral", one_of(*KNOWN)),
    Parameter("width", 64, whole(1, 256)),
    Parameter("couplings", 8, whole(1, 16)),
    *config_parameters("components", "seed"),
    Parameter("epochs", min(100, MOST_EPOCHS), whole(1, MOST_EPOCHS)),
    Parameter("train", 0, whole(0, 1)),
)


def choose_source(view: View) -> None:
    widgets.choose(view, "source", SOURCES, "Models")


def fields(view: View) -> None:
    """The widgets of a training of one's own."""
    changed = {"on_change": drop_train_flag, "args": (view,)}
    st.selectbox("Data", KNOWN, format_func=DATA_TITLES.get, key=view.key("dataset"), **changed)
    st.number_input("Units in each of two hidden layers", 1, 256, key=view.key("width"), **changed)
    left, right = st.columns(2)
    left.number_input("Couplings of the flow", 1, 16, key=view.key("couplings"), **changed)
    right.number_input("Normals in each mixture", 1, 64, key=view.key("components"), **changed)
    left.number_input("Epochs", 1, MOST_EPOCHS, key=view.key("epochs"), **changed)
    right.number_input("Seed", 0, 2**32 - 1, key=view.key("seed"), **changed)


def find(view: View) -> list[Run] | None:
    """The VAE, the flow and the autoregressive model, or None while they are not trained; then the button or the
    progress is drawn."""
    if view["source"] in SHIPPED:
        return shipped(view["source"])
    return panel.trained(view, configs_of(view), name=lambda config: KINDS[config.model], heading="Model")


def finished(values: Mapping[str, Any]) -> list[Run] | None:
    """The three models, if all are there. Draws nothing."""
    if values["source"] in SHIPPED:
        return shipped(values["source"])
    state = runs.state_of_all(configs_of(values))
    return list(state.runs) if isinstance(state, runs.AllFinished) else None


def shipped(source: str) -> list[Run]:
    return [catalogue.run(name) for name in SHIPPED[source]]


def configs_of(values: Mapping[str, Any]) -> list[RunConfig]:
    """The three configs of the link's settings, in the order of `KINDS`."""
    base = RunConfig(
        dataset=values["dataset"],
        hidden=(values["width"],) * 2,
        noise_variance="learned",
        couplings=values["couplings"],
        components=values["components"],
        epochs=values["epochs"],
        batch_size=200,
        seed=values["seed"],
    )
    return [base.replace(model=model, learning_rate=RATES[model]) for model in KINDS]


def drop_train_flag(view: View) -> None:
    """Drop the request to train from the link, because the settings changed."""
    view["train"] = 0
