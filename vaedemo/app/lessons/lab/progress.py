"""A training under way on the page: a fragment that redraws itself until the job ends."""

import streamlit as st

from vaedemo.app.shared.chart import type_size
from vaedemo.app.shell.step_view import StepView
from vaedemo.app.trainings import holding, picture, words
from vaedemo.config import RunConfig
from vaedemo.training.job import Job
from vaedemo.training.run import history_table

REDRAW_SECONDS = 1.0  # each redraw mounts the charts again, and more redraws would overload a small laptop


def live(view: StepView, config: RunConfig, job: Job) -> None:
    """Draw progress, curves and a preview of the job. The whole page reruns at the end of the job."""

    @st.fragment(run_every=REDRAW_SECONDS)
    def redraw() -> None:
        if holding.settle(view, config) or not job.in_flight:
            view.rerun()
        rows = job.history(config.digest)
        words.warn_restarted(job)
        st.progress(words.done(config, job), text=words.progress(config, job))
        picture.draw(config, history_table(rows, config), job.preview(), "lab", type_size(view))
        st.caption(words.other_visitors(job))

    redraw()
