"""What the pages ask about trainings: is there a run, is one under way, start one, leave one."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from vaedemo import settings
from vaedemo.app import catalogue
from vaedemo.config import RunConfig
from vaedemo.rules import ConfigError
from vaedemo.training import caps, store
from vaedemo.training.jobs import Job, JobService, QueueFull, task_key
from vaedemo.training.run import Run

REMEMBERED = 64  # ended jobs kept so that whoever asked can still see how they ended
REFUSALS_KEPT = 512  # for whoever pressed Train too often

_lock = threading.Lock()
_services: list[JobService] = []
_jobs: OrderedDict[str, Job] = OrderedDict()
_refusals: OrderedDict[tuple[str, str], ConfigError | QueueFull] = OrderedDict()  # by session and settings


@dataclass(frozen=True)
class Finished:
    """There is a run."""

    run: Run


@dataclass(frozen=True)
class UnderWay:
    """A job with progress; `mine` when this session is one of its owners."""

    job: Job
    mine: bool


@dataclass(frozen=True)
class Ended:
    """The last job for these settings ended without a result, or none was begun (`job` is None): `reason` says why.

    A stopped job may leave a part of a training.
    """

    job: Job | None
    reason: str
    partial: Run | None


@dataclass(frozen=True)
class Absent:
    """Never trained, or no longer kept; `damaged` when what was kept had to be set aside."""

    damaged: bool = False


Answer = Finished | UnderWay | Ended | Absent


def service() -> JobService:
    """The one job service of this process; it starts its worker when it is first needed."""
    with _lock:
        if not _services:
            _services.append(JobService(settings.current(), is_present=is_present))
        return _services[0]


def session() -> str:
    """The id of the browser session that runs this script."""
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context is not None else "no browser"


def is_present(owner: str) -> bool:
    """Whether a session's browser is still connected. Outside a server (in a test) everyone is."""
    return not runtime.exists() or runtime.get_instance().is_active_session(owner)


def look(config: RunConfig) -> Answer:
    """What there is for a config now; starts nothing."""
    digest = config.digest
    job = job_of(digest, [config])
    there = store.folder_of(digest) is not None
    if job is not None and job.in_flight and not (there and len(job.configs) > 1):  # a sweep's first runs end earlier
        return UnderWay(job, session() in job.owners)
    if job is not None and job.state == "finished" and digest in job.runs:
        catalogue.on_screen(digest)
        return Finished(job.runs[digest])
    if there:
        try:
            return Finished(catalogue.run(digest))
        except store.RunNotFound:  # damaged, and set aside with a warning: as good as never trained
            return Absent(damaged=True)
    reason = why_refused(digest)
    if reason is not None:
        return Ended(None, reason, None)
    if job is not None:
        return Ended(job, why_ended(job, "The training"), job.runs.get(digest))
    return Absent(damaged=any((settings.current().cache / "aside").glob(f"{digest}-*")))


def start(config: RunConfig) -> Answer:
    """Train a config, or join whoever already does. A refusal is not raised but told, here and by `look`."""
    begin(config.digest, [config])
    return look(config)


def job_of(key: str, configs: Sequence[RunConfig]) -> Job | None:
    """The job that a page shows for its configs: this session's own, else one under way, else the latest that ended.

    It may train other configs with them: a sweep's member is in training with its sweep.
    """
    remembered = _jobs.get(key)
    live = service().find(*(config.digest for config in configs))
    going = [job for job in (remembered, live) if job is not None and job.in_flight]
    own = [job for job in going if session() in job.owners]
    return next(iter((*own, *reversed(going))), None) or remembered or live


def join(config: RunConfig) -> None:
    """Make this session an owner of a job that is under way, as a reload or a second device does."""
    if store.folder_of(config.digest) is None:  # of a sweep under way the first runs are there before the last
        join_by(config.digest, [config])


def stop(config: RunConfig) -> None:
    """Take this session off the job; the last owner to leave ends it. Owners who are gone do not keep it."""
    leave(config.digest, [config])


