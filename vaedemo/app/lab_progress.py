"""A training under way on the page: a fragment that redraws itself until the job is over."""

import time

import pandas as pd
import streamlit as st

from vaedemo.app import exhibit, frame, lab_results, runs
from vaedemo.app.lab_form import span
from vaedemo.config import RunConfig
from vaedemo.training.job import Job
from vaedemo.training.run import history_frame

REDRAW_SECONDS = 1.0  # charts are drawn anew each time: more often costs a small laptop more than it shows


def live(config: RunConfig, job: Job) -> None:
    """Progress, curves and a preview of the job; the whole page reruns when it is over."""

    @st.fragment(run_every=REDRAW_SECONDS)
    def redraw() -> None:
        if not job.in_flight:
            st.rerun()
        rows = job.history(config.digest)
        st.progress(done(config, job), text=sentence(config, job))
        frame.numbers(lab_results.figures(config, rows[-1] if rows else {}), lab_results.HELPS)
        exhibit.draw(config, history_frame(rows) if rows else pd.DataFrame(), job.preview(), "lab")
        st.caption(company(job))

    redraw()


def done(config: RunConfig, job: Job) -> float:
    latest = job.latest.get(config.digest)
    return latest["step"] / latest["steps"] if latest else 0.0


def sentence(config: RunConfig, job: Job) -> str:
    """Where the training is, how fast it goes and how long it will still take."""
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
    if latest["step"] and job.started is not None:
        left = (time.monotonic() - job.started) * (latest["steps"] / latest["step"] - 1)
        parts.append(f"{span(left)} left")
    return " · ".join(parts)


def company(job: Job) -> str:
    """Who else waits for this training, and so what Stop will do."""
    others = runs.others(job)
    if not others:
        return "You can leave this page, or open its link elsewhere: the training goes on. Stop ends it."
    who = "Another visitor waits" if others == 1 else f"{others} other visitors wait"
    return f"{who} for this same training: Stop takes only you off it."
