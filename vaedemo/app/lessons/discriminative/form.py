"""The classifier and the VAE of the image exhibit: shipped ones, or trained on demand on a chosen data set."""

from typing import Any

import streamlit as st

from vaedemo.app import catalogue
from vaedemo.app.shared.forms import DATA_TITLES, most_epochs
from vaedemo.app.shell import frame, widgets
from vaedemo.app.shell.links import Parameter
from vaedemo.app.trainings import panel
from vaedemo.config import IMAGE_DATASETS, RunConfig
from vaedemo.rules import one_of, whole
from vaedemo.training.run import Run

SOURCES = {"shipped": "Digits, shipped", "own": "Your own"}
SHIPPED = ("digit-classifier", "mnist-20d")
KINDS = {"classifier": "Classifier", "vae": "VAE"}
MOST_EPOCHS = most_epochs(60)
PARAMETERS = (
    Parameter("source", "shipped", one_of(*SOURCES)),
    Parameter("own_data", "digits", one_of(*IMAGE_DATASETS)),
    Parameter("own_width", 200, whole(1, 1024)),
    Parameter("own_epochs", min(20, MOST_EPOCHS), whole(1, MOST_EPOCHS)),
    Parameter("own_seed", 0, whole(0, 2**32 - 1)),
    Parameter("train_digits", 0, whole(0, 1)),
)


def choose_source(view: frame.View) -> None:
    widgets.choose(view, "source", SOURCES, "Models")


def configs_of(values: dict[str, Any]) -> tuple[RunConfig, RunConfig]:
    """The configs of the classifier and the VAE with the link's settings."""
    base = RunConfig(
        dataset=values["own_data"],
        hidden=(values["own_width"],),
        latent_dim=20,
        epochs=values["own_epochs"],
        seed=values["own_seed"],
    )
    return base.replace(model="classifier", latent_dim=32), base


def find(view: frame.View) -> tuple[Run, Run] | None:
    """The classifier and the VAE shown, or None while one of them is not trained."""
    if view["source"] == "shipped":
        return tuple(catalogue.run(name) for name in SHIPPED)
    changed = {"on_change": drop_train_flag, "args": (view,)}
    first, second, third, fourth = st.columns([1.6, 1, 1, 1], gap="medium")
    first.selectbox("Data", IMAGE_DATASETS, format_func=DATA_TITLES.get, key=view.key("own_data"), **changed)
    second.number_input("Units in the hidden layer", 1, 1024, key=view.key("own_width"), **changed)
    third.number_input("Epochs", 1, MOST_EPOCHS, key=view.key("own_epochs"), **changed)
    fourth.number_input("Seed", 0, 2**32 - 1, key=view.key("own_seed"), **changed)
    found = panel.trained(
        view,
        configs_of(view.values()),
        name=lambda config: KINDS[config.model],
        heading="model",
        flag="train_digits",
        button="Train both",
    )
    return None if found is None else (found[0], found[1])


def drop_train_flag(view: frame.View) -> None:
    """Drop the request to train from the link, because the settings changed."""
    view["train_digits"] = 0
