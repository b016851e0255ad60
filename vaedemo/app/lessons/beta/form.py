"""The sweep of the β page: a shipped one, or one trained on demand with custom settings."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from vaedemo.app import catalogue
from vaedemo.app.shared.forms import most_epochs
from vaedemo.app.shell import own_sets, widgets
from vaedemo.app.shell.links import Parameter, config_parameters
from vaedemo.app.shell.view import View
from vaedemo.app.trainings import panel, runs
from vaedemo.app.trainings.own_data import form as own_data
from vaedemo.config import RunConfig
from vaedemo.dataset_names import holds_points
from vaedemo.rules import one_of, whole
from vaedemo.training import presets, shipped_runs, sweeps
from vaedemo.training.run import Run

SOURCES = {"sweep-mnist": "MNIST", "sweep-ring": "Ring", "own": "Your own"}
OWN_BETAS = "0.01,0.1,0.5,1,2,4,10,50"
POINT_NOISE = 0.02  # sigma squared: small enough for a clear ring, large enough that the largest β collapses
MOST_EPOCHS = most_epochs(60)


def betas_text(name: str, value: Any) -> str:
    """The rule for the list of β as the text of its field."""
    return ",".join(f"{beta:g}" for beta in sweeps.betas(name, value))


PARAMETERS = (
    Parameter("sweep", "sweep-mnist", one_of(*SOURCES)),
    Parameter("betas", OWN_BETAS, betas_text),
    *config_parameters(
        "dataset",
        "latent_dim",
        "seed",
        dataset=Parameter("dataset", RunConfig.dataset, own_sets.rule, longest=own_sets.LONGEST),
    ),
    Parameter("width", 200, whole(1, 1024)),
    Parameter("epochs", min(6, MOST_EPOCHS), whole(1, MOST_EPOCHS)),
    Parameter("train", 0, whole(0, 1)),
)


def find(view: View) -> list[Run] | None:
    """The runs of the chosen sweep in the order of β. If there are none, say why and what to do, and return None.

    Raises ConfigError for a list of β that is no sweep.
    """
    if view["sweep"] != "own":
        return [catalogue.run(name) for name in shipped_runs.members(view["sweep"])]
    configs = own(view)
    return panel.trained(
        view,
        configs,
        name=lambda config: f"{config.beta:g}",
        heading="β",
        button=f"Train {len(configs)} models together",
    )


def finished(view: View) -> list[Run] | None:
    """The runs of the chosen sweep, if all are there. Draws nothing."""
    if view["sweep"] != "own":
        return find(view)
    state = runs.state_of_all(own(view))
    return list(state.runs) if isinstance(state, runs.AllFinished) else None


def own(values: Mapping[str, Any]) -> list[RunConfig]:
    """The configs of a custom sweep. Raises ConfigError."""
    return configs_of(values, sweeps.betas("β", values["betas"]))


def choose_source(view: View) -> None:
    widgets.choose(view, "sweep", SOURCES, "Sweep")


def fields(view: View) -> None:
    """The widgets of a custom sweep."""
    changed = {"on_change": drop_train_flag, "args": (view,)}
    st.text_input("Values of β, separated by commas", key=view.key("betas"), max_chars=200, **changed)
    own_data.menu(view, drop_train_flag)
    left, right = st.columns(2)
    left.number_input("Units in the hidden layer", 1, 1024, key=view.key("width"), **changed)
    right.number_input("Latent axes", 1, 64, key=view.key("latent_dim"), **changed)
    left.number_input("Epochs", 1, MOST_EPOCHS, key=view.key("epochs"), **changed)
    right.number_input("Seed", 0, 2**32 - 1, key=view.key("seed"), **changed)


def configs_of(values: Mapping[str, Any], betas: Sequence[float]) -> list[RunConfig]:
    """The configs of the link's settings, one per β, with the fast recipe."""
    on_points = holds_points(values["dataset"])
    base = RunConfig(
        dataset=values["dataset"],
        hidden=(values["width"],) * (2 if on_points else 1),
        latent_dim=values["latent_dim"],
        noise_variance=POINT_NOISE if on_points else RunConfig.noise_variance,
        seed=values["seed"],
    )
    base = presets.fast(base).replace(epochs=values["epochs"])
    return [base.replace(beta=beta) for beta in betas]


def drop_train_flag(view: View) -> None:
    """Drop the request to train from the link, because the settings changed."""
    view["train"] = 0
