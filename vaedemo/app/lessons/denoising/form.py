"""The denoising models of this page: shipped ones, or trained on demand with custom settings."""

import streamlit as st

from vaedemo.app import catalogue
from vaedemo.app.shared.forms import DATA_TITLES, most_epochs
from vaedemo.app.shell import sliders
from vaedemo.app.shell.config_code import arguments
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.steps import Values
from vaedemo.app.shell.view import View
from vaedemo.app.trainings import panel
from vaedemo.app.trainings import runs as finished_runs
from vaedemo.config import IMAGE_DATASETS, RunConfig
from vaedemo.rules import one_of, real, whole
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


def ring_config(values: Values) -> RunConfig:
    """The config of the ring's model: a shipped one, or the link's settings."""
    if values["field"] == "shipped":
        return shipped_runs.NAMED[ring_name(values)]
    return shipped_runs.DENOISED_RING.replace(
        corruption_level=values["own_sigma"],
        hidden=(values["ring_width"],) * 2,
        epochs=values["ring_epochs"],
        seed=values["ring_seed"],
        learning_rate=OWN_RATE,
    )


def ring_name(values: Values) -> str:
    return shipped_runs.denoised_ring(values["sigma"])


def ring_run(view: View) -> Run | None:
    """The ring's model. If there is none, say why and what to do, and return None."""
    if view["field"] == "shipped":
        return catalogue.run(ring_name(view))
    found = panel.trained(
        view,
        [ring_config(view)],
        name=lambda config: f"{config.corruption_level:g}",
        heading="σ",
        flag="ring_train",
        button="Train this model",
    )
    return None if found is None else found[0]


def finished_ring(values: Values) -> Run | None:
    """The ring's model, if it is there. Draws nothing."""
    if values["field"] == "shipped":
        return catalogue.run(ring_name(values))
    found = finished([ring_config(values)])
    return None if found is None else found[0]


def code_of_ring(values: Values) -> str:
    """An expression that loads or trains the ring's model."""
    if values["field"] == "shipped":
        return f'vd.load("{ring_name(values)}")'
    fields = arguments(ring_config(values))
    return f"vd.train(vd.RunConfig({fields}))"


def image_runs(view: View) -> list[Run] | None:
    """The image models, the chosen one first and the plain one last. If there are none, say why, and return None.

    For the shipped models all runs are returned, so that their errors can be compared.
    """
    if view["models"] == "shipped":
        return shipped_images(view["trained_on"])
    return panel.trained(
        view,
        own_configs(view),
        name=lambda config: TRAINED_ON[config.corruption],
        heading="trained on",
        button="Train it, and a plain one",
    )


def finished_images(values: Values) -> list[Run] | None:
    """The image models as `image_runs` returns them, if they are there. Draws nothing."""
    if values["models"] == "shipped":
        return shipped_images(values["trained_on"])
    return finished(own_configs(values))


def shipped_images(trained_on: str) -> list[Run]:
    """All shipped image models, the one trained on this noise first and the plain one last."""
    kinds = sorted(shipped_runs.CORRUPTIONS, key=lambda kind: (kind == "none", kind != trained_on))
    return [catalogue.run(shipped_runs.denoised_digits(kind)) for kind in kinds]


def finished(configs: list[RunConfig]) -> list[Run] | None:
    """The runs of these configs, if all are there."""
    state = finished_runs.state_of_all(configs)
    return list(state.runs) if isinstance(state, finished_runs.AllFinished) else None


def own_configs(values: Values) -> list[RunConfig]:
    """The config of a denoising model with the link's settings, and the same without corruption."""
    base = RunConfig(
        dataset=values["dataset"],
        model="autoencoder",
        hidden=(values["width"],),
        latent_dim=values["latent_dim"],
        likelihood="gaussian",
        corruption=values["train_kind"],
        corruption_level=values["train_level"],
        epochs=values["epochs"],
        seed=values["seed"],
    )
    return [base, base.replace(corruption="none", corruption_level=0.0)]


def drop_train_flag(view: View, flag: str) -> None:
    """Drop the request to train from the link, because the settings changed."""
    view[flag] = 0


def source(name: str):
    """A control that chooses between the shipped models and the visitor's own."""

    def draw(view: View) -> None:
        st.segmented_control(
            "Models", list(SOURCES), format_func=SOURCES.get, key=view.key(name), required=True, width="stretch"
        )

    return draw


def ring_fields(view: View) -> None:
    """The widgets of a ring model of one's own."""
    changed = {"on_change": drop_train_flag, "args": (view, "ring_train")}
    st.slider("σ, the noise in training", LEAST_SIGMA, MOST_SIGMA, step=0.01, key=view.key("own_sigma"), **changed)
    first, second = st.columns(2)
    first.number_input("Units a layer", 1, 256, key=view.key("ring_width"), **changed)
    second.number_input("Epochs", 1, MOST_EPOCHS, key=view.key("ring_epochs"), **changed)
    first.number_input("Seed", 0, 2**32 - 1, key=view.key("ring_seed"), **changed)


def image_fields(view: View) -> None:
    """The widgets of an image model of one's own."""
    changed = {"on_change": drop_train_flag, "args": (view, "train")}
    st.selectbox("Data", IMAGE_DATASETS, format_func=DATA_TITLES.get, key=view.key("dataset"), **changed)
    st.selectbox("Corruption in training", list(KINDS), format_func=KINDS.get, key=view.key("train_kind"), **changed)
    st.slider("Level in training", LEAST_LEVEL, 1.0, step=0.05, key=view.key("train_level"), **changed)
    first, second = st.columns(2)
    first.number_input("Hidden units", 1, 1024, key=view.key("width"), **changed)
    second.number_input("Code", 1, 1024, key=view.key("latent_dim"), **changed)
    first.number_input("Epochs", 1, MOST_EPOCHS, key=view.key("epochs"), **changed)
    second.number_input("Seed", 0, 2**32 - 1, key=view.key("seed"), **changed)


def menu(label: str, name: str):
    """A control that chooses a kind of noise."""
    return lambda view: st.selectbox(label, list(KINDS), format_func=KINDS.get, key=view.key(name))


RING_CONTROLS = {
    "field": source("field"),
    "sigma": lambda view: sliders.slider(view, "sigma", "σ, the noise in training", shipped_runs.SIGMAS),
    "own_ring": ring_fields,
}
IMAGE_CONTROLS = {
    "models": source("models"),
    "trained_on": menu("Trained on", "trained_on"),
    "own_images": image_fields,
    "kind": menu("Corruption in the test", "kind"),
}


def ring_controls(values: Values) -> tuple[str, ...]:
    """The controls of the ring's model in Explore."""
    return ("field", "sigma" if values["field"] == "shipped" else "own_ring")


def image_controls(values: Values) -> tuple[str, ...]:
    """The controls of the image models in Explore."""
    return ("models", "trained_on" if values["models"] == "shipped" else "own_images", "kind")
