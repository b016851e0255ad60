"""The two classifiers and the two VAEs of the sets of points: shipped ones, or trained on demand."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from vaedemo.app import catalogue
from vaedemo.app.lessons.discriminative.form import KINDS
from vaedemo.app.shared.forms import most_epochs
from vaedemo.app.shell import widgets
from vaedemo.app.shell.config_code import arguments
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.view import View
from vaedemo.app.trainings import panel, runs
from vaedemo.config import RunConfig
from vaedemo.rules import one_of, whole
from vaedemo.training import shipped_runs
from vaedemo.training.run import Run

SETS = {"crowds": "Clusters", "fringes": "Stripes"}  # data set → its title
SOURCES = {"shipped": "Ready-made", "own": "Your own"}
MOST_EPOCHS = most_epochs(200)
PARAMETERS = (
    Parameter("points", "shipped", one_of(*SOURCES)),
    Parameter("width", 32, whole(1, 256)),
    Parameter("epochs", min(30, MOST_EPOCHS), whole(1, MOST_EPOCHS)),
    Parameter("seed", 1, whole(0, 2**32 - 1)),
    Parameter("train", 0, whole(0, 1)),
)
Pair = tuple[list[Run], list[Run]]  # the classifiers and the VAEs, in the order of `SETS`


def configs_of(values: Mapping[str, Any]) -> tuple[list[RunConfig], list[RunConfig]]:
    """The configs of the classifiers and the VAEs with the link's settings, one per set."""
    own = {"hidden": (values["width"],) * 2, "epochs": values["epochs"], "seed": values["seed"]}
    bases = (shipped_runs.POINT_CLASSIFIER, shipped_runs.POINT_VAE)
    classifiers, vaes = ([base.replace(dataset=name, **own) for name in SETS] for base in bases)
    return classifiers, vaes


def shipped() -> Pair:
    return tuple([catalogue.run(f"{name}-{kind}") for name in SETS] for kind in ("classifier", "vae"))


def find(view: View) -> Pair | None:
    """The models shown, or None while they are not trained; then the button or the progress is drawn."""
    if view["points"] == "shipped":
        return shipped()
    classifiers, vaes = configs_of(view)
    found = panel.trained(
        view,
        [*classifiers, *vaes],
        name=lambda config: f"{KINDS[config.model]}, {SETS[config.dataset].lower()}",
        heading="model",
        button="Train all four",
    )
    return None if found is None else (found[:2], found[2:])


def finished(values: Mapping[str, Any]) -> Pair | None:
    """The models shown, if all are there. Draws nothing."""
    if values["points"] == "shipped":
        return shipped()
    classifiers, vaes = configs_of(values)
    state = runs.state_of_all([*classifiers, *vaes])
    return (list(state.runs[:2]), list(state.runs[2:])) if isinstance(state, runs.AllFinished) else None


def code(values: Mapping[str, Any]) -> str:
    """The lines of a script that load the models, or train them if they are the visitor's own."""
    if values["points"] == "shipped":
        names = ([f"{name}-{kind}" for name in SETS] for kind in ("classifier", "vae"))
        return "".join(
            f"{kind} = [vd.load(name).model for name in {each}]\n"
            for kind, each in zip(("classifiers", "vaes"), names, strict=True)
        )
    configs = [config for pair in configs_of(values) for config in pair]
    settings = (arguments(each) for each in configs)
    listed = "".join(f"    vd.RunConfig({each}),\n" for each in settings)
    return f"models = [run.model for run in vd.sweep([\n{listed}])]\nclassifiers, vaes = models[:2], models[2:]\n"


def choose_source(view: View) -> None:
    widgets.choose(view, "points", SOURCES, "Models")


def fields(view: View) -> None:
    """The widgets of a training of one's own."""
    changed = {"on_change": drop_train_flag, "args": (view,)}
    st.number_input("Units in each of two layers", 1, 256, key=view.key("width"), **changed)
    left, right = st.columns(2)
    left.number_input("Epochs", 1, MOST_EPOCHS, key=view.key("epochs"), **changed)
    right.number_input("Seed", 0, 2**32 - 1, key=view.key("seed"), **changed)


def drop_train_flag(view: View) -> None:
    """Drop the request to train from the link, because the settings changed."""
    view["train"] = 0


CONTROLS = {"points": choose_source, "own_points": fields}


def controls_of(values: Mapping[str, Any]) -> tuple[str, ...]:
    return ("points", "own_points") if values["points"] == "own" else ("points",)
