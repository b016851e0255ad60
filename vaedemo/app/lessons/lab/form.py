"""The lab's settings: widgets for a `RunConfig`."""

import math
from collections.abc import Mapping
from typing import Any

import streamlit as st

from vaedemo.app import catalogue
from vaedemo.app.lessons.lab import recipe
from vaedemo.app.lessons.lab.recipe import MOST_EPOCHS
from vaedemo.app.shell import own_sets
from vaedemo.app.shell.links import Parameter, choice, config_parameters, name_text
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import EXPLORE
from vaedemo.app.trainings import film
from vaedemo.app.trainings.own_data import form as own_data
from vaedemo.config import IMAGE_LIKELIHOODS, LATENT_MODELS, RunConfig, write_value
from vaedemo.dataset_names import holds_points
from vaedemo.likelihood_index import LIKELIHOODS, POINT_LIKELIHOODS
from vaedemo.rules import ConfigError, one_of, real, real_or, whole, widths
from vaedemo.training import store
from vaedemo.training.run import Run

FIELDS = (
    "dataset", "model", "network", "hidden", "latent_dim", "likelihood", "noise_variance", "levels", "beta", "recipe",
    "epochs", "pixels", "batch_size", "learning_rate", "train_size", "seed", "changes", "until",
)  # fmt: skip
LIKELIHOOD_TITLES = {"": "The data's own choice"} | {name: line.choice for name, line in LIKELIHOODS.items()}
WIDTHS = {"mlp": "400", "conv": "32,64", "linear": ""}
MOST_COMPARED = 6
PARTS = {"run": "Train", "films": "AE and VAE", "kl": "KL", "unseen": "Test images"}


def widths_text(name: str, value: Any) -> str:
    """The rule for `hidden` as the text of its field."""
    return write_value(widths(name, value))


def variance_text(name: str, value: Any) -> str:
    """The rule for `noise_variance` as the text of its field."""
    return write_value(real_or("learned", real(1e-6, 1e6))(name, value))


def compared_runs(name: str, value: Any) -> list[str]:
    """The rule for the runs to compare: names or digests, separated by commas."""
    names = [part for part in value.split(",") if part] if isinstance(value, str) else list(value)
    if len(names) > MOST_COMPARED:
        raise ConfigError(name, value, f"at most {MOST_COMPARED} names or digests of runs")
    return [name_text(name, each) for each in dict.fromkeys(names)]


PARAMETERS = (
    *config_parameters(
        *FIELDS,
        dataset=Parameter("dataset", RunConfig.dataset, own_sets.rule, longest=own_sets.LONGEST),
        hidden=Parameter("hidden", "400", widths_text),
        likelihood=Parameter("likelihood", "", choice(IMAGE_LIKELIHOODS)),
        noise_variance=Parameter("noise_variance", "1", variance_text),
        model=Parameter("model", "vae", one_of(*LATENT_MODELS)),
        **recipe.PARAMETERS,
    ),
    Parameter("part", "run", one_of(*PARTS)),
    Parameter("train", 0, whole(0, 1)),
    film.FRAME,
    Parameter("compare", [], compared_runs),
)


def config_of(values: Mapping[str, Any]) -> RunConfig:
    """The config of the settings. Raises `ConfigError`."""
    chosen = {name: values[name] for name in FIELDS}
    chosen["likelihood"] = chosen["likelihood"] or None
    if chosen["network"] == "linear":
        del chosen["hidden"]  # a link without it has the widths of the mlp
    return RunConfig(**chosen)


def stored(values: Mapping[str, Any]) -> Run | None:
    """The finished run of the settings, if there is one."""
    try:
        digest = config_of(values).digest
        return catalogue.run(digest) if store.folder_of(digest) is not None else None
    except (ConfigError, store.RunNotFound):
        return None


def measured(values: Mapping[str, Any], name: str) -> float:
    """A figure of the finished run of the settings; infinite without a run or without this figure."""
    run = stored(values)
    return run.metrics.get(name, math.inf) if run is not None else math.inf


def axes(view: StepView) -> None:
    """The number of latent axes; none of a training that is held, which goes on with those it has."""
    if view["until"] and view["step"] != EXPLORE:
        return
    st.number_input("Latent axes", 1, 1024, key=view.key("latent_dim"), on_change=adapt_to_axes, args=(view,))


