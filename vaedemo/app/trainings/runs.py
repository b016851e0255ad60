"""The state of trainings for the pages: is there a run, is a job under way; start, join or leave a job."""

import threading
from collections import OrderedDict
from collections.abc import Sequence

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from vaedemo import settings
from vaedemo.app import catalogue
from vaedemo.app.trainings.states import Absent, AllFinished, Ended, Finished, State, UnderWay
from vaedemo.config import RunConfig
from vaedemo.datasets import DataUnavailable
from vaedemo.rules import ConfigError
from vaedemo.training import caps, store
from vaedemo.training.jobs import Job, JobService, QueueFull, task_key

Refusal = ConfigError | DataUnavailable | QueueFull
REMEMBERED = 64  # ended jobs kept, so that a page can still show how they ended
REFUSALS_KEPT = 512  # refusals kept, each for one session and one set of settings

_lock = threading.Lock()
_services: list[JobService] = []
_jobs: OrderedDict[str, Job] = OrderedDict()
_refusals: OrderedDict[tuple[str, str], Refusal] = OrderedDict()  # by session and task key


def service() -> JobService:
    """The single job service of this process; it starts its worker at the first need."""
    with _lock:
        if not _services:
            _services.append(JobService(settings.current(), is_present=is_present))
        return _services[0]


def session_id() -> str:
    """The id of the browser session that runs this script."""
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context is not None else "no browser"


def is_present(owner: str) -> bool:
    """Whether a session's browser is still connected. Without a server (in a test) all sessions are."""
    return not runtime.exists() or runtime.get_instance().is_active_session(owner)


def state_of(config: RunConfig) -> State:
    """The current state of a config's training; starts nothing."""
    digest = config.digest
    if not catalogue.has_examples(config.dataset):
        return Absent()
    job = job_of(digest, [config])
    there = store.folder_of(digest) is not None
    if job is not None and job.in_flight and not (there and len(job.configs) > 1):  # the runs of a sweep end one by one
        return UnderWay(job, session_id() in job.owners)
    if job is not None and job.state == "finished" and digest in job.runs:
        catalogue.mark_in_use(digest)
        return Finished(job.runs[digest])
    if there:
        try:
            return Finished(catalogue.run(digest))
        except store.RunNotFound:  # damaged, and set aside with a warning
            return Absent(damaged=True)
    reason = why_refused(digest)
    if reason is not None:
        return Ended(None, reason, None)
    if job is not None:
        return Ended(job, why_ended(job, "The training"), job.runs.get(digest))
    return Absent(damaged=any((settings.current().cache / "aside").glob(f"{digest}-*")))


def start(config: RunConfig) -> State:
    """Train a config, or join the job that already does. A refusal is returned here and by `state_of`, not raised."""
    submit(config.digest, [config])
    return state_of(config)


def job_of(key: str, configs: Sequence[RunConfig]) -> Job | None:
    """The job that a page shows for its configs: this session's own, else one under way, else the latest that ended.

    It may contain other configs too: a config can be trained as part of a sweep.
    """
    remembered = _jobs.get(key)
    live = service().find(*(config.digest for config in configs))
    going = [job for job in (remembered, live) if job is not None and job.in_flight]
    own = [job for job in going if session_id() in job.owners]
    return next(iter((*own, *reversed(going))), None) or remembered or live


def join(config: RunConfig) -> None:
    """Make this session an owner of a job under way, as a reload or a second device does."""
    if store.folder_of(config.digest) is None:  # the first runs of a sweep are stored before its last
        attach(config.digest, [config])


def stop(config: RunConfig) -> None:
    """Remove this session from the job's owners. The job stops when no connected owner remains."""
    detach(config.digest, [config])


def other_owners(job: Job) -> int:
    """The number of other connected owners of a job. A reloaded page leaves a disconnected owner behind."""
    return sum(owner != session_id() and is_present(owner) for owner in list(job.owners))


def remember(digest: str, job: Job) -> None:
    with _lock:
        _jobs[digest] = job
        _jobs.move_to_end(digest)
        while len(_jobs) > REMEMBERED:
            _jobs.popitem(last=False)


