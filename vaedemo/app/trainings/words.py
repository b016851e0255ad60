"""The texts about a training under way: progress, remaining time, other visitors who wait for it."""

import streamlit as st

from vaedemo.app.trainings import runs
from vaedemo.config import RunConfig
from vaedemo.training.job import Job
from vaedemo.training.text_format import count, span

__all__ = [
    "done",
    "not_found",
    "other_visitors",
    "place_in_queue",
    "progress",
    "span",
    "trained_by_others",
    "waiting",
    "warn_restarted",
]


def done(config: RunConfig, job: Job) -> float:
    """The share of one training that is done, from 0 to 1."""
    return job.done(config.digest)


def progress(config: RunConfig, job: Job) -> str:
    """The progress of a training, its speed and the remaining time of its job; or its place in the queue."""
    if job.stopping:
        return "Stopping: the last batch and the final figures…"
    position = job.position
    if position is not None:
        return place_in_queue(position, runs.service().wait_seconds(job))
    latest = job.latest.get(config.digest)
    if job.loading:
        return job.loading
    if latest is None:
        return "Waiting for the worker…" if job.state == "waiting" else "Loading the data…"
    parts = [f"Step {latest['step']:,} of {latest['steps']:,}, epoch {latest['epoch']} of {latest['epochs']} done"]
    if latest["images_per_second"]:
        parts.append(f"{latest['images_per_second']:,.0f} {'points' if config.on_points else 'images'}/s")
    left = runs.service().forecast.seconds_left(job)
    if left is not None:
        parts.append(f"about {span(left)} left")
    return " · ".join(parts)


def place_in_queue(before: int, seconds: float | None) -> str:
    """A place in the queue: how many trainings come first, and how long they take if that is known."""
    which = f"{count(before, 'training')} {'is' if before == 1 else 'are'} before yours" if before else "yours is next"
    return f"Waiting: {which}" + ("." if seconds is None else f", about {span(seconds)}.")


def other_visitors(job: Job, shown: int = 1) -> str:
    """Who else waits for this training, and so what Stop does; `shown`: how many of its models the page shows."""
    every = len(job.configs)
    together = f"It is one of {count(every, 'model')} that are trained together. " if shown < every else ""
    others = runs.other_owners(job)
    if not others:
        limit = span(60 * runs.service().settings.unwatched_minutes)
        return (
            f"{together}You can leave this page, or open its link elsewhere: the training goes on. While nobody "
            f"watches it, visitors who wait go before it: they may end it after {limit}, and the link then shows what "
            f"it has learned so far. Stop ends {'them all' if together else 'it'}."
        )
    who = "Another visitor waits" if others == 1 else f"{others} other visitors wait"
    return f"{together}{who} for this same training: Stop takes only you off it."


def trained_by_others(job: Job) -> str:
    """Others train exactly the config of this page."""
    who = runs.other_owners(job)
    if not who:
        return "A visitor who has left began exactly this training, and it goes on: press Train to join."
    whose = "Another visitor is" if who == 1 else f"{who} visitors are"
    return f"{whose} training exactly this now: press Train to join."


def waiting(sentence: str, height: int) -> None:
    """An empty frame in place of a picture that the training has not reached yet, with a sentence of what comes."""
    with st.container(border=True, height=height, horizontal_alignment="center", vertical_alignment="center"):
        st.caption(sentence, text_alignment="center")


def warn_restarted(job: Job) -> None:
    """Warn if a training was lost and has started again."""
    if job.restarted:
        lost_once = "The process that trained this was lost. Another trains it again from the last step that was kept."
        st.warning(lost_once, icon=":material/restart_alt:")


def not_found() -> str:
    """A link asks for a training that is neither under way nor stored."""
    return (
        "The training that this link asks for is neither under way nor kept: a restart of the server loses what "
        "is under way. Press **Train** to begin it from nothing."
    )
