"""The autoencoders of this page, shipped or trained on demand, and the images that they are given."""

from contextlib import suppress
from typing import Any

import streamlit as st

from vaedemo import datasets
from vaedemo.app import catalogue
from vaedemo.app.shared.forms import DATA_TITLES, most_epochs
from vaedemo.app.shell.links import Parameter, config_parameters
from vaedemo.app.shell.view import View
from vaedemo.app.trainings import panel, runs
from vaedemo.config import IMAGE_DATASETS, RunConfig, write_value
from vaedemo.rules import ConfigError, one_of, whole, widths
from vaedemo.training import shipped_runs
from vaedemo.training.run import Run

SOURCES = {"shipped": "MNIST, shipped", "own": "Your own"}
NETWORKS = {"mlp": "Dense layers", "conv": "Convolutions"}
GIVEN = {"own": "Its own kind", "fashion": "Garments"}  # the images that a net is given
SHIPPED = {"mlp": "ae", "conv": "ae-conv"}
TRAINED_ON = "mnist-55k"  # by the shipped ones
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
    Parameter("given", "own", one_of(*GIVEN)),
    *config_parameters("dataset", "seed"),
    Parameter("hidden", WIDTHS["mlp"], hidden_text),
    Parameter("sizes", "2,8,32", sizes_text),
    Parameter("epochs", 10, whole(1, MOST_EPOCHS)),
    Parameter("train", 0, whole(0, 1)),
)


def choose(view: View) -> None:
    """The choice of source and network."""
    for name, titles, label, changed in (
        ("source", SOURCES, "Autoencoders", fit_size),
        ("network", NETWORKS, "Network", adapt_widths),
    ):
        st.segmented_control(
            label,
            list(titles),
            format_func=titles.get,
            key=view.key(name),
            required=True,
            wrap=True,
            on_change=changed,
            args=(view,),
        )


def fields(view: View) -> None:
    """The settings of a training of one's own."""
    changed = {"on_change": drop_train_flag, "args": (view,)}
    st.selectbox("Data", IMAGE_DATASETS, format_func=DATA_TITLES.get, key=view.key("dataset"), **changed)
    st.text_input("Sizes of the code, separated by commas", key=view.key("sizes"), max_chars=60, **changed)
    st.text_input(
        "Channels of each stage" if view["network"] == "conv" else "Units of each hidden layer",
        key=view.key("hidden"),
        max_chars=60,
        help="Of the encoder, separated by commas; the decoder mirrors them.",
        **changed,
    )
    left, right = st.columns(2)
    left.number_input("Epochs", 1, MOST_EPOCHS, key=view.key("epochs"), **changed)
    right.number_input("Seed", 0, 2**32 - 1, key=view.key("seed"), **changed)


def choose_size(view: View) -> None:
    """The slider over the available sizes of the code; none before there are nets."""
    with suppress(ConfigError):
        if finished(view) is None:
            return
        make_available(view)
        if len(offered := options(view)) > 1:
            st.select_slider("Numbers in the code z", offered, key=view.key("size"))


def make_available(view: View) -> None:
    """Move to an available size, with a word if the link's is not shipped. Raises ConfigError."""
    offered = options(view)
    if view["size"] not in offered:
        if view["source"] == "shipped":
            words = f"size accepts one of {', '.join(map(str, offered))} here, got {view['size']}."
            st.warning(words, icon=":material/link_off:")
        fit_size(view)


def options(view: View) -> tuple[int, ...]:
    """The available sizes of the code. Raises ConfigError."""
    if view["source"] == "shipped":
        return shipped_runs.CODE_SIZES[SHIPPED[view["network"]]]
    return sizes("sizes", view["sizes"])


def fit_size(view: View) -> None:
    """Move to the nearest available size. If the list of sizes is invalid, the page shows the reason instead."""
    with suppress(ConfigError):
        view["size"] = min(options(view), key=lambda size: abs(size - view["size"]))


def adapt_widths(view: View) -> None:
    """Reset the widths for a new network: the widths of dense layers do not suit convolutions."""
    view["hidden"] = WIDTHS[view["network"]]
    fit_size(view)
    drop_train_flag(view)


def find(view: View) -> dict[int, Run] | None:
    """The runs by the size of their code. If there are none, say why and what to do, and return None.

    Raises ConfigError for settings that are none.
    """
    if view["source"] == "shipped":
        return {size: catalogue.run(shipped(view["network"], size)) for size in options(view)}
    configs = configs_of(view.values())
    found = panel.trained(view, configs, name=lambda config: str(config.latent_dim), heading="numbers in z")
    return None if found is None else by_size(found)


def finished(view: View) -> dict[int, Run] | None:
    """The runs by the size of their code, if all are there. Draws nothing."""
    if view["source"] == "shipped":
        return find(view)
    state = runs.state_of_all(configs_of(view.values()))
    return by_size(state.runs) if isinstance(state, runs.AllFinished) else None


def by_size(found) -> dict[int, Run]:
    return {run.config.latent_dim: run for run in found}


def shipped(network: str, size: int) -> str:
    """The name of a shipped run."""
    return f"{SHIPPED[network]}-{size}"


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


def code_of(view: View, size: int) -> str:
    """The expression of a script that loads or trains the run with this size of the code. Raises ConfigError."""
    if view["source"] == "shipped":
        return f'vd.load("{shipped(view["network"], size)}")'
    (config,) = (config for config in configs_of(view.values()) if config.latent_dim == size)
    return f"vd.train(vd.RunConfig.from_dict({config.to_dict()}))"


def data_of(values) -> str:
    """The name of the data set whose images the nets of a view are given."""
    if values["given"] != "own":
        return values["given"]
    return TRAINED_ON if values["source"] == "shipped" else values["dataset"]


def image_of(values) -> int:
    """The image of a view; the first where there are not so many."""
    return values["image"] if values["image"] < len(catalogue.images(data_of(values))[0]) else 0


def images(view: View) -> tuple[datasets.ImageSet, str]:
    """The images that the nets are given, and a sentence on them. An image that is not there becomes the first."""
    found, sentence = catalogue.images(data_of(view))
    if view["image"] >= len(found):
        st.warning(
            f"image accepts a whole number from 0 to {len(found) - 1:,} here, got {view['image']:,}.",
            icon=":material/link_off:",
        )
        view["image"] = image_of(view)
    return found, sentence


def drop_train_flag(view: View) -> None:
    """Drop the request to train from the link, because the settings changed."""
    view["train"] = 0
