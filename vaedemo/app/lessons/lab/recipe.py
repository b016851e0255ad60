"""The lab's recipe: how a run is trained, and the epochs, batch size and learning rate that belong to it."""

from collections.abc import Callable

import streamlit as st

from vaedemo.app.shared.forms import most_epochs
from vaedemo.app.shell.links import Parameter
from vaedemo.app.shell.step_view import StepView
from vaedemo.config import RunConfig
from vaedemo.rules import one_of, real, whole
from vaedemo.training import presets
from vaedemo.training.recipes import RECIPES

TITLES = {"fast": "Fast", "textbook": "Textbook"}
MOST_EPOCHS = most_epochs()
FIRST = presets.fast(RunConfig())
PARAMETERS = {
    "recipe": Parameter("recipe", FIRST.recipe, one_of(*TITLES)),
    "epochs": Parameter("epochs", min(FIRST.epochs, MOST_EPOCHS), whole(1, MOST_EPOCHS)),
    "batch_size": Parameter("batch_size", FIRST.batch_size, whole(1, 60_000)),
    "learning_rate": Parameter("learning_rate", FIRST.learning_rate, real(0.0, 10.0, above=True)),
}


def draw(view: StepView, drop_train_flag: Callable[[StepView], None]) -> None:
    """Draw the choice with an explanation; `drop_train_flag(view)` is called before the recipe changes."""
    st.segmented_control(
        "Recipe",
        list(TITLES),
        format_func=TITLES.get,
        key=view.key("recipe"),
        required=True,
        width="stretch",
        on_change=apply,
        args=(view, drop_train_flag),
    )
    if not view["present"]:
        with st.expander(f"What the {view['recipe']} recipe does"):
            st.markdown(RECIPES[view["recipe"]].explanation)


def apply(view: StepView, drop_train_flag: Callable[[StepView], None]) -> None:
    """Apply a newly chosen recipe."""
    drop_train_flag(view)
    adapt(view)


def adapt(view: StepView) -> None:
    """Set the epochs, batch size and rate that suit the recipe with this data, network and latent size."""
    described = RunConfig(dataset=view["dataset"], network=view["network"], latent_dim=view["latent_dim"])
    suited = presets.fast(described) if view["recipe"] == "fast" else presets.textbook(described)
    view["epochs"] = min(suited.epochs, MOST_EPOCHS)
    view["batch_size"], view["learning_rate"] = suited.batch_size, suited.learning_rate


def adapt_untouched(view: StepView) -> None:
    """As `adapt`, after a smaller change, unless one of these values was set by hand."""
    sizes = presets.Preset(view["epochs"], view["batch_size"], view["learning_rate"])
    if view["recipe"] == "fast" and sizes in presets.TABLE.values():
        adapt(view)
