"""This visitor's trainings under way that the page does not show now: each is named, with a link to it."""

from collections.abc import Sequence

import streamlit as st

from vaedemo.app.shell import frame
from vaedemo.app.trainings import runs
from vaedemo.config import RunConfig
from vaedemo.training.job import Job

BEGUN = "own_trainings.begun"  # per dask key of a job: the page that began it, and the link that shows it


def note(view: frame.View, configs: Sequence[RunConfig]) -> None:
    """Remember where a training was begun; call it when the view's values are those of its link."""
    job = runs.service().find(*(config.digest for config in configs))
    if job is not None and job.in_flight and runs.session() in job.owners:
        begun = st.session_state.setdefault(BEGUN, {})
        begun[frozenset(job.configs)] = (view.lesson.name, view.query())


def elsewhere(configs: Sequence[RunConfig]) -> None:
    """Say which of this visitor's trainings go on beside what the page shows, which are `configs`."""
    shown = {config.digest for config in configs}
    begun = st.session_state.get(BEGUN, {})
    for digests, (page, query) in list(begun.items()):
        job = runs.service().find(*digests)
        if job is None or not job.in_flight or runs.session() not in job.owners:
            del begun[digests]
        elif not shown & digests:
            frame.link_to(page, query, label=words(job), icon="model_training")


def words(job: Job) -> str:
    """What a link to a training says."""
    first = next(iter(job.configs.values()))
    what = first.title if len(job.configs) == 1 else f"{first.title} and {len(job.configs) - 1} more"
    return f"Your training of {what} {'goes on' if job.begun else 'waits'}: show it"