def others(job: Job) -> int:
    """How many other visitors want a job and are there: a page that was reloaded has left an owner behind."""
    return sum(owner != session() and is_present(owner) for owner in list(job.owners))


def remember(digest: str, job: Job) -> None:
    with _lock:
        _jobs[digest] = job
        _jobs.move_to_end(digest)
        while len(_jobs) > REMEMBERED:
            _jobs.popitem(last=False)


# The same for several configs that are trained together.


@dataclass(frozen=True)
class AllFinished:
    """There is a run of each config, in their order."""

    runs: tuple[Run, ...]


def look_all(configs: Sequence[RunConfig]) -> AllFinished | UnderWay | Ended | Absent:
    """What there is for a sweep now; starts nothing."""
    wanted = {config.digest for config in configs}
    there = all(store.folder_of(digest) is not None for digest in wanted)
    job = job_of(task_key(configs), configs)
    if job is not None and job.in_flight and not (there and len(job.configs) > len(wanted)):
        return UnderWay(job, session() in job.owners)
    if job is not None and job.state == "finished" and wanted <= set(job.runs):
        for config in configs:
            catalogue.on_screen(config.digest)
        return AllFinished(tuple(job.runs[config.digest] for config in configs))
    try:
        if there:
            return AllFinished(tuple(catalogue.run(config.digest) for config in configs))
    except store.RunNotFound:  # damaged, and set aside with a warning: as good as never trained
        return Absent(damaged=True)
    reason = why_refused(task_key(configs))
    if reason is not None:
        return Ended(None, reason, None)
    if job is not None:
        what = "The training" if len(configs) == 1 else f"The training of these {len(configs)} models"
        return Ended(job, why_ended(job, what), None)
    return Absent()


def start_all(configs: Sequence[RunConfig]) -> None:
    """Train a sweep, or join whoever already does. A refusal is not raised but told by `look_all`."""
    begin(task_key(configs), configs)


def join_all(configs: Sequence[RunConfig]) -> None:
    """Make this session an owner of a sweep that is under way."""
    join_by(task_key(configs), configs)


def stop_all(configs: Sequence[RunConfig]) -> None:
    """Take this session off a sweep; the last owner to leave ends it."""
    leave(task_key(configs), configs)


# What both share; `key` is a config's digest, or `task_key` of a sweep.


def begin(key: str, configs: Sequence[RunConfig]) -> None:
    """Submit a job, or remember why not: buttons call this before the page is drawn, where nothing can be shown."""
    with _lock:
        _refusals.pop((session(), key), None)
    try:
        limits = settings.current()
        for config in configs:
            caps.check(config, limits)
        caps.check_together(configs, limits)
        remember(key, service().submit(configs, session()))
    except (ConfigError, QueueFull) as refusal:
        with _lock:
            _refusals[session(), key] = refusal
            while len(_refusals) > REFUSALS_KEPT:
                _refusals.popitem(last=False)


def join_by(key: str, configs: Sequence[RunConfig]) -> None:
    joined = service().join(configs, session())
    if joined is not None:
        remember(key, joined)


def why_refused(key: str) -> str | None:
    """Why this session's last press of Train began nothing, if that still holds; how long it holds is told anew."""
    refusal = _refusals.get((session(), key))
    if not isinstance(refusal, QueueFull):
        return None if refusal is None else str(refusal)
    reason = service().refusal(session())
    if reason is None:
        with _lock:
            _refusals.pop((session(), key), None)
    return reason


def why_ended(job: Job, what: str) -> str:
    if job.error is not None:
        return job.error
    when = "it had begun" if job.begun is None else "its last epoch"
    return f"{what} was stopped before {when}."


def leave(key: str, configs: Sequence[RunConfig]) -> None:
    """Take this session off a job that it owns; owners who are gone leave with the last one who is there."""
    job = job_of(key, configs)
    if job is not None and session() in job.owners:
        leaving = [session()] if others(job) else [*job.owners]
        for owner in leaving:
            service().detach(job, owner)
