"""What the pages say of a training under way: how far it is, how long it will take, who else waits for it."""

from vaedemo.app import runs
from vaedemo.config import RunConfig
from vaedemo.training.job import Job
from vaedemo.training.words import count, span

__all__ = ["company", "done", "elsewhere", "sentence", "span", "waiting"]


def done(config: RunConfig, job: Job) -> float:
    """The share of one training that is behind it."""
    return job.done(config.digest)


def sentence(config: RunConfig, job: Job) -> str:
    """Where the training is, how fast it goes and how long its job will still take; or how long it will wait."""
    if job.stopping:
        return "Stopping: the last batch and the final figures…"
    position = job.position
    if position is not None:
        return waiting(position, runs.service().wait_seconds(job))
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


def waiting(before: int, seconds: float | None) -> str:
    """A place in the queue: how many trainings come first, and how long they take as far as that is known."""
    which = f"{count(before, 'training')} {'is' if before == 1 else 'are'} before yours" if before else "yours is next"
    return f"Waiting: {which}" + ("." if seconds is None else f", about {span(seconds)}.")


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
