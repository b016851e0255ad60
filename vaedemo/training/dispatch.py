"""What is said to dask about one job: its task is handed over, followed, ended early, asked for anew."""

import logging
import threading
from collections.abc import Callable

from distributed import Future
from distributed.client import FutureCancelledError
from distributed.comm import CommClosedError

from vaedemo.training import store
from vaedemo.training.connection import Connection, only_wanted_by, release
from vaedemo.training.job import Job
from vaedemo.training.parcel import unpack
from vaedemo.training.preload import known_keys
from vaedemo.training.run import Run
from vaedemo.training.sentences import JobFailed
from vaedemo.training.task import TASK, seconds_allowed

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
                job.listen(client)
                runs = unpack(future.result())
            except (FutureCancelledError, CommClosedError):
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

    def wind_down(self, job: Job, keep_partial: bool) -> None:
        """The last owner of a job, which is `stopping`, has left: ask its task for what it has, or give it up."""
        with self._lock:
            future = self._futures.get(job)
        client = self.connection.client
        if future is None:
            return  # not submitted yet, or over: `result` looks at `stopping`
        stopped = keep_partial and only_wanted_by(client, job.key) and job.ask_to_stop(STOP_SECONDS)
        if not stopped:
            release(client, future)

    def known(self, keys: list[str]) -> list[str]:
        """Which tasks the scheduler knows already, because another app process has handed them over."""
        try:
            return self.connection.client.run_on_scheduler(known_keys, keys=keys)
        except (ImportError, OSError) as error:  # a scheduler without our package, or one that is gone
            logger.info("The scheduler does not say which tasks it knows: %s", error)
            return []

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
