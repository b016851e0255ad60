"""The lab's settings: widgets for a `RunConfig`, its cost, and the buttons that start the training."""

from typing import Any

import streamlit as st

from vaedemo import datasets, settings
from vaedemo.app.lessons.lab import recipe
from vaedemo.app.lessons.lab.recipe import MOST_EPOCHS
from vaedemo.app.shared.forms import DATA_TITLES
from vaedemo.app.shell import frame
from vaedemo.app.shell.links import Parameter, choice, config_parameters, name_text
from vaedemo.app.trainings import film, own_trainings, runs
from vaedemo.app.trainings.words import span
from vaedemo.config import DATASETS, IMAGE_LIKELIHOODS, LATENT_MODELS, POINT_DATASETS, RunConfig, write_value
from vaedemo.likelihood_index import LIKELIHOODS, POINT_LIKELIHOODS
from vaedemo.rules import ConfigError, one_of, real, real_or, whole, widths
from vaedemo.training import caps

FIELDS = (
    "dataset", "model", "network", "hidden", "latent_dim", "likelihood", "noise_variance", "levels", "beta", "recipe",
    "epochs", "pixels", "batch_size", "learning_rate", "train_size", "seed",
)  # fmt: skip
LIKELIHOOD_TITLES = {"": "The data's own choice"} | {name: line.choice for name, line in LIKELIHOODS.items()}
WIDTHS = {"mlp": "400", "conv": "32,64", "linear": ""}
MOST_COMPARED = 6


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
        hidden=Parameter("hidden", "400", widths_text),
        likelihood=Parameter("likelihood", "", choice(IMAGE_LIKELIHOODS)),
        noise_variance=Parameter("noise_variance", "1", variance_text),
        model=Parameter("model", "vae", one_of(*LATENT_MODELS)),
        **recipe.PARAMETERS,
    ),
    Parameter("train", 0, whole(0, 1)),
    film.FRAME,
    Parameter("compare", [], compared_runs),
)


def draw(view: frame.View) -> RunConfig | None:
    """Draw the widgets; return their config, or say in one sentence why it is invalid and return None."""
    reset_unshowable(view)
    key, changed = view.key, {"on_change": drop_train_flag, "args": (view,)}
    st.selectbox(
        "Data", DATASETS, format_func=DATA_TITLES.get, key=key("dataset"), on_change=adapt_to_data, args=(view,)
    )
    on_points = view["dataset"] in POINT_DATASETS
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
    left.number_input("Latent axes", 1, 1024, key=key("latent_dim"), on_change=adapt_to_axes, args=(view,))
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
    with st.expander("More settings"):
        more_settings(view, on_points, changed)
    values = {name: view[name] for name in FIELDS}
    values["likelihood"] = values["likelihood"] or None
    if values["network"] == "linear":
        del values["hidden"]  # a link without it has the widths of the mlp
    try:
        config = RunConfig(**values)
        caps.check(config, settings.current())
        return config
    except ConfigError as error:
        st.error(str(error), icon=":material/error:")
        return None


def reset_unshowable(view: frame.View) -> None:
    """Reset values from the link that no widget can show with the other settings; say so in a sentence."""
    shown = {"network": "mlp", "likelihood": ""} if view["dataset"] in POINT_DATASETS else {}
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


def more_settings(view: frame.View, on_points: bool, changed: dict) -> None:
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


def drop_train_flag(view: frame.View) -> None:
    """Drop the request to train and the film's frame from the link, because the settings changed."""
    view["train"], view["frame"] = 0, film.LAST


def adapt_to_network(view: frame.View) -> None:
    drop_train_flag(view)
    view["hidden"] = WIDTHS[view["network"]]
    recipe.adapt(view)


def adapt_to_axes(view: frame.View) -> None:
    drop_train_flag(view)
    recipe.adapt_untouched(view)


def adapt_to_data(view: frame.View) -> None:
    """Set what depends on the data: points need a small noise variance, and each kind of data its own epochs."""
    drop_train_flag(view)
    on_points = view["dataset"] in POINT_DATASETS
    if on_points and view["network"] == "conv":
        view["network"] = "mlp"
    view["likelihood"] = "" if on_points else view["likelihood"]
    view["noise_variance"] = "0.01" if on_points else "1"
    if view["network"] == "mlp":
        view["hidden"] = "64,64" if on_points else WIDTHS["mlp"]
    recipe.adapt(view)


def buttons(view: frame.View, config: RunConfig) -> runs.State:
    """Draw Train or its replacement, with the estimated time; return the state of the config's training."""
    if view["train"]:
        runs.join(config)
    state = runs.state_of(config)
    if isinstance(state, runs.Finished):
        st.button(
            "Train again with another seed",
            icon=":material/refresh:",
            on_click=another_seed,
            args=(view,),
            width="stretch",
        )
        st.caption("These settings were trained already; the run is shown as it was kept.")
    elif isinstance(state, runs.UnderWay) and state.mine:
        st.button("Stop", icon=":material/stop:", on_click=leave, args=(view, config), width="stretch")
    else:
        st.button(
            "Train", icon=":material/play_arrow:", type="primary", on_click=begin, args=(view, config), width="stretch"
        )
        st.caption(cost(config))
    own_trainings.link_to_others([config])
    return state


def begin(view: frame.View, config: RunConfig) -> None:
    runs.start(config)
    view["train"], view["frame"] = 1, film.LAST
    own_trainings.remember(view, [config])


def leave(view: frame.View, config: RunConfig) -> None:
    runs.stop(config)
    view["train"] = 0


def another_seed(view: frame.View) -> None:
    view["seed"] = (view["seed"] + 1) % 2**32
    drop_train_flag(view)


def cost(config: RunConfig) -> str:
    """The cost of a training: time, parameters, and a download if one is needed."""
    parts = [f"{caps.parameters(config):,} parameters, {caps.train_images(config):,} examples an epoch"]
    seconds = runs.service().forecast.seconds([config])
    if seconds is not None:
        parts.insert(0, f"About {span(seconds)} when nothing else is running")
    if not datasets.at_hand(config.dataset, "train"):
        parts.append("the data set is downloaded first")
    return "; ".join(parts) + "."
