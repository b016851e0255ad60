"""Who trains where: the service that queues jobs, counts who wants them, and follows them to their end."""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence

from vaedemo.config import RunConfig
from vaedemo.settings import Settings
from vaedemo.training import engine, estimate, opened
from vaedemo.training.cluster import CLOSE_SECONDS
from vaedemo.training.connection import Connection
from vaedemo.training.dispatch import Dispatch, kept
from vaedemo.training.forecast import Forecast
from vaedemo.training.job import FAILED, FINISHED, STOPPED, Job
from vaedemo.training.presence import Presence
from vaedemo.training.queue import Queue, QueueFull
from vaedemo.training.run import Run
from vaedemo.training.sentences import JobFailed, sentence_for
from vaedemo.training.task import seconds_allowed, task_key, too_long, train_bytes  # noqa: F401 (the task too)
from vaedemo.training.threads import Threads

logger = logging.getLogger(__name__)

KEPT_JOBS = 16  # finished and failed ones, for those who come back to a run that could not be stored
TICK_SECONDS = 1.0


class JobService:
    """Trains for all sessions of one process: one job and one dask future per list of configs, however many want it.

    As many jobs are handed to dask as there are workers; the others wait in a queue that is fair between sessions.
    `is_present(owner)` says whether an owner's browser is still there; one that is not for `settings.grace_seconds`
    is detached. All methods can be called from any thread, and none waits for a training.
    """

    def __init__(self, settings: Settings, is_present: Callable[[Hashable], bool] = lambda owner: True):
        self.settings = settings
        self.presence = Presence(is_present, settings.grace_seconds)
        self.connection = Connection(settings)
        self.dispatch = Dispatch(self.connection, self.start, settings.max_seconds)
        self.queue, self.forecast = Queue(settings), Forecast(lambda: self.calibration)
        self._lock, self._closed, self._watching = threading.RLock(), threading.Event(), False
        self._looking = threading.Lock()
        self._live: dict[frozenset[str], Job] = {}
        self._ended: OrderedDict[frozenset[str], Job] = OrderedDict()
        self._followers, self._helpers = Threads("follow-job"), Threads("job-service")

    def submit(self, configs: Sequence[RunConfig], owner: Hashable) -> Job:
        """The job that trains these configs, for an owner who asked for it: the one in flight, or else a new one.

        What is stored is taken from the store; when that is all, the job comes back finished. Raises `QueueFull`
        instead of a new job when the owner, or all together, have too many waiting; joining one is always possible.
        """
        wanted = frozenset(config.digest for config in configs)
        if not wanted:
            raise ValueError("A job needs at least one config.")
        joined = self._join(wanted, owner, asked=True)
        if joined is not None:
            return joined
        runs = engine.stored(configs)
        missing = [config for config in configs if config.digest not in runs]
        job = Job(task_key(missing or configs), configs, runs)
        if not missing:
            job.end(FINISHED)
            return job
        with self._lock:
            joined = self._join(wanted, owner, asked=True)  # another session may have been quicker
            if joined is not None:
                return joined
            if self._closed.is_set():
                job.end(FAILED, error="The app is shutting down.")
                return job
            refusal = self.refusal(owner)
            if refusal is not None:
                raise QueueFull(refusal)
            job.owners.add(owner)
            job.asked.add(owner)
            self._live[wanted] = job
            for config in missing:
                if config.start_from:
                    opened.here().keep(job, config.start_from)
            self._ended.pop(wanted, None)
            self.queue.add(job)
            self._move()
        self._look_at_cluster()
        return job

    def join(self, configs: Sequence[RunConfig], owner: Hashable) -> Job | None:
        """Make somebody who opened a link an owner of the job in flight; None when there is none."""
        return self._join(frozenset(config.digest for config in configs), owner, asked=False)

    def find(self, digest: str) -> Job | None:
        """The job of a digest: one in flight that is wanted, else one that finished or failed lately."""
        with self._lock:
            live = [job for job in self._live.values() if not job.stopping]
            jobs = [*live, *reversed(self._ended.values())]
        return next((job for job in jobs if digest in job.configs), None)

    def detach(self, job: Job, owner: Hashable) -> None:
        """An owner pressed Stop. The last one's Stop ends the training; its partial run comes with the job."""
        self._detach(job, owner, keep_partial=True)

    def refusal(self, owner: Hashable) -> str | None:
        """Why an owner can start no new training now, and for how long, in a sentence; None when there is no reason."""
        with self._lock:
            return self.forecast.refusal(self.queue, owner)

    def wait_seconds(self, job: Job | None) -> float | None:
        """In about how many seconds a waiting job will begin; None while that is not known."""
        with self._lock:
            return self.forecast.wait_seconds(self.queue, job)

    def _join(self, wanted: frozenset[str], owner: Hashable, asked: bool) -> Job | None:
        with self._lock:
            job = self._live.get(wanted)
            if job is None or job.stopping or not job.in_flight:
                return None
            job.owners.add(owner)
            if asked:
                job.asked.add(owner)
                self._move()
            return job

    def _detach(self, job: Job, owner: Hashable, keep_partial: bool) -> None:
        with self._lock:
            if owner not in job.owners:
                return
            job.owners.discard(owner)
            if not job.in_flight:
                return
            if job.owners:
                self._move()
                return
            job.stopping = True
            if job in self.queue.waiting:
                self._end(job, STOPPED)
            else:
                self._helpers.start(self.dispatch.wind_down, job, keep_partial)

    def _move(self) -> None:
        """Hand over what may begin, and tell the others how many are before them."""
        if self._closed.is_set():
            return
        while (job := self.queue.next()) is not None:
            self._followers.start(self._follow, job)
        self.queue.tell()

    def _follow(self, job: Job) -> None:
        """Hand a job over, wait for it, keep its runs."""
        try:
            found = engine.stored(job.missing)  # what other jobs have trained while this one waited
            job.take(found, task_key([config for config in job.missing if config.digest not in found] or job.missing))
            runs = self.dispatch.result(job) if job.missing else {}
            partial = len(runs) < len(job.missing) or any(run.status == "stopped" for run in runs.values())
            state, limit = (STOPPED if partial else FINISHED), seconds_allowed(runs)
            error = too_long(limit) if limit is not None else None
            runs = {digest: kept(run) for digest, run in runs.items()}
        except Exception as problem:
            runs, state, error = {}, FAILED, sentence_for(problem)
            if not isinstance(problem, JobFailed):  # those stand in the worker's log
                logger.warning("A job failed.", exc_info=problem)
        with self._lock:
            self._end(job, state, runs, error)
        self._look_at_cluster()

    def _end(self, job: Job, state: str, runs: dict[str, Run] | None = None, error: str | None = None) -> None:
        """A job is over: the next may begin."""
        wanted = frozenset(job.configs)
        if self._live.get(wanted) is job:
            del self._live[wanted]
        if state != STOPPED:
            self._ended[wanted] = job
            while len(self._ended) > KEPT_JOBS:
                self._ended.popitem(last=False)
        if state == FINISHED:
            self.forecast.learn(job, runs)
        self.queue.remove(job)
        opened.here().let_go(job)
        job.end(state, runs, error)
        self._move()

    def _look_at_cluster(self) -> None:
        """See, in a thread, how many workers a cluster has, and which waiting jobs other app processes train."""
        if self.settings.scheduler and self.queue.waiting and not self._closed.is_set():
            self._helpers.start(self._follow_cluster)

    def _follow_cluster(self) -> None:
        with self._looking:
            try:
                self.start()
                workers, known = self.connection.workers(), self.dispatch.known([job.key for job in self.queue.line])
            except (OSError, ValueError, RuntimeError) as error:  # whoever is handed over next will say it on the page
                logger.info("The cluster was not asked for its workers: %s", error)
                return
            with self._lock:
                self.queue.workers = max(workers, 1)  # with none, one job waits there, for a cluster may start one
                for job in [job for job in self.queue.waiting if job.key in known]:
                    self.queue.begin(job, elsewhere=True)
                    self._followers.start(self._follow, job)
                self._move()

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

    def absent(self) -> Iterable[tuple[Job | None, Hashable]]:
        """Pairs of a job and an owner who has been away too long; None for the job where it is a screen with runs."""
        with self._lock:
            wanted_by = [(job, owner) for job in self._live.values() for owner in job.owners]
        screens = [(None, owner) for owner in opened.here().owners() if not isinstance(owner, Job)]
        return self.presence.gone([*wanted_by, *screens])

    def part_with(self, job: Job | None, owner: Hashable) -> None:
        """An owner has left, and gets nothing any more."""
        if job is None:
            opened.here().let_go(owner)
        else:
            self._detach(job, owner, keep_partial=False)

    def _watch(self) -> None:
        """Once a second: part with owners who have left, replace a nanny that died, see who came to the cluster."""
        while not self._closed.wait(TICK_SECONDS):
            for job, owner in self.absent():
                self.part_with(job, owner)
            if not self._looking.locked():
                self._look_at_cluster()
            self.connection.mend()

    def close(self) -> None:
        """End everything: jobs, client, and the processes if they are ours."""
        self._closed.set()
        with self._lock:
            for job in list(self._live.values()):
                job.stopping = True
                if job in self.queue.waiting:
                    self._end(job, STOPPED)
        self.dispatch.close()
        self._followers.join(CLOSE_SECONDS)  # they still need the client
        self.connection.close()
        self._helpers.join(CLOSE_SECONDS)
