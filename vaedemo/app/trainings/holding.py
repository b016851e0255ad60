"""Hold a training: pause it at a step, go on, one step, one epoch, back to an earlier step, another setting.

A held training is a config with `until`, and one that goes on with other settings a config with `changes`: both are in
the link, and their runs are stored like all others.
"""

import time
from dataclasses import dataclass

import streamlit as st

from vaedemo.app.shell.links import config_parameters
from vaedemo.app.shell.view import View
from vaedemo.app.trainings import own_trainings, runs
from vaedemo.changes import CHANGEABLE, Change, Values
from vaedemo.config import RunConfig
from vaedemo.likelihood_index import LIKELIHOODS
from vaedemo.training import caps
from vaedemo.training.film import MOST_FRAMES
from vaedemo.training.job import Job

PARAMETERS = tuple(config_parameters("changes", "until"))
WAIT_SECONDS = 1.0  # a press waits so long for its step; after that the page shows the training under way
SLOW_SECONDS = 1.0  # between two steps in slow motion


@dataclass(frozen=True)
class Pausing:
    """A press of Pause that has no step yet. `before`: how often the job had been held."""

    job: Job
    digest: str
    before: int


def pause(view: View, config: RunConfig) -> None:
    """Take this visitor off a training at its present step; the training ends unless others watch it."""
    job = runs.job_of(config.digest, [config])
    if job is None or not job.in_flight or view.key("pausing") in st.session_state:
        return  # it has just ended, and the page shows how; or the press was repeated
    if job.position is not None:
        st.session_state[view.key("refused")] = "This training waits and has no step yet: Stop takes it off the queue."
        return
    st.session_state[view.key("pausing")] = Pausing(job, config.digest, len(job.held))
    runs.service().hold(job)
    settle(view, config, WAIT_SECONDS)


def settle(view: View, config: RunConfig, seconds: float = 0.0) -> bool:
    """Show the step at which a training was held, once it is known; True when the page has to be drawn anew."""
    pausing = st.session_state.get(view.key("pausing"))
    if pausing is None:
        return False
    pausing.job.wait_until(lambda: len(pausing.job.held) > pausing.before or not pausing.job.in_flight, seconds)
    held = len(pausing.job.held) > pausing.before
    if pausing.digest == config.digest and not held and pausing.job.in_flight:
        return False
    del st.session_state[view.key("pausing")]
    if pausing.digest == config.digest and held:
        runs.stop(config)
        show(view, pausing.job.held[-1])
    return True


def show(view: View, until: int) -> None:
    """The view of a training up to a step, at its last frame; 0: the whole training."""
    view["until"], view["train"], view["frame"] = until, 1, MOST_FRAMES


def go_on(view: View, config: RunConfig) -> None:
    """Train on to the last step. If the queue is full, the page stays where it is and says why."""
    start(view, config.replace(until=0))


def step_on(view: View, config: RunConfig, steps: int) -> None:
    """Train some steps further; past the last step, to the end."""
    until = config.until + steps
    start(view, config.replace(until=0 if until >= caps.steps(config) else until))


def to_end_of_epoch(config: RunConfig) -> int:
    """The steps from where a training is held to the end of its epoch, or of the next one."""
    epoch = caps.steps_an_epoch(config)
    return epoch - config.until % epoch


def hold_at(view: View, config: RunConfig, step: int) -> None:
    """Go back to an earlier step of a training, and hold it there."""
    start(view, config.held_at(step))


def start(view: View, config: RunConfig) -> None:
    """Begin or join the training of a config of this page, wait a moment for its end, and show it."""
    state = runs.start(config)
    if isinstance(state, runs.Ended) and state.job is None:
        st.session_state[view.key("refused")] = state.reason
        return
    view["changes"] = config.changes
    show(view, config.until)
    if isinstance(state, runs.UnderWay):
        own_trainings.remember(view, [config])
        state.job.wait(WAIT_SECONDS if config.until else 0.0)


def whole(view: View) -> None:
    """The whole training without any change."""
    view["changes"] = ()
    show(view, 0)


def changeable(config: RunConfig) -> dict[str, float]:
    """The settings that can change where a training is held, each with its value from there on."""
    values = {name: getattr(config, name) for name in CHANGEABLE}
    for change in config.changes:
        values |= change.values
    has_noise = LIKELIHOODS[config.resolved_likelihood].setting == "noise_variance"
    idle = {"beta": config.model != "vae", "noise_variance": not has_noise or values["noise_variance"] == "learned"}
    return {name: value for name, value in values.items() if not idle.get(name)}


def change(view: View, config: RunConfig, name: str, key: str) -> None:
    """Give a setting the value of the widget `key` from the held step on; the same as before is no change."""
    before = tuple(each for each in config.changes if each.step < config.until)
    now = changeable(config.replace(changes=before))
    values = {field: value for field, value in changeable(config).items() if value != now[field]}
    values.pop(name, None)
    if st.session_state[key] is not None and st.session_state[key] != now[name]:
        values[name] = float(st.session_state[key])
    view["changes"] = (*before, Change(config.until, Values(values))) if values else before


def tick(view: View, config: RunConfig) -> bool:
    """One step of slow motion, at most once in `SLOW_SECONDS`; True when it was taken."""
    last = st.session_state.get(view.key("last_tick"), 0.0)
    if not st.session_state.get(view.key("slow")) or time.monotonic() - last < SLOW_SECONDS:
        return False
    step_on(view, config, 1)
    st.session_state[view.key("last_tick")] = time.monotonic()
    return True
