"""The autoencoders of this page: shipped ones, or trained on demand with custom settings."""

from contextlib import suppress
from typing import Any

import streamlit as st

from vaedemo.app import catalogue
from vaedemo.app.shared.forms import DATA_TITLES, most_epochs
from vaedemo.app.shell import frame
from vaedemo.app.shell.links import Parameter, config_parameters
from vaedemo.app.trainings import panel
from vaedemo.config import IMAGE_DATASETS, RunConfig, write_value
from vaedemo.rules import ConfigError, one_of, whole, widths
from vaedemo.training import shipped_runs
from vaedemo.training.run import Run

SOURCES = {"shipped": "MNIST, shipped", "own": "Your own"}
NETWORKS = {"mlp": "Dense layers", "conv": "Convolutions"}
SHIPPED = {"mlp": "ae", "conv": "ae-conv"}
WIDTHS = {"mlp": "80", "conv": "8,16"}
MOST_SIZES = 8
MOST_EPOCHS = most_epochs(60)


def sizes(name: str, value: Any) -> tuple[int, ...]:
    """The rule for the sizes of the code, "2,8,32": up to 8 different whole numbers, returned in ascending order."""
    accepts = f"1 to {MOST_SIZES} different whole numbers from 1 to 1,024, separated by commas, such as 2,8,32"
    parts = value.split(",") if isinstance(value, str) else list(value)
    try:
        found = [whole(1, 1024)(name, part.strip() if isinstance(part, str) else part) for part in parts]
    except ConfigError:
        raise ConfigError(name, value, accepts) from None
    if not 1 <= len(found) <= MOST_SIZES or len(set(found)) < len(found):
        raise ConfigError(name, value, accepts)
    return tuple(sorted(found))


def sizes_text(name: str, value: Any) -> str:
    """The rule for the sizes as the text of their field."""
    return write_value(sizes(name, value))


def hidden_text(name: str, value: Any) -> str:
    """The rule for the widths as the text of their field."""
    return write_value(widths(name, value))


PARAMETERS = (
    Parameter("source", "shipped", one_of(*SOURCES)),
    Parameter("network", "mlp", one_of(*NETWORKS)),
    Parameter("size", 8, whole(1, 1024)),
    Parameter("image", 4, whole(0, 9_999)),  # a 5
    *config_parameters("dataset", "seed"),
    Parameter("hidden", WIDTHS["mlp"], hidden_text),
    Parameter("sizes", "2,8,32", sizes_text),
    Parameter("epochs", 10, whole(1, MOST_EPOCHS)),
    Parameter("train", 0, whole(0, 1)),
)


def choose(view: frame.View) -> None:
    """Draw the choice of source and network."""
    st.segmented_control(
        "Autoencoders",
        list(SOURCES),
        format_func=SOURCES.get,
        key=view.key("source"),
        required=True,
        on_change=fit_size,
        args=(view,),
    )
    st.segmented_control(
        "Network",
        list(NETWORKS),
        format_func=NETWORKS.get,
        key=view.key("network"),
        required=True,
        on_change=adapt_widths,
        args=(view,),
    )


def choose_size(view: frame.View) -> None:
    """Draw the slider over the available sizes of the code."""
    offered = options(view)
    if view["size"] not in offered:
        if view["source"] == "shipped":
            words = f"size accepts one of {', '.join(map(str, offered))} here, got {view['size']}."
            st.warning(words, icon=":material/link_off:")
        fit_size(view)
    if len(offered) > 1:
        st.select_slider("Numbers in the code z", offered, key=view.key("size"))
    else:
        st.markdown(f"The code z has **{offered[0]}** numbers.")


def options(view: frame.View) -> tuple[int, ...]:
    """The available sizes of the code."""
    if view["source"] == "shipped":
        return shipped_runs.CODE_SIZES[SHIPPED[view["network"]]]
    return sizes("sizes", view["sizes"])


def fit_size(view: frame.View) -> None:
    """Move to the nearest available size. If the list of sizes is invalid, the page shows the reason instead."""
    with suppress(ConfigError):
        view["size"] = min(options(view), key=lambda size: abs(size - view["size"]))


def adapt_widths(view: frame.View) -> None:
    """Reset the widths for a new network: the widths of dense layers do not suit convolutions."""
    view["hidden"] = WIDTHS[view["network"]]
    fit_size(view)
    drop_train_flag(view)


def find(view: frame.View) -> dict[int, Run] | None:
    """The runs by the size of their code. If there are none, say why and what to do, and return None."""
    if view["source"] == "shipped":
        return {size: catalogue.run(f"{SHIPPED[view['network']]}-{size}") for size in options(view)}
    changed = {"on_change": drop_train_flag, "args": (view,)}
    first, second, third = st.columns([1.5, 1, 1], gap="medium")
    first.selectbox("Data", IMAGE_DATASETS, format_func=DATA_TITLES.get, key=view.key("dataset"), **changed)
    second.text_input(
        "Channels of each stage" if view["network"] == "conv" else "Units of each hidden layer",
        key=view.key("hidden"),
        max_chars=60,
        help="Of the encoder, separated by commas; the decoder mirrors them.",
        **changed,
    )
    third.number_input("Epochs", 1, MOST_EPOCHS, key=view.key("epochs"), **changed)
    first.text_input("Sizes of the code, separated by commas", key=view.key("sizes"), max_chars=60, **changed)
    second.number_input("Seed", 0, 2**32 - 1, key=view.key("seed"), **changed)
    configs = configs_of(view.values())
    found = panel.trained(view, configs, name=lambda config: str(config.latent_dim), heading="numbers in z")
    return None if found is None else {run.config.latent_dim: run for run in found}


def configs_of(values: dict[str, Any]) -> list[RunConfig]:
    """The configs of the link's settings, one per size. Raises `ConfigError`."""
    base = RunConfig(
        dataset=values["dataset"],
        model="autoencoder",
        network=values["network"],
        hidden=widths("hidden", values["hidden"]),
        epochs=values["epochs"],
        seed=values["seed"],
    )
    return [base.replace(latent_dim=size) for size in sizes("sizes", values["sizes"])]


def drop_train_flag(view: frame.View) -> None:
    """Drop the request to train from the link, because the settings changed."""
    view["train"] = 0
