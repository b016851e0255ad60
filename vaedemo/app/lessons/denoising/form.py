"""The denoising models of this page: shipped ones, or trained on demand with custom settings."""

import streamlit as st

from vaedemo.app import catalogue
from vaedemo.app.shared.forms import DATA_TITLES, most_epochs
from vaedemo.app.shell import frame, sliders
from vaedemo.app.shell.links import Parameter
from vaedemo.app.trainings import panel
from vaedemo.config import IMAGE_DATASETS, RunConfig
from vaedemo.rules import ConfigError, one_of, real, whole
from vaedemo.training import shipped_runs
from vaedemo.training.run import Run

SOURCES = {"shipped": "Shipped", "own": "Your own"}
KINDS = {"gaussian": "Gaussian", "masking": "Masking", "salt_pepper": "Salt and pepper"}
TRAINED_ON = KINDS | {"none": "Nothing"}
MOST_EPOCHS = most_epochs(200)
LEAST_SIGMA, MOST_SIGMA = 0.02, 1.0
LEAST_LEVEL = 0.05
OWN_RATE = 2e-4  # twice the shipped runs' learning rate, for half their epochs

RING_PARAMETERS = (
    Parameter("field", "shipped", one_of(*SOURCES)),
    Parameter("sigma", 0.3, sliders.listed(shipped_runs.SIGMAS)),
    Parameter("own_sigma", 0.15, real(LEAST_SIGMA, MOST_SIGMA)),
    Parameter("ring_width", 64, whole(1, 256)),
    Parameter("ring_epochs", MOST_EPOCHS, whole(1, MOST_EPOCHS)),
    Parameter("ring_seed", 0, whole(0, 2**32 - 1)),
    Parameter("ring_train", 0, whole(0, 1)),
)
IMAGE_PARAMETERS = (
    Parameter("models", "shipped", one_of(*SOURCES)),
    Parameter("trained_on", "gaussian", one_of(*KINDS)),
    Parameter("dataset", "digits", one_of(*IMAGE_DATASETS)),
    Parameter("train_kind", "gaussian", one_of(*KINDS)),
    Parameter("train_level", 0.5, real(LEAST_LEVEL, 1.0)),
    Parameter("width", 200, whole(1, 1024)),
    Parameter("latent_dim", 32, whole(1, 1024)),
    Parameter("epochs", 20, whole(1, MOST_EPOCHS)),
    Parameter("seed", 0, whole(0, 2**32 - 1)),
    Parameter("train", 0, whole(0, 1)),
)


def source(view: frame.View, name: str) -> str:
    st.segmented_control(
        "Models", list(SOURCES), format_func=SOURCES.get, key=view.key(name), required=True, width="stretch"
    )
    return view[name]


def ring_config(view: frame.View) -> RunConfig:
    """The config of the ring's model: a shipped one, or the link's settings."""
    if view["field"] == "shipped":
        return shipped_runs.NAMED[ring_name(view)]
    return shipped_runs.DENOISED_RING.replace(
        corruption_level=view["own_sigma"],
        hidden=(view["ring_width"],) * 2,
        epochs=view["ring_epochs"],
        seed=view["ring_seed"],
        learning_rate=OWN_RATE,
    )


def ring_name(view: frame.View) -> str:
    return shipped_runs.denoised_ring(view["sigma"])


def ring_run(view: frame.View) -> Run | None:
    """Draw the widgets of the ring's model; return its run, or None if there is none."""
    if source(view, "field") == "shipped":
        sliders.slider(view, "sigma", "σ, the noise in training", shipped_runs.SIGMAS)
        return catalogue.run(ring_name(view))
    changed = {"on_change": drop_train_flag, "args": (view, "ring_train")}
    st.slider("σ, the noise in training", LEAST_SIGMA, MOST_SIGMA, step=0.01, key=view.key("own_sigma"), **changed)
    first, second = st.columns(2)
    first.number_input("Units a layer", 1, 256, key=view.key("ring_width"), **changed)
    second.number_input("Epochs", 1, MOST_EPOCHS, key=view.key("ring_epochs"), **changed)
    first.number_input("Seed", 0, 2**32 - 1, key=view.key("ring_seed"), **changed)
    found = panel.trained(
        view,
        [ring_config(view)],
        name=lambda config: f"{config.corruption_level:g}",
        heading="σ",
        flag="ring_train",
        button="Train this model",
    )
    return None if found is None else found[0]


def image_runs(view: frame.View) -> list[Run] | None:
    """Draw the widgets of the image models; return their runs, the chosen one first and the plain one last, or None.

    For the shipped models all runs are returned, so that their errors can be compared.
    """
    if source(view, "models") == "shipped":
        st.selectbox("Trained on", list(KINDS), format_func=KINDS.get, key=view.key("trained_on"))
        kinds = sorted(shipped_runs.CORRUPTIONS, key=lambda kind: (kind == "none", kind != view["trained_on"]))
        return [catalogue.run(shipped_runs.denoised_digits(kind)) for kind in kinds]
    changed = {"on_change": drop_train_flag, "args": (view, "train")}
    st.selectbox("Data", IMAGE_DATASETS, format_func=DATA_TITLES.get, key=view.key("dataset"), **changed)
    st.selectbox("Corruption in training", list(KINDS), format_func=KINDS.get, key=view.key("train_kind"), **changed)
    st.slider("Level in training", LEAST_LEVEL, 1.0, step=0.05, key=view.key("train_level"), **changed)
    first, second = st.columns(2)
    first.number_input("Hidden units", 1, 1024, key=view.key("width"), **changed)
    second.number_input("Code", 1, 1024, key=view.key("latent_dim"), **changed)
    first.number_input("Epochs", 1, MOST_EPOCHS, key=view.key("epochs"), **changed)
    second.number_input("Seed", 0, 2**32 - 1, key=view.key("seed"), **changed)
    try:
        configs = own_configs(view)
    except ConfigError as error:
        st.error(str(error), icon=":material/error:")
        return None
    return panel.trained(
        view,
        configs,
        name=lambda config: TRAINED_ON[config.corruption],
        heading="trained on",
        button="Train it, and a plain one",
    )


def own_configs(view: frame.View) -> list[RunConfig]:
    """The config of a denoising model with the link's settings, and the same without corruption."""
    base = RunConfig(
        dataset=view["dataset"],
        model="autoencoder",
        hidden=(view["width"],),
        latent_dim=view["latent_dim"],
        likelihood="gaussian",
        corruption=view["train_kind"],
        corruption_level=view["train_level"],
        epochs=view["epochs"],
        seed=view["seed"],
    )
    return [base, base.replace(corruption="none", corruption_level=0.0)]


def drop_train_flag(view: frame.View, flag: str) -> None:
    """Drop the request to train from the link, because the settings changed."""
    view[flag] = 0
