"""The nets 784-d-784 of the page on over-complete codes: shipped ones, or trained on demand with custom
settings."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from vaedemo.app import catalogue
from vaedemo.app.shared.forms import most_epochs
from vaedemo.app.shell import widgets
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.view import View
from vaedemo.app.trainings import panel, runs
from vaedemo.config import RunConfig
from vaedemo.rules import one_of, real, whole
from vaedemo.training import overcomplete
from vaedemo.training.run import Run

KINDS = {"none": "No penalty", "kl": "KL sparsity", "l1": "L1"}
SHORT = {"none": "no penalty", "kl": "KL", "l1": "L1"}  # in the figures and their code
NAMED = {"none": "no penalty", "kl": "with penalty", "l1": "with L1"}  # in the pictures
SOURCES = {"16": "d = 16", "256": "d = 256", "1024": "d = 1,024", "own": "Your own"}
OF_1024 = ("none", "kl")  # the third is not shipped
MOST_EPOCHS = most_epochs(60)
BASE = overcomplete.KINDS
PARAMETERS = (
    Parameter("source", "256", one_of(*SOURCES)),
    Parameter("d", 64, whole(2, 1024)),
    Parameter("kl_strength", BASE["kl"].sparsity, real(0.001, 100.0)),
    Parameter("target", BASE["kl"].sparsity_target, real(0.001, 0.999)),
    Parameter("l1_strength", BASE["l1"].sparsity, real(0.001, 100.0)),
    Parameter("epochs", BASE["none"].epochs, whole(1, MOST_EPOCHS)),
    Parameter("seed", 0, whole(0, 2**32 - 1)),
    Parameter("train", 0, whole(0, 1)),
)


def choose(view: View) -> None:
    """The choice of the nets."""
    widgets.choose(view, "source", SOURCES, "Nets")


def fields(view: View) -> None:
    """The settings of a training of one's own."""
    changed = {"on_change": drop_train_flag, "args": (view,)}
    columns = st.columns(2, gap="medium")
    columns[0].number_input("Units d", 2, 1024, key=view.key("d"), **changed)
    columns[1].number_input(
        "Target activity ρ", 0.001, 0.999, step=0.01, format="%g", key=view.key("target"), **changed
    )
    columns[0].number_input(
        "Strength of KL sparsity", 0.001, 100.0, step=0.1, format="%g", key=view.key("kl_strength"), **changed
    )
    columns[1].number_input(
        "Strength of L1", 0.001, 100.0, step=0.1, format="%g", key=view.key("l1_strength"), **changed
    )
    columns[0].number_input("Epochs", 1, MOST_EPOCHS, key=view.key("epochs"), **changed)
    columns[1].number_input("Seed", 0, 2**32 - 1, key=view.key("seed"), **changed)


def kinds(values: Mapping[str, Any]) -> tuple[str, ...]:
    """The kinds of nets that a view has."""
    return OF_1024 if values["source"] == "1024" else (*KINDS,)


def kind_of(values: Mapping[str, Any]) -> str:
    """The chosen kind; where it is not there, the net with KL sparsity."""
    return values["kind"] if values["kind"] in kinds(values) else "kl"


def shipped(kind: str, source: str) -> str:
    """The name of a shipped run."""
    return f"wide-{kind}-{source}"


def find(view: View) -> dict[str, Run] | None:
    """The runs by kind. If there are none, say why and what to do, and return None."""
    if view["source"] != "own":
        return {kind: catalogue.run(shipped(kind, view["source"])) for kind in kinds(view)}
    configs = configs_of(view.values())
    found = panel.trained(
        view, list(configs.values()), name=lambda config: title_of(configs, config), heading="penalty"
    )
    return None if found is None else dict(zip(configs, found, strict=True))


def finished(view: View) -> dict[str, Run] | None:
    """The runs by kind, if all are there. Draws nothing."""
    if view["source"] != "own":
        return find(view)
    configs = configs_of(view.values())
    state = runs.state_of_all(list(configs.values()))
    return dict(zip(configs, state.runs, strict=True)) if isinstance(state, runs.AllFinished) else None


def configs_of(values: dict[str, Any]) -> dict[str, RunConfig]:
    """The configs of the link's settings, by kind. Raises `ConfigError`."""
    common = {"latent_dim": values["d"], "epochs": values["epochs"], "seed": values["seed"]}
    return {
        "none": BASE["none"].replace(**common),
        "kl": BASE["kl"].replace(sparsity=values["kl_strength"], sparsity_target=values["target"], **common),
        "l1": BASE["l1"].replace(sparsity=values["l1_strength"], **common),
    }


def title_of(configs: dict[str, RunConfig], config: RunConfig) -> str:
    return next(KINDS[kind] for kind, each in configs.items() if each.digest == config.digest)


def code_of(view: View) -> str:
    """The line of a script that loads or trains the three runs by kind."""
    if view["source"] != "own":
        names = {kind: shipped(kind, view["source"]) for kind in kinds(view)}
        return f"runs = {{kind: vd.load(name) for kind, name in {names}.items()}}"
    lines = [f'    "{kind}": {each.to_dict()},' for kind, each in configs_of(view.values()).items()]
    return "\n".join(
        [
            "settings = {",
            *lines,
            "}",
            "configs = {kind: vd.RunConfig.from_dict(each) for kind, each in settings.items()}",
            "runs = dict(zip(configs, vd.sweep(list(configs.values()))))",
        ]
    )


def drop_train_flag(view: View) -> None:
    """Drop the request to train from the link, because the settings changed."""
    view["train"] = 0
