"""What is said to dask about one job: its task is handed over, followed, ended early, asked for anew."""

import logging
import threading
from collections.abc import Callable

from distributed import Future
from distributed.client import FutureCancelledError
from distributed.comm import CommClosedError

from vaedemo.training import engine, store
from vaedemo.training.connection import Connection
from vaedemo.training.job import FAILED, FINISHED, STOPPED, Job
from vaedemo.training.parcel import unpack
from vaedemo.training.preload import known_keys
from vaedemo.training.run import Run
from vaedemo.training.scheduler import SchedulerLost, answer, only_wanted_by, release, talking
from vaedemo.training.sentences import JobFailed, sentence_for
from vaedemo.training.task import TASK, seconds_allowed, task_key, too_long

logger = logging.getLogger(__name__)

STOP_SECONDS = 15.0  # that a stopped training may take for its last batch and its final figures
RETRY_SECONDS = 0.2
RETRIES = 150


class Dispatch:
    """Hands jobs to the scheduler of a connection, one future each. `start()` starts or mends the connection."""

    def __init__(self, connection: Connection, start: Callable[[], None], max_seconds: float):
        self.connection, self.start, self.max_seconds = connection, start, max_seconds
        self._lock, self._closed = threading.Lock(), threading.Event()
        self._futures: dict[Job, Future] = {}

    def outcome(self, job: Job) -> tuple[str, dict[str, Run], str | None]:
        """Hand a job over, wait for it, keep its runs: its last state, new runs, and a reason if one is due."""
        try:
            found = engine.stored(job.missing)  # what other jobs have trained while this one waited
            job.take(found, task_key([config for config in job.missing if config.digest not in found] or job.missing))
            runs = self.result(job) if job.missing else {}
            partial = len(runs) < len(job.missing) or any(run.status == "stopped" for run in runs.values())
            state, limit = (STOPPED if partial else FINISHED), seconds_allowed(runs)
            error = too_long(limit) if limit is not None else job.why_stopping if partial else None
            return state, {digest: kept(run) for digest, run in runs.items()}, error
        except Exception as problem:
            if not isinstance(problem, JobFailed):  # those stand in the worker's log
                logger.warning("A job failed.", exc_info=problem)
            return FAILED, {}, sentence_for(problem)

    def result(self, job: Job) -> dict[str, Run]:
        """The runs that a job's task brings: not all of them when the job is given up meanwhile."""
        configs = job.missing
        for _ in range(RETRIES):
            self.start()
            client = self.connection.client
            future = self.connection.submit(TASK, configs, job.key, self.max_seconds)
            with self._lock:
                self._futures[job] = future
            try:
                if job.stopping:  # looked at after the future can be found by `wind_down`
                    return {}
                with talking(client):
                    job.listen(client)
                    runs = unpack(future.result())
            except (FutureCancelledError, CommClosedError, SchedulerLost):
                runs = {}  # we let go of it; or the scheduler is gone: `start` and the next round mend that
            finally:
                with self._lock:
                    del self._futures[job]
                job.leave(client)
                release(client, future)
            whole = len(runs) == len(configs) and all(run.status != "stopped" for run in runs.values())
            if whole or job.stopping or seconds_allowed(runs) is not None:
                return runs
            # Not what we want, such as another's stopped run: ask anew, which works once all others have let go of it.
            self._closed.wait(RETRY_SECONDS)
        raise JobFailed("The training was ended from elsewhere again and again; press Train again.")

    def wind_down(self, job: Job) -> None:
        """End a job, which is `stopping`: ask its task for what it has, or give it up where others want it too."""
        with self._lock:
            future = self._futures.get(job)
        client = self.connection.client
        if future is None:
            return  # not submitted yet, or over: `result` looks at `stopping`
        if not (only_wanted_by(client, job.key) and job.ask_to_stop(STOP_SECONDS)):
            release(client, future)

    def ours_alone(self, job: Job) -> bool:
        """Whether no other app process wants a job's task."""
        return self.connection.sound and only_wanted_by(self.connection.client, job.key)

    def look(self, keys: list[str]) -> tuple[int, list[str]] | None:
        """How many workers there are, and which of these tasks the scheduler knows; None when it does not answer."""
        try:
            self.start()
            return self.connection.workers(), self.known(keys)
        except (OSError, ValueError, RuntimeError) as error:  # whoever is handed over next will say it on the page
            logger.info("The cluster was not asked for its workers: %s", error)
            return None

    def known(self, keys: list[str]) -> list[str]:
        """Which tasks the scheduler knows already, because another app process has handed them over."""
        return answer(self.connection.client, known_keys, keys=keys, otherwise=[])

    def close(self) -> None:
        """Let go of everything."""
        self._closed.set()
        with self._lock:
            futures = list(self._futures.values())
        for future in futures:
            future.release()


def kept(run: Run) -> Run:
    """A run, kept in this process's store; the worker may have kept it there already."""
    found = store.find(run.digest) if run.status != "stopped" else None
    return found or store.save(run)
