"""Who trains where: the task that dask runs, and the service that submits it, counts who wants it and follows it."""

import hashlib
import json
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence

from distributed import Future
from distributed.client import FutureCancelledError
from distributed.comm import CommClosedError

from vaedemo.config import RunConfig
from vaedemo.settings import Settings
from vaedemo.training import engine, estimate, remote, store
from vaedemo.training.broadcast import StoppedEarly, broadcasting
from vaedemo.training.cluster import CLOSE_SECONDS
from vaedemo.training.connection import Connection, only_wanted_by, release
from vaedemo.training.job import FAILED, FINISHED, STOPPED, Job
from vaedemo.training.parcel import pack, unpack
from vaedemo.training.preload import TASK_PREFIX
from vaedemo.training.presence import Presence
from vaedemo.training.run import Run
from vaedemo.training.sentences import JobFailed, sentence_for
from vaedemo.training.threads import Threads

logger = logging.getLogger(__name__)

TASK = "vaedemo.training.jobs:train_bytes"
KEPT_JOBS = 16  # finished and failed ones, for those who come back to a run that could not be stored
TICK_SECONDS = 1.0
STOP_SECONDS = 15.0  # that a stopped training may take for its last batch and its final figures
RETRY_SECONDS = 0.2
RETRIES = 150


def train_bytes(config_json: str) -> bytes:
    """The dask task: train the configs of a JSON list that are not stored here yet; their runs as one zip.

    The zip holds `<digest>.zip` (of `store.pack`) per run. Configs of one form are trained together. After a stop
    message the runs under way come back as far as they got, with status "stopped", and those not begun are left out.
    Raises `JobFailed` with one sentence.
    """
    try:
        configs = [RunConfig.from_dict(values) for values in json.loads(config_json)]
        runs = []
        with broadcasting() as broadcast:
            for stack in engine.stacks(configs):
                if broadcast.should_stop():
                    break
                download = broadcast.loading(stack[0].dataset)
                runs += engine.train_stack(stack, broadcast.report, broadcast.should_stop, download).values()
    except StoppedEarly:
        logger.info("Stopped while its data set was loading.")
    except Exception as error:
        logger.exception("A training failed.")
        raise JobFailed(sentence_for(error)) from None
    return pack(runs)


def task_key(configs: Iterable[RunConfig]) -> str:
    """The dask key of a list of configs: the same for everyone who asks for the same runs."""
    text = ",".join(sorted(config.digest for config in configs))
    return TASK_PREFIX + hashlib.sha256(text.encode()).hexdigest()[:16]


