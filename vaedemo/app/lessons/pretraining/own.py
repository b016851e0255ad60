"""Part of the page on pre-training: train one net from an encoder and from scratch, for several seeds."""

from typing import Any

import streamlit as st

from vaedemo.app import catalogue
from vaedemo.app.shared.forms import most_epochs
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.view import View
from vaedemo.app.trainings import panel, runs
from vaedemo.config import RunConfig
from vaedemo.rules import one_of, whole
from vaedemo.training import label_curve, shipped_runs
from vaedemo.training.run import Run

ENCODERS = {
    "shipped": "Shipped: 55,000 images, none of these",
    "own": "Trained here: the 4,000 digits, no labels",
}
MOST_SEEDS = len(label_curve.SEEDS)
MOST_EPOCHS = most_epochs(60)
PARAMETERS = (
    Parameter("own_labels", 100, label_curve.labels_rule),
    Parameter("seeds", 2, whole(1, MOST_SEEDS)),
    Parameter("encoder", "shipped", one_of(*ENCODERS)),
    Parameter("encoder_epochs", min(30, MOST_EPOCHS), whole(1, MOST_EPOCHS)),
    Parameter("train_encoder", 0, whole(0, 1)),
    Parameter("train", 0, whole(0, 1)),
)


def encoder_config(values: dict[str, Any]) -> RunConfig:
    """The config of the autoencoder whose encoder the training starts from."""
    if values["encoder"] == "shipped":
        return shipped_runs.PRETRAINED
    return shipped_runs.PRETRAINED.replace(dataset=label_curve.DATASET, epochs=values["encoder_epochs"])


def configs_of(values: dict[str, Any]) -> list[RunConfig]:
    """The configs of the nets: for each seed one from the encoder and one from scratch."""
    start = encoder_config(values).digest
    seeds = label_curve.SEEDS[: values["seeds"]]
    return [
        label_curve.classifier_config(values["own_labels"], seed, digest) for seed in seeds for digest in (start, "")
    ]


def find(view: View) -> tuple[Run, list[Run]] | None:
    """The runs of the encoder and the nets, or None while some are not trained."""
    values = view.values()
    if values["encoder"] == "shipped":
        encoder = catalogue.run(label_curve.ENCODER)
    else:
        answer = panel.trained(
            view,
            [encoder_config(values)],
            name=lambda config: str(config.latent_dim),
            heading="size of the code",
            flag="train_encoder",
            button="Train the autoencoder first",
        )
        if answer is None:
            return None
        encoder = answer[0]
    nets = panel.trained(view, configs_of(values), name=name_of, heading="net", button="Train the classifiers")
    return None if nets is None else (encoder, nets)


def finished(view: View) -> tuple[Run, list[Run]] | None:
    """The runs of the encoder and the nets, if all are there. Draws nothing."""
    values, encoder = view.values(), None
    if values["encoder"] == "shipped":
        encoder = catalogue.run(label_curve.ENCODER)
    elif isinstance(state := runs.state_of_all([encoder_config(values)]), runs.AllFinished):
        encoder = state.runs[0]
    if encoder is None:
        return None
    nets = runs.state_of_all(configs_of(values))
    return (encoder, list(nets.runs)) if isinstance(nets, runs.AllFinished) else None


def settings(view: View) -> None:
    """The widgets of nets of one's own."""
    classifiers = {"on_change": drop_train_flag, "args": (view, "train")}
    everything = {"on_change": drop_train_flag, "args": (view, "train", "train_encoder")}
    most = label_curve.LABELS[-1]
    first, second = st.columns(2)
    first.number_input("Labelled images", label_curve.LABELS[0], most, key=view.key("own_labels"), **classifiers)
    second.number_input("Seeds", 1, MOST_SEEDS, key=view.key("seeds"), **classifiers)
    st.selectbox("Encoder", ENCODERS, format_func=ENCODERS.get, key=view.key("encoder"), **everything)
    if view["encoder"] == "own":
        st.number_input("Its epochs", 1, MOST_EPOCHS, key=view.key("encoder_epochs"), **everything)


def drop_train_flag(view: View, *flags: str) -> None:
    """Drop these requests to train from the link, because the settings changed."""
    for flag in flags:
        view[flag] = 0


def name_of(config: RunConfig) -> str:
    return f"{'fine-tuned' if config.start_from else 'from scratch'}, seed {config.seed}"
