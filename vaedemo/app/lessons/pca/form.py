"""The autoencoders of the page on PCA: shipped ones, or trained on demand with custom settings."""

from typing import Any

import streamlit as st

from vaedemo import datasets
from vaedemo.app import catalogue
from vaedemo.app.lessons.pca import data
from vaedemo.app.shared.forms import DATA_TITLES, most_epochs
from vaedemo.app.shell import frame, widgets
from vaedemo.app.shell.links import Parameter, config_parameters
from vaedemo.app.trainings import panel
from vaedemo.config import RunConfig
from vaedemo.rules import ConfigError, one_of, real, whole
from vaedemo.training import shipped_runs

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


def find(view: frame.View) -> data.Reductions | None:
    """Draw the choice of source; return its results. If there are no runs, say why and what to do, and return None."""
    widgets.choose(view, "source", SOURCES, "Models")
    if view["source"] == "shipped":
        found = {kind: [catalogue.run(f"{kind}-{k}") for k in shipped_runs.COMPONENTS] for kind in KINDS}
    else:
        found = trained(view)
    if found is None:
        return None
    dataset = found["linear"][0].config.dataset
    if not datasets.at_hand(dataset, "train"):
        st.info(
            f"PCA is fitted to the training images of {dataset}, which are not on disk.", icon=":material/download:"
        )
        return None
    digests = tuple(run.digest for kind in KINDS for run in found[kind])
    return data.reductions(dataset, digests, found["linear"], found["deep"])


def trained(view: frame.View) -> dict[str, list] | None:
    """Draw the widgets of the custom settings; return their runs, or None if there are none."""
    changed = {"on_change": drop_train_flag, "args": (view,)}
    first, second, third = st.columns([1.5, 1, 1], gap="medium")
    first.selectbox("Data", IMAGE_SETS, format_func=DATA_TITLES.get, key=view.key("dataset"), **changed)
    first.text_input("Values of k, separated by commas", key=view.key("sizes"), max_chars=60, **changed)
    second.number_input("Hidden units of the deep ones", 1, 1024, key=view.key("width"), **changed)
    second.number_input(
        "Learning rate of the linear ones", 1e-5, 1.0, step=1e-3, format="%g", key=view.key("rate"), **changed
    )
    third.number_input("Epochs", 1, MOST_EPOCHS, key=view.key("epochs"), **changed)
    third.number_input("Seed", 0, 2**32 - 1, key=view.key("seed"), **changed)
    configs = configs_of(view.values())
    every = [config for kind in KINDS for config in configs[kind]]
    runs = panel.trained(view, every, name=name_of, heading="k")
    if runs is None:
        return None
    half = len(configs["linear"])
    return {"linear": runs[:half], "deep": runs[half:]}


def configs_of(values: dict[str, Any]) -> dict[str, list[RunConfig]]:
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


def choose_size(view: frame.View, found: data.Reductions) -> int:
    """The k to show among the trained ones; a link's k that was not trained is refused in one sentence."""
    sizes = list(found.pairs)
    if view["k"] not in sizes:
        if view["k"] != view.lesson.table.parameters["k"].default:
            accepts = "one of " + ", ".join(map(str, sizes)) + ", the sizes that were trained"
            st.warning(str(ConfigError("k", view["k"], accepts)), icon=":material/link_off:")
        view["k"] = sizes[len(sizes) // 2]
    st.segmented_control("Numbers in the code, k", sizes, key=view.key("k"), required=True)
    return view["k"]


def drop_train_flag(view: frame.View) -> None:
    """Drop the request to train from the link, because the settings changed."""
    view["train"] = 0


SHIPPED = 'linear, deep = vd.load("linear-{k}"), vd.load("deep-{k}")'
OWN = "linear, deep = (vd.train(vd.RunConfig(**each)) for each in {each})"


def code_of_runs(values: dict[str, Any], pair: data.Pair) -> str:
    """The lines of a script that load or train the pair of the view."""
    if values["source"] == "shipped":
        return SHIPPED.format(k=pair.k)
    return OWN.format(each=[run.config.to_dict() for run in (pair.linear, pair.deep)])
