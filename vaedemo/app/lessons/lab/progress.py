"""A training under way on the page: a fragment that redraws itself until the job ends."""

import numpy as np
import streamlit as st

from vaedemo.app.shell.step_view import StepView
from vaedemo.app.trainings import film, holding, words
from vaedemo.config import RunConfig
from vaedemo.training.job import Job
from vaedemo.training.run import history_table

REDRAW_SECONDS = 1.0
WAITING_HEIGHT = 330  # CSS pixels
NO_PICTURE = "The loss, the encoded test data and the decoded {} appear here when the model has begun to learn."


def live(view: StepView, config: RunConfig, job: Job) -> None:
    """Draw progress, curves and a preview of the job. The whole page reruns at the end of the job."""

    @st.fragment(run_every=REDRAW_SECONDS)
    def redraw() -> None:
        if holding.settle(view, config) or not job.in_flight:
            view.rerun()
        frame = job.preview()
        words.warn_restarted(job)
        st.progress(words.done(config, job), text=words.progress(config, job))
        if frame is None or not np.isfinite(frame.means).all():
            words.waiting(NO_PICTURE.format("points" if config.on_points else "images"), WAITING_HEIGHT)
        else:
            film.moment(config, history_table(job.history(config.digest), config), frame, view.key("live"), view)
        if not view["present"]:
            st.caption(words.other_visitors(job))

    redraw()
