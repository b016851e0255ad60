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
from vaedemo.training import caps, store
from vaedemo.training.jobs import Job, JobService, task_key
from vaedemo.training.run import Run

REMEMBERED = 64  # ended jobs kept so that whoever asked can still see how they ended

_lock = threading.Lock()
_services: list[JobService] = []
_jobs: OrderedDict[str, Job] = OrderedDict()


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
    """The last job for these settings ended without a result: `reason` says why; a stopped one may leave a part."""

    job: Job
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
    context = get_script_run_ctx()
    return context.session_id if context is not None else "no browser"


def is_present(owner: str) -> bool:
    """Whether a session's browser is still connected. Outside a server (in a test) everyone is."""
    return not runtime.exists() or runtime.get_instance().is_active_session(owner)


def look(config: RunConfig) -> Answer:
    """What there is for a config now; starts nothing."""
    digest = config.digest
    with _lock:
        remembered = _jobs.get(digest)
    live = service().find(digest)
    job = live if live is not None and live.in_flight else remembered or live
    if job is not None and job.in_flight:
        return UnderWay(job, session() in job.owners)
    if job is not None and job.state == "finished" and digest in job.runs:
        return Finished(job.runs[digest])
    if store.folder_of(digest) is not None:
        try:
            return Finished(catalogue.run(digest))
        except store.RunNotFound:  # damaged, and set aside with a warning: as good as never trained
            return Absent(damaged=True)
    if job is not None:
        return Ended(job, job.error or "The training was stopped before its last epoch.", job.runs.get(digest))
    return Absent(damaged=any((settings.current().cache / "aside").glob(f"{digest}-*")))


def start(config: RunConfig) -> Answer:
    """Train a config, or join whoever already does. Raises `ConfigError` above this server's caps."""
    caps.check(config, settings.current())
    job = service().submit([config], session())
    remember(config.digest, job)
    return look(config)


def join(config: RunConfig) -> None:
    """Make this session an owner of a job that is under way, as a reload or a second device does."""
    job = service().find(config.digest)
    if job is not None and job.in_flight and session() not in job.owners:
        remember(config.digest, service().submit([config], session()))


def stop(config: RunConfig) -> None:
    """Take this session off the job; the last owner to leave ends it. Owners who are gone do not keep it."""
    leave(config.digest)


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
    with _lock:
        remembered = _jobs.get(task_key(configs))
    live = service().find(configs[0].digest)
    job = live if live is not None and live.in_flight and set(live.configs) == wanted else remembered
    if job is not None and job.in_flight:
        return UnderWay(job, session() in job.owners)
    if job is not None and job.state == "finished" and wanted <= set(job.runs):
        return AllFinished(tuple(job.runs[config.digest] for config in configs))
    try:
        if all(store.folder_of(config.digest) is not None for config in configs):
            return AllFinished(tuple(catalogue.run(config.digest) for config in configs))
    except store.RunNotFound:  # damaged, and set aside with a warning: as good as never trained
        return Absent(damaged=True)
    if job is not None:
        return Ended(job, job.error or "The sweep was stopped before its last epoch.", None)
    return Absent()


def start_all(configs: Sequence[RunConfig]) -> None:
    """Train a sweep, or join whoever already does. Raises `ConfigError` above this server's caps."""
    for config in configs:
        caps.check(config, settings.current())
    caps.check_together(configs, settings.current())
    remember(task_key(configs), service().submit(configs, session()))


def join_all(configs: Sequence[RunConfig]) -> None:
    """Make this session an owner of a sweep that is under way."""
    answer = look_all(configs)
    if isinstance(answer, UnderWay) and not answer.mine and not answer.job.stopping:
        remember(task_key(configs), service().submit(configs, session()))


def stop_all(configs: Sequence[RunConfig]) -> None:
    """Take this session off a sweep; the last owner to leave ends it."""
    leave(task_key(configs))


def leave(key: str) -> None:
    with _lock:
        job = _jobs.get(key)
    if job is not None:
        leaving = [session()] if others(job) else [*job.owners]
        for owner in leaving:
            service().detach(job, owner)