def clear(dataset: str) -> list[Job]:
    """Stop the jobs on a data set and forget those that ended; returns the stopped ones, which have yet to end."""
    with _lock:
        for digest in [digest for digest, job in _jobs.items() if job.is_on(dataset)]:
            del _jobs[digest]
    return service().clear(dataset)


# The same for several configs that are trained together.


def state_of_all(configs: Sequence[RunConfig]) -> AllFinished | UnderWay | Ended | Absent:
    """The current state of a sweep; starts nothing."""
    wanted = {config.digest for config in configs}
    if not all(catalogue.has_examples(config.dataset) for config in configs):
        return Absent()
    there = all(store.folder_of(digest) is not None for digest in wanted)
    job = job_of(task_key(configs), configs)
    if job is not None and job.in_flight and not (there and len(job.configs) > len(wanted)):
        return UnderWay(job, session_id() in job.owners)
    if job is not None and job.state == "finished" and wanted <= set(job.runs):
        for config in configs:
            catalogue.mark_in_use(config.digest)
        return AllFinished(tuple(job.runs[config.digest] for config in configs))
    try:
        if there:
            return AllFinished(tuple(catalogue.run(config.digest) for config in configs))
    except store.RunNotFound:  # damaged, and set aside with a warning
        return Absent(damaged=True)
    reason = why_refused(task_key(configs))
    if reason is not None:
        return Ended(None, reason, None)
    if job is not None:
        what = "The training" if len(configs) == 1 else f"The training of these {len(configs)} models"
        return Ended(job, why_ended(job, what), None)
    return Absent()


def start_all(configs: Sequence[RunConfig]) -> None:
    """Train a sweep, or join the job that already does. A refusal is returned by `state_of_all`, not raised."""
    submit(task_key(configs), configs)


def join_all(configs: Sequence[RunConfig]) -> None:
    """Make this session an owner of a sweep under way."""
    attach(task_key(configs), configs)


def stop_all(configs: Sequence[RunConfig]) -> None:
    """Remove this session from a sweep's owners. The sweep stops when no connected owner remains."""
    detach(task_key(configs), configs)


# Shared by both; `key` is a config's digest, or `task_key` of a sweep.


def submit(key: str, configs: Sequence[RunConfig]) -> None:
    """Submit a job, or remember the refusal. Button callbacks run before the page is drawn and cannot show it."""
    with _lock:
        _refusals.pop((session_id(), key), None)
    try:
        limits = settings.current()
        for config in configs:
            caps.check(config, limits)
        caps.check_together(configs, limits)
        remember(key, service().submit(configs, session_id()))
    except (ConfigError, DataUnavailable, QueueFull) as refusal:  # data that were cleared since the page was drawn
        with _lock:
            _refusals[session_id(), key] = refusal
            while len(_refusals) > REFUSALS_KEPT:
                _refusals.popitem(last=False)


def attach(key: str, configs: Sequence[RunConfig]) -> None:
    joined = service().join(configs, session_id())
    if joined is not None:
        remember(key, joined)


def why_refused(key: str) -> str | None:
    """Why this session's last press of Train was refused, if that still holds; a waiting time is computed anew."""
    refusal = _refusals.get((session_id(), key))
    if not isinstance(refusal, QueueFull):
        return None if refusal is None else str(refusal)
    reason = service().refusal(session_id())
    if reason is None:
        with _lock:
            _refusals.pop((session_id(), key), None)
    return reason


def why_ended(job: Job, what: str) -> str:
    if job.error is not None:
        return job.error
    when = "it had begun" if job.begun is None else "its last epoch"
    return f"{what} was stopped before {when}."


def detach(key: str, configs: Sequence[RunConfig]) -> None:
    """Remove this session from a job's owners. The last connected owner also removes those disconnected."""
    job = job_of(key, configs)
    if job is not None and session_id() in job.owners:
        leaving = [session_id()] if other_owners(job) else [*job.owners]
        for owner in leaving:
            service().detach(job, owner)
