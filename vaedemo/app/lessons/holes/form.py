"""The pair of the page on holes: the shipped one, or an autoencoder and a VAE trained on demand."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from vaedemo.app import catalogue
from vaedemo.app.shared.forms import DATA_TITLES, most_epochs
from vaedemo.app.shell.links import Parameter, config_parameters
from vaedemo.app.shell.view import View
from vaedemo.app.trainings import panel, runs
from vaedemo.config import RunConfig
from vaedemo.rules import one_of, whole
from vaedemo.training.run import Run

SOURCES = {"shipped": "MNIST", "own": "Your own"}
SHIPPED = {"autoencoder": "mnist-2d-autoencoder", "vae": "mnist-2d"}
TITLES = {"autoencoder": "Autoencoder", "vae": "VAE"}
IMAGE_SETS = ("digits", "mnist-55k", "fashion", "shapes")
MOST_EPOCHS = most_epochs()
PARAMETERS = (
    Parameter("source", "shipped", one_of(*SOURCES)),
    Parameter("dataset", "digits", one_of(*IMAGE_SETS)),
    Parameter("width", 400, whole(1, 1024)),
    Parameter("epochs", min(30, MOST_EPOCHS), whole(1, MOST_EPOCHS)),
    *config_parameters("seed"),
    Parameter("train", 0, whole(0, 1)),
)


def find(view: View) -> dict[str, Run] | None:
    """The pair by kind of model. If there is none, say what to do, and return None."""
    if view["source"] == "shipped":
        return {kind: catalogue.run(name) for kind, name in SHIPPED.items()}
    configs = configs_of(view.values())
    found = panel.trained(
        view, list(configs.values()), name=lambda config: TITLES[config.model], heading="model", button="Train both"
    )
    return None if found is None else dict(zip(configs, found, strict=True))


def finished(view: View) -> dict[str, Run] | None:
    """The pair by kind of model, if both are there. Draws nothing."""
    if view["source"] == "shipped":
        return find(view)
    configs = configs_of(view.values())
    state = runs.state_of_all(list(configs.values()))
    return dict(zip(configs, state.runs, strict=True)) if isinstance(state, runs.AllFinished) else None


def choose_source(view: View) -> None:
    st.segmented_control(
        "Models",
        list(SOURCES),
        format_func=SOURCES.get,
        key=view.key("source"),
        required=True,
        label_visibility="collapsed",
        on_change=lambda: start(view),
    )


def fields(view: View) -> None:
    """The widgets of a pair of one's own."""
    changed = {"on_change": drop_train_flag, "args": (view,)}
    st.selectbox("Data", IMAGE_SETS, format_func=DATA_TITLES.get, key=view.key("dataset"), **changed)
    left, right = st.columns(2)
    left.number_input("Hidden units", 1, 1024, key=view.key("width"), **changed)
    right.number_input("Epochs", 1, MOST_EPOCHS, key=view.key("epochs"), **changed)
    left.number_input("Seed", 0, 2**32 - 1, key=view.key("seed"), **changed)


def configs_of(values: Mapping[str, Any]) -> dict[str, RunConfig]:
    """The two configs of the link's settings; they differ only in the model."""
    common = {name: values[name] for name in ("dataset", "epochs", "seed")}
    return {kind: RunConfig(model=kind, hidden=(values["width"],), latent_dim=2, **common) for kind in SHIPPED}


def drop_train_flag(view: View) -> None:
    """Drop the request to train from the link and reset z, because the settings changed."""
    view["train"] = 0
    start(view)


def start(view: View) -> None:
    """Reset z to its default, because other models have other codes."""
    for name in ("z1", "z2"):
        view[name] = view.lesson.table.parameters[name].default


def code_of_runs(values: Mapping[str, Any]) -> str:
    """The lines of a script that load or train the pair of the view."""
    if values["source"] == "shipped":
        return "autoencoder, vae = vd.load({autoencoder!r}), vd.load({vae!r})".format(**SHIPPED)
    each = [config.to_dict() for config in configs_of(values).values()]
    return f"autoencoder, vae = (vd.train(vd.RunConfig(**each)) for each in {each})"
