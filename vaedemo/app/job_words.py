"""What the pages say of a training under way: how far it is, how long it will take, who else waits for it."""

import time

from vaedemo.app import runs
from vaedemo.config import RunConfig
from vaedemo.training.job import Job


def done(config: RunConfig, job: Job) -> float:
    """The share of one training that is behind it."""
    if config.digest in job.runs:
        return 1.0
    latest = job.latest.get(config.digest)
    return latest["step"] / latest["steps"] if latest else 0.0


def sentence(config: RunConfig, job: Job, behind: float | None = None) -> str:
    """Where the training is, how fast it goes and how long it will still take; `behind`: the share of all its job."""
    if job.stopping:
        return "Stopping: the last batch and the final figures…"
    latest = job.latest.get(config.digest)
    if job.loading:
        return job.loading
    if latest is None:
        return "Waiting for the worker…" if job.state == "waiting" else "Loading the data…"
    parts = [f"Step {latest['step']:,} of {latest['steps']:,}, epoch {latest['epoch']} of {latest['epochs']} done"]
    if latest["images_per_second"]:
        parts.append(f"{latest['images_per_second']:,.0f} {'points' if config.on_points else 'images'}/s")
    behind = behind or done(config, job)
    if behind and job.started is not None:
        left = (time.monotonic() - job.started) * (1 / behind - 1)
        parts.append(f"{span(left)} left")
    return " · ".join(parts)


def company(job: Job) -> str:
    """Who else waits for this training, and so what Stop will do."""
    others = runs.others(job)
    if not others:
        return "You can leave this page, or open its link elsewhere: the training goes on. Stop ends it."
    who = "Another visitor waits" if others == 1 else f"{others} other visitors wait"
    return f"{who} for this same training: Stop takes only you off it."


def elsewhere(job: Job) -> str:
    """Others train exactly what this page would."""
    who = len(job.owners)
    whose = "Another visitor is" if who == 1 else f"{who} visitors are"
    return f"{whose} training exactly this now: press Train to join."


def span(seconds: float) -> str:
    """Seconds in words: "4 s", "2 min"."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
