"""The autoencoders of the page on PCA: shipped ones, or trained on demand with custom settings."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from vaedemo import datasets
from vaedemo.app import catalogue
from vaedemo.app.lessons.pca import data
from vaedemo.app.shared.forms import DATA_TITLES, most_epochs
from vaedemo.app.shell import widgets
from vaedemo.app.shell.links import Parameter, config_parameters
from vaedemo.app.shell.view import View
from vaedemo.app.trainings import panel
from vaedemo.app.trainings import runs as finished_runs
from vaedemo.config import RunConfig
from vaedemo.rules import ConfigError, one_of, real, whole
from vaedemo.training import shipped_runs
from vaedemo.training.run import Run

SOURCES = {"shipped": "Digits, shipped", "own": "Your own"}
IMAGE_SETS = ("digits", "mnist-55k", "fashion", "shapes")
MOST_SIZES = 6
MOST_EPOCHS = most_epochs()
KINDS = ("linear", "deep")


def sizes_of(name: str, value: Any) -> list[int]:
    """The values of k in a text, in their order; raises `ConfigError` if the text is no such list."""
    rule = whole(1, data.MOST_AXES)
    parts = [part.strip() for part in str(value).split(",")]
    try:
        sizes = sorted({rule(name, part) for part in parts})
    except ConfigError:
        sizes = []
    if not 1 <= len(sizes) <= MOST_SIZES:
        accepts = f"1 to {MOST_SIZES} whole numbers from 1 to {data.MOST_AXES}, separated by commas"
        raise ConfigError(name, value, accepts)
    return sizes


def sizes_text(name: str, value: Any) -> str:
    """The rule for the values of k as the text of their field."""
    return ",".join(map(str, sizes_of(name, value)))


PARAMETERS = (
    Parameter("source", "shipped", one_of(*SOURCES)),
    Parameter("dataset", "digits", one_of(*IMAGE_SETS)),
    Parameter("sizes", "2,16", sizes_text),
    Parameter("width", 128, whole(1, 1024)),
    Parameter("epochs", min(30, MOST_EPOCHS), whole(1, MOST_EPOCHS)),
    Parameter("rate", 0.005, real(1e-5, 1.0)),
    *config_parameters("seed"),
    Parameter("train", 0, whole(0, 1)),
    Parameter("k", 16, whole(1, data.MOST_AXES)),
)


def find(view: View) -> data.Reductions | None:
    """The results of the chosen models. If there are none, say why and what to do, and return None."""
    if view["source"] == "shipped":
        return shipped()
    configs = both(view.values())
    runs = panel.trained(view, configs, name=name_of, heading="k")
    if runs is None:
        return None
    dataset = configs[0].dataset
    if not datasets.at_hand(dataset, "train"):
        st.info(
            f"PCA is fitted to the training images of {dataset}, which are not on disk.", icon=":material/download:"
        )
        return None
    return results(runs)


def finished(view: View) -> data.Reductions | None:
    """The results of the chosen models, if all are there. Draws nothing."""
    if view["source"] == "shipped":
        return shipped()
    configs = both(view.values())
    state = finished_runs.state_of_all(configs)
    if not isinstance(state, finished_runs.AllFinished) or not datasets.at_hand(configs[0].dataset, "train"):
        return None
    return results(state.runs)


def shipped() -> data.Reductions:
    """The results of the shipped models."""
    return results([catalogue.run(f"{kind}-{k}") for kind in KINDS for k in shipped_runs.COMPONENTS])


def results(runs: Sequence[Run]) -> data.Reductions:
    """The results of these runs: the linear ones in the order of k, then the deep ones."""
    half = len(runs) // 2
    linear, deep = list(runs[:half]), list(runs[half:])
    return data.reductions(linear[0].config.dataset, tuple(run.digest for run in runs), linear, deep)


def both(values: Mapping[str, Any]) -> list[RunConfig]:
    """All configs of the link's settings: the linear ones, then the deep ones."""
    configs = configs_of(values)
    return [config for kind in KINDS for config in configs[kind]]


