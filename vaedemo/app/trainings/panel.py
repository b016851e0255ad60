"""Runs that a page needs and that may have to be trained first: the button, the progress, then the runs."""

from collections.abc import Callable, Sequence

import streamlit as st

from vaedemo import datasets, settings
from vaedemo.app.shell.view import View
from vaedemo.app.trainings import own_trainings, runs
from vaedemo.app.trainings import words as job_words
from vaedemo.app.trainings.words import span
from vaedemo.config import RunConfig
from vaedemo.rules import ConfigError
from vaedemo.training import caps
from vaedemo.training.engine import stacks
from vaedemo.training.job import Job
from vaedemo.training.run import MEASURE_TITLES, Run, corrupts, measures

REDRAW_SECONDS = 1.0


def trained(
    view: View,
    configs: Sequence[RunConfig],
    *,
    name: Callable[[RunConfig], str],
    heading: str,
    flag: str = "train",
    button: str | None = None,
) -> list[Run] | None:
    """The runs of these configs in their order. While there are none, draw the Train button or the progress; return
    None.

    `name(config)` and `heading` label the rows and the column of the progress table (such as "4" under "β"). `flag`:
    the link's parameter, `whole(0, 1)`, of a link that asks for this training. Such a link joins a training under way,
    but starts none. `button`: its text. Settings that this server refuses are shown as one sentence.
    """
    try:
        for config in configs:
            caps.check(config, settings.current())
        caps.check_together(configs, settings.current())
    except ConfigError as error:
        st.error(str(error), icon=":material/error:")
        return None
    if view[flag]:
        runs.join_all(configs)
    state = runs.state_of_all(configs)
    if isinstance(state, runs.AllFinished):
        for note in dict.fromkeys(note for run in state.runs for note in run.notes):
            st.warning(note, icon=":material/warning:")
        return list(state.runs)
    if isinstance(state, runs.UnderWay) and (state.mine or state.job.stopping):
        st.button(
            "Stop", icon=":material/stop:", on_click=leave, args=(view, configs, flag), key=view.key(f"{flag}.stop")
        )
        live(view, configs, state.job, name, heading)
        return None
    say_why(state, asked=bool(view[flag]))
    if isinstance(state, runs.Ended) and state.job is not None:
        table(configs, state.job, name, heading)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            button or f"Train {len(configs)} models",
            icon=":material/play_arrow:",
            type="primary",
            on_click=begin,
            args=(view, configs, flag),
            key=view.key(f"{flag}.begin"),
        )
        st.caption(cost(configs))
    own_trainings.link_to_others(configs)
    return None


def say_why(state: runs.State, asked: bool = False) -> None:
    """Say why there is no run although the visitor may expect one, because the link `asked` for it; else draw
    nothing."""
    if isinstance(state, runs.Ended):
        st.warning(state.reason, icon=":material/warning:")
    elif isinstance(state, runs.UnderWay):
        st.info(job_words.trained_by_others(state.job), icon=":material/group:")
    elif asked:
        st.info(job_words.not_found(), icon=":material/link_off:")


def live(view: View, configs: Sequence[RunConfig], job: Job, name: Callable[[RunConfig], str], heading: str) -> None:
    """The overall progress and the newest figures of each model. The exhibit reruns at the end of the job."""

    @st.fragment(run_every=REDRAW_SECONDS)
    def redraw() -> None:
        if not job.in_flight:
            view.rerun()
        now = next((config for config in reversed(configs) if config.digest in job.latest), configs[0])
        behind = sum(job_words.done(config, job) for config in configs) / len(configs)
        job_words.warn_restarted(job)
        st.progress(behind, text=job_words.progress(now, job))
        table(configs, job, name, heading)
        st.caption(job_words.other_visitors(job, len(configs)))

    redraw()


def table(configs: Sequence[RunConfig], job: Job, name: Callable[[RunConfig], str], heading: str) -> None:
    """The newest figures of each model of a job that has any."""
    shown = list(dict.fromkeys(each for config in configs for each in measures(config)))
    lines = [
        f"| {heading} | epoch | " + " | ".join(MEASURE_TITLES[each] for each in shown) + " |",
        "|--:|--:|" + "--:|" * len(shown),
    ]
    for config in configs:
        history = job.history(config.digest)
        if history:
            own = measures(config)
            figures = (f"{history[-1][f'test_{each}']:.4g}" if each in own else "–" for each in shown)
            lines.append(f"| {name(config)} | {history[-1]['epoch']} | {' | '.join(figures)} |")
    if len(lines) > 2:
        st.markdown("\n".join(lines))
        if any(corrupts(config) for config in configs):
            st.caption("Measured on test data, corrupted as in training.")


def begin(view: View, configs: Sequence[RunConfig], flag: str) -> None:
    runs.start_all(configs)
    view[flag] = 1
    own_trainings.remember(view, configs)


def leave(view: View, configs: Sequence[RunConfig], flag: str) -> None:
    runs.stop_all(configs)
    view[flag] = 0


def cost(configs: Sequence[RunConfig]) -> str:
    """What training all of them costs, in a sentence: time, parameters, and a download if one is needed."""
    groups = stacks(configs)
    most = max(caps.parameters(config) for config in configs)
    parts = [f"{most:,} parameters{' each' if len(configs) > 1 and len(groups) == 1 else ' at most'}"]
    if len(groups) < len(configs):
        parts.append("trained in one pass" if len(groups) == 1 else f"trained in {len(groups)} passes")
    seconds = runs.service().forecast.seconds(configs)
    if seconds is not None:
        parts.insert(0, f"about {span(seconds)} when nothing else is running")
    if not datasets.at_hand(configs[0].dataset, "train"):
        parts.append("the data set is downloaded first")
    words = "; ".join(parts) + "."
    return words[:1].upper() + words[1:]
