"""This visitor's other trainings under way: each is named, with a link to its page."""

from collections.abc import Sequence

import streamlit as st

from vaedemo.app.shell import frame
from vaedemo.app.shell.view import View
from vaedemo.app.trainings import runs
from vaedemo.config import RunConfig
from vaedemo.training.job import Job

STARTED_ON = "own_trainings.begun"  # by a job's digests: the page that started it, and the query of that view


def remember(view: View, configs: Sequence[RunConfig]) -> None:
    """Remember the page of a training. Call it when the view's values are already those of its link."""
    job = runs.service().find(*(config.digest for config in configs))
    if job is not None and job.in_flight and runs.session_id() in job.owners:
        started_on = st.session_state.setdefault(STARTED_ON, {})
        started_on[frozenset(job.configs)] = (view.lesson.name, view.query())


def link_to_others(configs: Sequence[RunConfig]) -> None:
    """List this visitor's trainings under way, except those of `configs`, which the page shows itself."""
    shown = {config.digest for config in configs}
    started_on = st.session_state.get(STARTED_ON, {})
    for digests, (page, query) in list(started_on.items()):
        job = runs.service().find(*digests)
        if job is None or not job.in_flight or runs.session_id() not in job.owners:
            del started_on[digests]
        elif not shown & digests:
            frame.link_to(page, query, label=label_of(job), icon="model_training")


def label_of(job: Job) -> str:
    """The label of the link to a training."""
    first = next(iter(job.configs.values()))
    what = first.title if len(job.configs) == 1 else f"{first.title} and {len(job.configs) - 1} more"
    return f"Your training of {what} {'goes on' if job.begun else 'waits'}: show it"