def choose_source(view: View) -> None:
    widgets.choose(view, "source", SOURCES, "Models")


def fields(view: View) -> None:
    """The widgets of the custom settings."""
    changed = {"on_change": drop_train_flag, "args": (view,)}
    st.selectbox("Data", IMAGE_SETS, format_func=DATA_TITLES.get, key=view.key("dataset"), **changed)
    st.text_input("Values of k, separated by commas", key=view.key("sizes"), max_chars=60, **changed)
    left, right = st.columns(2)
    left.number_input("Hidden units of the deep ones", 1, 1024, key=view.key("width"), **changed)
    right.number_input(
        "Learning rate of the linear ones", 1e-5, 1.0, step=1e-3, format="%g", key=view.key("rate"), **changed
    )
    left.number_input("Epochs", 1, MOST_EPOCHS, key=view.key("epochs"), **changed)
    right.number_input("Seed", 0, 2**32 - 1, key=view.key("seed"), **changed)


def configs_of(values: Mapping[str, Any]) -> dict[str, list[RunConfig]]:
    """The configs of the link's settings, by kind, one per k. Raises `ConfigError` for an invalid list."""
    common = {key: values[key] for key in ("dataset", "epochs", "seed")}
    base = RunConfig(model="autoencoder", likelihood="gaussian", **common)
    bases = {
        "linear": base.replace(network="linear", learning_rate=values["rate"]),
        "deep": base.replace(hidden=(values["width"],)),
    }
    sizes = sizes_of("sizes", values["sizes"])
    return {kind: [bases[kind].replace(latent_dim=k) for k in sizes] for kind in KINDS}


def name_of(config: RunConfig) -> str:
    return f"{config.latent_dim}, {'linear' if config.network == 'linear' else 'deep'}"


def sizes_in(values: Mapping[str, Any]) -> list[int]:
    """The values of k of the chosen models. Raises `ConfigError` for an invalid list."""
    return list(shipped_runs.COMPONENTS) if values["source"] == "shipped" else sizes_of("sizes", values["sizes"])


def size(values: Mapping[str, Any]) -> int:
    """The k of a view, or the trained one that is nearest to it."""
    return min(sizes_in(values), key=lambda each: abs(each - values["k"]))


def choose_size(view: View) -> None:
    """The k to show among the trained ones; a link's k that was not trained is refused in one sentence."""
    sizes = sizes_in(view.values())
    if view["k"] not in sizes:
        if view["k"] != view.lesson.table.parameters["k"].default:
            accepts = "one of " + ", ".join(map(str, sizes)) + ", the sizes that were trained"
            st.warning(str(ConfigError("k", view["k"], accepts)), icon=":material/link_off:")
        view["k"] = sizes[len(sizes) // 2]
    st.segmented_control("Numbers in the code, k", sizes, key=view.key("k"), required=True)


def drop_train_flag(view: View) -> None:
    """Drop the request to train from the link, because the settings changed."""
    view["train"] = 0


SHIPPED = 'linear, deep = vd.load("linear-{k}"), vd.load("deep-{k}")'
OWN = "linear, deep = (vd.train(vd.RunConfig(**each)) for each in {each})"


def code_of_runs(values: Mapping[str, Any]) -> str:
    """The lines of a script that load or train the pair of the view."""
    k = size(values)
    if values["source"] == "shipped":
        return SHIPPED.format(k=k)
    return OWN.format(each=[config.to_dict() for config in both(values) if config.latent_dim == k])


def dataset_of(values: Mapping[str, Any]) -> str:
    """The data of the chosen models."""
    return "digits" if values["source"] == "shipped" else values["dataset"]


CONTROLS = {"source": choose_source, "own": fields, "k": choose_size}


def controls_of(values: Mapping[str, Any]) -> tuple[str, ...]:
    """The controls of the models of a view; without those of custom settings unless they are chosen."""
    return ("source", "own", "k") if values["source"] == "own" else ("source", "k")
