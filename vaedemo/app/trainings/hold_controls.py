"""The widgets that hold a training in hand: Pause; at a step, what comes next and with which settings."""

import streamlit as st

from vaedemo.app.shell.view import View
from vaedemo.app.trainings import holding, runs
from vaedemo.app.trainings.words import span
from vaedemo.changes import MOST_CHANGES
from vaedemo.config import RunConfig
from vaedemo.training import caps, kept_states
from vaedemo.training.run import Run

LABELS = {"beta": "β", "learning_rate": "Learning rate", "noise_variance": "Noise variance σ²"}


def pause_button(view: View, config: RunConfig, training: runs.UnderWay) -> None:
    """Pause. A training up to a step is soon there, and has none."""
    if config.until:
        return
    st.button(
        "Pause",
        icon=":material/pause:",
        on_click=holding.pause,
        args=(view, config),
        disabled=training.job.stopping,
        key=view.key("pause"),
        width="stretch",
    )


def draw(view: View, config: RunConfig, run: Run) -> None:
    """What can be done with a finished run: with one that is held, go on; with a whole one, go back and hold it."""
    if config.until:
        held(view, config)
    else:
        hold_here(view, config, run)


def held(view: View, config: RunConfig) -> None:
    """Where a training is held: go on, step, change a setting, or go back to the whole training."""
    total, epoch = caps.steps(config), caps.steps_an_epoch(config)
    on_stage = bool(view["present"])
    where = "" if on_stage else f", in epoch {min(config.until // epoch + 1, config.epochs)}"
    st.markdown(f"**Held at step {config.until:,}** of {total:,}{where}.")
    say_refused(view)
    with st.container(horizontal=True, gap="small"):
        press(view, config, "Go on", "play_arrow", holding.go_on, primary=True)
        press(view, config, "One step", "skip_next", holding.step_on, 1)
        press(view, config, "One epoch", "fast_forward", holding.step_on, holding.to_end_of_epoch(config))
    settings(view, config)
    st.toggle("Slow motion: a step a second", key=view.key("slow"))
    if st.session_state.get(view.key("slow")):
        slow_motion(view, config)
    if not on_stage:  # Reset, beside the stepper, leads there too
        press(view, config, "The whole training", "undo", lambda view, config: holding.whole(view))


def press(view: View, config: RunConfig, label: str, icon: str, action, *arguments, primary: bool = False) -> None:
    st.button(
        label,
        icon=f":material/{icon}:",
        type="primary" if primary else "secondary",
        on_click=action,
        args=(view, config, *arguments),
        key=view.key(f"hold.{label}"),
    )


def settings(view: View, config: RunConfig) -> None:
    """The settings from this step on. Another value makes a branch of this training when it goes on."""
    if len([each for each in config.changes if each.step < config.until]) >= MOST_CHANGES:
        st.caption(f"This training has changed its settings {MOST_CHANGES} times already: it can go on as it is.")
        return
    found = holding.changeable(config)
    for place, (name, value) in zip(st.columns(len(found), gap="small"), found.items(), strict=True):
        key = view.key(f"from_here.{name}")
        st.session_state[key] = value
        low, high = {"beta": (0.0, 1e6), "learning_rate": (1e-7, 10.0), "noise_variance": (1e-6, 1e6)}[name]
        place.number_input(
            LABELS[name],
            low,
            high,
            format="%g",
            step=value / 2 or 0.5,
            key=key,
            on_change=holding.change,
            args=(view, config, name, key),
        )
    if any(each.step == config.until for each in config.changes):
        st.caption("It goes on as a branch of its own: the training so far is kept as it is.")


def slow_motion(view: View, config: RunConfig) -> None:
    """A step a second, for as long as this page is open and the switch is on."""

    @st.fragment(run_every=holding.SLOW_SECONDS)
    def advance() -> None:
        if holding.tick(view, config):
            view.rerun()

    advance()


def hold_here(view: View, config: RunConfig, run: Run) -> None:
    """Go back to the frame at which the film of a finished training stands, and hold the training there."""
    film = run.film or ()
    if not 0 < view["frame"] < len(film) - 1:
        return
    step = film[view["frame"]].step
    st.button(
        f"Hold it at step {step:,}",
        icon=":material/pause:",
        on_click=holding.hold_at,
        args=(view, config, step),
        key=view.key("hold_here"),
        width="stretch",
    )
    st.caption(way_back(config.held_at(step)))
    say_refused(view)


def way_back(config: RunConfig) -> str:
    """How a step is reached of which only the film is kept, and how long that takes."""
    kept, seconds = kept_states.step_of([config]), runs.service().forecast.seconds([config])
    start = f"from step {kept:,}, which is kept" if kept else "from the start"
    if kept == config.until:
        return "This step is kept."
    return f"It is trained again {start}" + (f": about {span(seconds)}." if seconds is not None else ".")


def say_refused(view: View) -> None:
    """Why the last press began no training; once."""
    reason = st.session_state.pop(view.key("refused"), None)
    if reason:
        st.warning(reason, icon=":material/warning:")
