"""The classifier and the VAE of the image exhibits: shipped ones, or trained on demand on a chosen data set."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from vaedemo import datasets
from vaedemo.app import catalogue
from vaedemo.app.shared.forms import DATA_TITLES, most_epochs
from vaedemo.app.shell import widgets
from vaedemo.app.shell.config_code import arguments
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.view import View
from vaedemo.app.trainings import panel, runs
from vaedemo.config import IMAGE_DATASETS, RunConfig
from vaedemo.rules import ConfigError, one_of, whole
from vaedemo.training.run import Run

SOURCES = {"shipped": "MNIST digits", "own": "Your own"}
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
    Parameter("ask", 7, whole(0, 9)),
)


def configs_of(values: Mapping[str, Any]) -> tuple[RunConfig, RunConfig]:
    """The configs of the classifier and the VAE with the link's settings."""
    base = RunConfig(
        dataset=values["own_data"],
        hidden=(values["own_width"],),
        latent_dim=20,
        epochs=values["own_epochs"],
        seed=values["own_seed"],
    )
    return base.replace(model="classifier", latent_dim=32), base


def shipped() -> tuple[Run, Run]:
    return tuple(catalogue.run(name) for name in SHIPPED)


def find(view: View) -> tuple[Run, Run] | None:
    """The classifier and the VAE shown, or None while one of them is not trained; then the button or the progress is
    drawn."""
    keep_class(view)
    if view["source"] == "shipped":
        return shipped()
    found = panel.trained(
        view,
        configs_of(view),
        name=lambda config: KINDS[config.model],
        heading="model",
        flag="train_digits",
        button="Train both",
    )
    return None if found is None else (found[0], found[1])


def finished(values: Mapping[str, Any]) -> tuple[Run, Run] | None:
    """The classifier and the VAE shown, if both are there. Draws nothing."""
    if values["source"] == "shipped":
        return shipped()
    state = runs.state_of_all(configs_of(values))
    return tuple(state.runs) if isinstance(state, runs.AllFinished) else None


def code(values: Mapping[str, Any]) -> str:
    """The lines of a script that load the two models, or train them if they are the visitor's own."""
    if values["source"] == "shipped":
        return 'classifier, vae = vd.load("{}").model, vd.load("{}").model\n'.format(*SHIPPED)
    lines = ["classifier, vae = ("]
    for config in configs_of(values):
        settings = arguments(config)
        lines.append(f"    vd.train(vd.RunConfig({settings})).model,")
    return "\n".join([*lines, ")", ""])


def data_of(values: Mapping[str, Any]) -> str:
    """The data set of the models shown."""
    return shipped()[0].config.dataset if values["source"] == "shipped" else values["own_data"]


def keep_class(view: View) -> None:
    """Refuse a class that the images do not have, in one sentence, and go on with the last one."""
    names = datasets.class_names(data_of(view))
    if view["ask"] >= len(names):
        refusal = ConfigError("ask", view["ask"], f"a class from 0 to {len(names) - 1} of {data_of(view)}")
        st.warning(str(refusal), icon=":material/block:")
        view["ask"] = len(names) - 1


def choose_source(view: View) -> None:
    widgets.choose(view, "source", SOURCES, "Models")


def choose_class(view: View) -> None:
    keep_class(view)
    names = datasets.class_names(data_of(view))
    st.segmented_control(
        "Ask for", range(len(names)), format_func=names.__getitem__, key=view.key("ask"), required=True, wrap=True
    )


def fields(view: View) -> None:
    """The widgets of a training of one's own."""
    changed = {"on_change": drop_train_flag, "args": (view,)}
    st.selectbox("Data", IMAGE_DATASETS, format_func=DATA_TITLES.get, key=view.key("own_data"), **changed)
    st.number_input("Units in the hidden layer", 1, 1024, key=view.key("own_width"), **changed)
    left, right = st.columns(2)
    left.number_input("Epochs", 1, MOST_EPOCHS, key=view.key("own_epochs"), **changed)
    right.number_input("Seed", 0, 2**32 - 1, key=view.key("own_seed"), **changed)


def drop_train_flag(view: View) -> None:
    """Drop the request to train from the link, because the settings changed."""
    view["train_digits"] = 0


CONTROLS = {"source": choose_source, "own_images": fields, "ask": choose_class}


def controls_of(values: Mapping[str, Any]) -> tuple[str, ...]:
    return ("source", "own_images", "ask") if values["source"] == "own" else ("source", "ask")
