"""Train and Stop: the training of the settings, what it costs, and the way to it from the first step."""

import streamlit as st

from vaedemo import datasets, settings
from vaedemo.app.lessons.lab import form
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.shell.steps import EXPLORE
from vaedemo.app.trainings import film, hold_controls, own_trainings, runs
from vaedemo.app.trainings.words import span
from vaedemo.config import RunConfig
from vaedemo.rules import ConfigError
from vaedemo.training import caps

YOURS = "yours"  # the step in which the visitor trains


def start(view: StepView) -> None:
    """A button that trains a VAE with the lab's own settings and goes to the step in which it is watched."""
    st.button("Train one yourself", icon=":material/play_arrow:", type="primary", on_click=go, args=(view,))


def go(view: StepView) -> None:
    view["step"] = YOURS
    view.reset()
    config = form.config_of(view.own)
    if not isinstance(runs.state_of(config), runs.Finished):
        begin(view, config)


def buttons(view: StepView) -> None:
    """Train or its replacement, with the estimated time; or why these settings can't be trained."""
    form.reset_unshowable(view)
    try:
        config = checked(view)
    except ConfigError as error:
        st.error(str(error), icon=":material/error:")
        return
    state = state_of(view, config)
    if isinstance(state, runs.Finished) and config.until:
        hold_controls.draw(view, config, state.run)
    elif isinstance(state, runs.Finished):
        st.button(
            "Train again with another seed",
            icon=":material/refresh:",
            on_click=another_seed,
            args=(view,),
            width="stretch",
        )
        st.caption("These settings were trained already; the run is shown as it was kept.")
        hold_controls.draw(view, config, state.run)
    elif isinstance(state, runs.UnderWay) and state.mine:
        with st.container(horizontal=True, gap="small"):
            hold_controls.pause_button(view, config, state)
            st.button("Stop", icon=":material/stop:", on_click=leave, args=(view, config), width="stretch")
        hold_controls.say_refused(view)
    else:
        label = f"Train to step {config.until:,}" if config.until else "Train"
        st.button(
            label, icon=":material/play_arrow:", type="primary", on_click=begin, args=(view, config), width="stretch"
        )
        if words := cost(config, whole=view["step"] == EXPLORE):
            st.caption(words)
    own_trainings.link_to_others([config])
    st.session_state[view.key("drawn")] = state  # the picture shows the same, although a training may end meanwhile


def checked(view: StepView) -> RunConfig:
    """The config of the settings. Raises `ConfigError` if it is invalid or too large for this server."""
    config = form.config_of(view.own)
    caps.check(config, settings.current())
    return config


def state_of(view: StepView, config: RunConfig) -> runs.State:
    """The state of a config's training; of a link that asks for it, after this visitor has joined it."""
    if view["train"]:
        runs.join(config)
    return runs.state_of(config)


def shown(view: StepView) -> tuple[RunConfig | None, runs.State | None]:
    """The config of the settings and the state of its training, None for invalid settings: `buttons` says why."""
    try:
        config = checked(view)
    except ConfigError:
        return None, None
    return config, st.session_state.pop(view.key("drawn"), None) or state_of(view, config)


def begin(view: StepView, config: RunConfig) -> None:
    runs.start(config)
    view["train"], view["frame"] = 1, film.LAST
    own_trainings.remember(view, [config])


def leave(view: StepView, config: RunConfig) -> None:
    runs.stop(config)
    view["train"] = 0


def another_seed(view: StepView) -> None:
    view["seed"] = (view["seed"] + 1) % 2**32
    form.drop_train_flag(view)


def cost(config: RunConfig, whole: bool) -> str:
    """The cost of a training: time, parameters, and a download if one is needed; the time alone unless `whole`."""
    parts = [f"{caps.parameters(config):,} parameters, {caps.train_images(config):,} examples an epoch"] * whole
    seconds = runs.service().forecast.seconds([config])
    if seconds is not None:
        parts.insert(0, f"About {span(seconds)} when nothing else is running")
    if not datasets.at_hand(config.dataset, "train"):
        parts.append("the data set is downloaded first")
    return "; ".join(parts) + "." * bool(parts)