def draw(view: StepView) -> None:
    """All settings; `reset_unshowable` comes before it."""
    key, changed = view.key, {"on_change": drop_train_flag, "args": (view,)}
    own_data.menu(view, adapt_to_data)
    on_points = holds_points(view["dataset"])
    networks = ("mlp", "linear") if on_points else ("mlp", "conv", "linear")
    st.segmented_control(
        "Network",
        networks,
        key=key("network"),
        required=True,
        width="stretch",
        on_change=adapt_to_network,
        args=(view,),
    )
    kinds = {"vae": "VAE", "autoencoder": "Autoencoder"}
    st.segmented_control(
        "Model", list(kinds), format_func=kinds.get, key=key("model"), required=True, width="stretch", **changed
    )
    left, right = st.columns(2)
    with left:
        axes(view)
    right.number_input("Epochs", 1, MOST_EPOCHS, key=key("epochs"), **changed)
    if view["model"] == "vae":
        st.number_input("β, the weight of the KL", 0.0, 1e6, step=0.5, format="%g", key=key("beta"), **changed)
    likelihoods = POINT_LIKELIHOODS if on_points else IMAGE_LIKELIHOODS
    if len(likelihoods) > 1:
        st.selectbox(
            "Likelihood p(x|z)",
            ["", *likelihoods],
            format_func=LIKELIHOOD_TITLES.get,
            key=key("likelihood"),
            **changed,
        )
    recipe.draw(view, drop_train_flag)
    if not view["present"]:  # the stage has room for what a lecturer changes in class
        with st.expander("More settings"):
            more_settings(view, on_points, changed)


def reset_unshowable(view: StepView) -> None:
    """Reset values from the link that no widget can show with the other settings; say so in a sentence."""
    shown = {"network": "mlp", "likelihood": ""} if holds_points(view["dataset"]) else {}
    for name, common in shown.items():
        try:
            RunConfig(dataset=view["dataset"], **{name: view[name] or None})
        except ConfigError as error:
            st.warning(str(error), icon=":material/link_off:")
            view[name] = common
    if view["network"] == "linear" and view["hidden"] not in ("", WIDTHS["mlp"]):
        st.warning(
            str(ConfigError("hidden", view["hidden"], "no widths when the network is linear")),
            icon=":material/link_off:",
        )
        view["hidden"] = ""


def more_settings(view: StepView, on_points: bool, changed: dict) -> None:
    key = view.key
    what = "Channels of each stage" if view["network"] == "conv" else "Widths of the layers"
    st.text_input(what, key=key("hidden"), disabled=view["network"] == "linear", help="Separated by commas.", **changed)
    line = LIKELIHOODS[RunConfig(dataset=view["dataset"], likelihood=view["likelihood"]).resolved_likelihood]
    if line.setting == "noise_variance":
        label = f"σ² of the {line.title}"
        st.text_input(label, key=key("noise_variance"), help="A number, or the word learned.", **changed)
    if line.setting == "levels":
        st.number_input("Grey levels", 2, 256, key=key("levels"), **changed)
    if not on_points:
        st.segmented_control("Pixels", ("grey", "binary", "dynamic"), key=key("pixels"), required=True, **changed)
    left, right = st.columns(2)
    left.number_input("Batch size", 1, 60_000, key=key("batch_size"), **changed)
    right.number_input("Learning rate", 0.0, 10.0, step=1e-4, format="%g", key=key("learning_rate"), **changed)
    left.number_input("Training examples", 0, 60_000, key=key("train_size"), help="0 takes all.", **changed)
    right.number_input("Seed", 0, 2**32 - 1, key=key("seed"), **changed)


def drop_train_flag(view: StepView) -> None:
    """Show the whole training of other settings: without the request to train, the film's frame and the held step."""
    view["train"], view["frame"], view["changes"], view["until"] = 0, film.LAST, (), 0


def adapt_to_network(view: StepView) -> None:
    drop_train_flag(view)
    view["hidden"] = WIDTHS[view["network"]]
    recipe.adapt(view)


def adapt_to_axes(view: StepView) -> None:
    drop_train_flag(view)
    recipe.adapt_untouched(view)


def adapt_to_data(view: StepView) -> None:
    """Set what depends on the data: points need a small noise variance, and each kind of data its own epochs."""
    drop_train_flag(view)
    on_points = holds_points(view["dataset"])
    if on_points and view["network"] == "conv":
        view["network"] = "mlp"
    view["likelihood"] = "" if on_points else view["likelihood"]
    view["noise_variance"] = "0.01" if on_points else "1"
    if view["network"] == "mlp":
        view["hidden"] = "64,64" if on_points else WIDTHS["mlp"]
    recipe.adapt(view)
