"""Submits a job's task to dask, waits for its result, ends it early, and submits it again when needed."""

import logging
import threading
from collections.abc import Callable

from distributed import Future
from distributed.client import FutureCancelledError
from distributed.comm import CommClosedError

from vaedemo.dataset_names import is_own
from vaedemo.datasets import kept_own, own
from vaedemo.training import engine, job_commands, store
from vaedemo.training.connection import Connection
from vaedemo.training.job import FAILED, FINISHED, STOPPED, Job
from vaedemo.training.preload import known_keys
from vaedemo.training.run import Run
from vaedemo.training.run_bundle import unpack
from vaedemo.training.scheduler import SchedulerLost, ask_scheduler, only_wanted_by, release, translated_errors
from vaedemo.training.sent_data import SentData
from vaedemo.training.sentences import JobFailed, sentence_for
from vaedemo.training.task import TASK, seconds_allowed, task_key, too_long

logger = logging.getLogger(__name__)

STOP_SECONDS = 15.0  # limit for a stopped training's last batch and final metrics
RETRY_SECONDS = 0.2
RETRIES = 150


class Dispatcher:
    """Submits jobs to the scheduler of a connection, one future each. `start()` starts or restores the connection."""

    def __init__(self, connection: Connection, start: Callable[[], None], max_seconds: float):
        self.connection, self.start, self.max_seconds = connection, start, max_seconds
        self._lock, self._closed = threading.Lock(), threading.Event()
        self._futures: dict[Job, Future] = {}
        self.sent = SentData()

    def outcome(self, job: Job) -> tuple[str, dict[str, Run], str | None]:
        """Submit a job, wait for it, store its runs. Returns its last state, the new runs, and an error or None."""
        try:
            found = engine.stored(job.missing)  # runs that other jobs trained while this one waited
            unstored = [config for config in job.missing if config.digest not in found]
            job.set_stored(found, task_key(unstored or job.missing))
            runs = self.result(job) if job.missing else {}
            partial = any(config.digest not in runs for config in job.missing)
            partial = partial or any(run.status == "stopped" for run in runs.values())
            state, limit = (STOPPED if partial else FINISHED), seconds_allowed(runs)
            error = too_long(limit) if limit is not None else job.why_stopping if partial else None
            return state, {digest: stored_run(run) for digest, run in runs.items()}, error
        except Exception as problem:
            if not isinstance(problem, JobFailed):  # the worker has logged a `JobFailed`
                logger.warning("A job failed.", exc_info=problem)
            return FAILED, {}, sentence_for(problem)

    def result(self, job: Job) -> dict[str, Run]:
        """The runs of a job's task; some are missing when the job was stopped meanwhile."""
        configs = job.missing
        for _ in range(RETRIES):
            self.start()
            client = self.connection.client
            try:
                data = self.sent.send(client, configs, lambda: job.stopping or self._closed.is_set())
            except (CommClosedError, SchedulerLost):
                self._closed.wait(RETRY_SECONDS)
                continue
            if job.stopping:  # while its data waited for a worker
                return {}
            future = self.connection.submit(TASK, configs, job.key, self.max_seconds, *data)
            with self._lock:
                self._futures[job] = future
            try:
                if job.stopping:  # checked only now, when `end_early` can find the future
                    return {}
                with translated_errors(client):
                    job.subscribe(client)
                    runs = unpack(future.result())
            except (FutureCancelledError, CommClosedError, SchedulerLost):
                runs = {}  # released here, or the scheduler is gone: the next iteration reconnects
            finally:
                with self._lock:
                    del self._futures[job]
                job.unsubscribe(client)
                release(client, future)
            whole = all(each.digest in runs and runs[each.digest].status != "stopped" for each in configs)
            if whole or job.stopping or seconds_allowed(runs) is not None:
                return runs
            # An incomplete result, e.g. a run that another process stopped: submit again once all others released it.
            self._closed.wait(RETRY_SECONDS)
        raise JobFailed("The training was ended from elsewhere again and again; press Train again.")

    def end_early(self, job: Job) -> None:
        """End a `stopping` job: ask its task for partial runs, or only release it when other processes want it."""
        with self._lock:
            future = self._futures.get(job)
        client = self.connection.client
        if future is None:
            return  # not submitted yet, or ended: `result` checks `stopping`
        if not (only_wanted_by(client, job.key) and job_commands.stop(client, job, STOP_SECONDS)):
            release(client, future)

    def hold(self, job: Job) -> None:
        """Ask a job's task to keep the step at which it is; `job.held` then has it."""
        with self._lock:
            under_way = job in self._futures
        if under_way:
            job_commands.hold(self.connection.client, job, STOP_SECONDS)

    def wanted_only_here(self, job: Job) -> bool:
        """Whether this is the only app process that wants a job's task."""
        return self.connection.usable and only_wanted_by(self.connection.client, job.key)

    def poll(self, keys: list[str]) -> tuple[int, list[str]] | None:
        """The number of workers, and those of `keys` that the scheduler knows; None when it does not answer."""
        try:
            self.start()
            return self.connection.workers(), self.known(keys)
        except (OSError, ValueError, RuntimeError) as error:  # the next submitted job shows the error
            logger.info("The cluster was not asked for its workers: %s", error)
            return None

    def known(self, keys: list[str]) -> list[str]:
        """Those of `keys` that another app process has submitted already."""
        return ask_scheduler(self.connection.client, known_keys, keys=keys, otherwise=[])

    def close(self) -> None:
        """Release all futures."""
        self._closed.set()
        with self._lock:
            futures = list(self._futures.values())
        for future in futures:
            future.release()
        self.sent.keep_only(())


def stored_run(run: Run) -> Run:
    """Save a run in this process's store, unless the worker has saved it there already.

    A run on own data that were forgotten while it was trained is not saved.
    """
    dataset = run.config.dataset
    if is_own(dataset) and not (own.is_registered(dataset) or kept_own.was_kept(dataset)):
        return run
    found = store.find(run.digest) if run.status != "stopped" else None
    return found or store.save(run)