class JobService:
    """Trains for all sessions of one process: one job and one dask future per list of configs, however many want it.

    `is_present(owner)` says whether an owner's browser is still there; one that is not for `settings.grace_seconds`
    is detached. All methods can be called from any thread, and none waits for a training.
    """

    def __init__(
        self,
        settings: Settings,
        is_present: Callable[[Hashable], bool] = lambda owner: True,
    ):
        self.settings = settings
        self.presence = Presence(is_present, settings.grace_seconds)
        self.connection = Connection(settings)
        self._lock, self._closed, self._watching = threading.RLock(), threading.Event(), False
        self._live: dict[frozenset[str], Job] = {}
        self._ended: OrderedDict[frozenset[str], Job] = OrderedDict()
        self._futures: dict[Job, Future] = {}
        self._followers, self._helpers = Threads("follow-job"), Threads("job-service")

    def submit(self, configs: Sequence[RunConfig], owner: Hashable) -> Job:
        """The job that trains these configs: the one in flight if there is one, else a new one; `owner` wants it.

        What is stored is taken from the store; when that is all, the job comes back finished.
        """
        wanted = frozenset(config.digest for config in configs)
        if not wanted:
            raise ValueError("A job needs at least one config.")
        joined = self._join(wanted, owner)
        if joined is not None:
            return joined
        found = {digest: store.find(digest) for digest in wanted}
        runs = {digest: run for digest, run in found.items() if run is not None}
        missing = [config for config in configs if config.digest not in runs]
        job = Job(task_key(missing or configs), configs, runs)
        if not missing:
            job.end(FINISHED)
            return job
        with self._lock:
            joined = self._join(wanted, owner)  # another session may have been quicker
            if joined is not None:
                return joined
            if self._closed.is_set():
                job.end(FAILED, error="The app is shutting down.")
                return job
            job.owners.add(owner)
            predecessor = self._live.get(wanted)
            self._live[wanted] = job
            self._ended.pop(wanted, None)
            self._followers.start(self._follow, job, predecessor)
        return job

    def find(self, digest: str) -> Job | None:
        """The job of a digest: one in flight that is wanted, else one that finished or failed lately."""
        with self._lock:
            live = [job for job in self._live.values() if not job.stopping]
            jobs = [*live, *reversed(self._ended.values())]
        return next((job for job in jobs if digest in job.configs), None)

    def detach(self, job: Job, owner: Hashable) -> None:
        """An owner pressed Stop. The last one's Stop ends the training; its partial run comes with the job."""
        self._detach(job, owner, keep_partial=True)

    def _join(self, wanted: frozenset[str], owner: Hashable) -> Job | None:
        with self._lock:
            job = self._live.get(wanted)
            if job is None or job.stopping or not job.in_flight:
                return None
            job.owners.add(owner)
            return job

    def _detach(self, job: Job, owner: Hashable, keep_partial: bool) -> None:
        with self._lock:
            if owner not in job.owners:
                return
            job.owners.discard(owner)
            if job.owners or not job.in_flight:
                return
            job.stopping = True
            self._helpers.start(self._wind_down, job, keep_partial)

    def _follow(self, job: Job, predecessor: Job | None) -> None:
        """Submit a job's task, wait for it, keep its runs."""
        if predecessor is not None:
            predecessor.wait()
        try:
            runs = self._result(job)
            partial = len(runs) < len(job.missing) or any(run.status == "stopped" for run in runs.values())
            runs = {digest: self._keep(run) for digest, run in runs.items()}
            state, error = (STOPPED if partial else FINISHED), None
        except Exception as problem:
            runs, state, error = {}, FAILED, sentence_for(problem)
            if not isinstance(problem, JobFailed):  # those stand in the worker's log
                logger.warning("A job failed.", exc_info=problem)
        with self._lock:
            wanted = frozenset(job.configs)
            if self._live.get(wanted) is job:
                del self._live[wanted]
            if state != STOPPED:
                self._ended[wanted] = job
                while len(self._ended) > KEPT_JOBS:
                    self._ended.popitem(last=False)
            job.end(state, runs, error)

    def _result(self, job: Job) -> dict[str, Run]:
        """The runs that a job's task brings: not all of them when the job is given up meanwhile."""
        configs = job.missing
        content = json.dumps([config.to_dict() for config in configs])
        for _ in range(RETRIES):
            self.start()
            client = self.connection.client
            with self._lock:
                if job.stopping:
                    return {}
                future = self._futures[job] = client.submit(remote.call, TASK, content, key=job.key)
            try:
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
            if whole or job.stopping:
                return runs
            # Not what we want, such as another's stopped run: ask anew, which works once all others have let go of it.
            self._closed.wait(RETRY_SECONDS)
        raise JobFailed("The training was ended from elsewhere again and again; press Train again.")

    def _wind_down(self, job: Job, keep_partial: bool) -> None:
        """The last owner has left: ask the task for what it has, or simply give it up."""
        with self._lock:
            future = self._futures.get(job)
        client = self.connection.client
        if future is None:
            return  # not submitted yet, or over: `_result` looks at `stopping`
        stopped = keep_partial and only_wanted_by(client, job.key) and job.ask_to_stop(STOP_SECONDS)
        if not stopped:
            release(client, future)

    def _keep(self, run: Run) -> Run:
        """The run, kept in this process's store; the worker may have kept it there already."""
        kept = store.find(run.digest) if run.status != "stopped" else None
        return kept or store.save(run)

    @property
    def calibration(self) -> estimate.Calibration | None:
        """How fast trainings are here; None until it was measured, soon after the start."""
        return self.connection.calibration

    def start(self) -> None:
        """Start the worker process, or connect to the cluster; again if it has died. Raises as `Connection.start`."""
        self.connection.start()
        with self._lock:
            if not self._watching:
                self._watching = True
                self._helpers.start(self._watch)

    def _watch(self) -> None:
        """Once a second: detach owners who have left, replace a nanny that died."""
        while not self._closed.wait(TICK_SECONDS):
            with self._lock:
                wanted_by = [(job, owner) for job in self._live.values() for owner in job.owners]
            for job, owner in self.presence.gone(wanted_by):
                self._detach(job, owner, keep_partial=False)
            self.connection.mend()

    def close(self) -> None:
        """End everything: jobs, client, and the processes if they are ours."""
        self._closed.set()
        with self._lock:
            for job in self._live.values():
                job.stopping = True
            futures = list(self._futures.values())
        for future in futures:
            future.release()
        self._followers.join(CLOSE_SECONDS)  # they still need the client
        self.connection.close()
        self._helpers.join(CLOSE_SECONDS)
