"""The service that queues jobs, submits them to dask, follows them to their end and tracks their owners."""

import threading
import time
from collections.abc import Callable, Hashable, Iterable, Sequence

from vaedemo.config import RunConfig
from vaedemo.settings import Settings
from vaedemo.training import engine, leases
from vaedemo.training.cluster import CLOSE_SECONDS
from vaedemo.training.connection import Connection
from vaedemo.training.dispatcher import Dispatcher
from vaedemo.training.forecast import Forecast
from vaedemo.training.job import FAILED, FINISHED, STOPPED, Job
from vaedemo.training.job_queue import JobQueue, QueueFull
from vaedemo.training.job_registry import JobRegistry
from vaedemo.training.run import Run
from vaedemo.training.sentences import UNWATCHED_IN_QUEUE, gave_way
from vaedemo.training.session_timeouts import SessionTimeouts
from vaedemo.training.task import task_key, train_bytes  # noqa: F401 (the task too)
from vaedemo.training.threads import Threads

TICK_SECONDS = 1.0


class JobService:
    """Trains for all sessions of one process: one job and one dask future per list of configs.

    Sessions that ask for the same configs share a job. A config that trains as one of several is joined there.
    As many jobs as dask has workers are submitted; the others wait in a queue that is fair between sessions.
    `is_present(owner)`: whether an owner's browser is connected. One absent for `settings.grace_seconds` is removed. A
    job without owners continues, but `JobQueue.surplus` and `JobQueue.overdue` can end it in favour of watched ones.
    All methods are thread-safe; none waits for a training.
    """

    def __init__(self, settings: Settings, is_present: Callable[[Hashable], bool] = lambda owner: True):
        self.settings = settings
        self.timeouts = SessionTimeouts(is_present, settings.grace_seconds)
        self.connection, self.queue = Connection(settings), JobQueue(settings)
        self.dispatcher = Dispatcher(self.connection, self.start, settings.max_seconds)
        self.forecast = Forecast(
            lambda: self.connection.calibration, lambda: self._helpers.start(self.connection.calibrate_again)
        )
        self._lock, self._polling, self._closed = threading.RLock(), threading.Lock(), threading.Event()
        self._registry, self._watching = JobRegistry(), False
        self._followers, self._helpers = Threads("follow-job"), Threads("job-service")

    def submit(self, configs: Sequence[RunConfig], owner: Hashable) -> Job:
        """The job that trains these configs, with `owner` added: the one in flight, else a new one.

        Stored runs are loaded; when all are stored, the job is finished at once. Raises `QueueFull` when a new job is
        needed and the owner, or all owners together, have too many waiting. Joining a job in flight always works.
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
            joined = self._join(wanted, owner, asked=True)  # another session may have submitted it meanwhile
            if joined is not None:
                return joined
            if self._closed.is_set():
                job.end(FAILED, error="The app is shutting down.")
                return job
            refusal = self.refusal(owner)
            if refusal is not None:
                raise QueueFull(refusal)
            surplus = self.queue.surplus()
            if surplus is not None:
                self._end(surplus, STOPPED, error=UNWATCHED_IN_QUEUE)
            job.add_owner(owner, asked=True)
            self._registry.add(job)
            leases.current().hold_starts(job, missing)
            self.queue.add(job)
            self._schedule()
        self._start_polling()
        return job

    def join(self, configs: Sequence[RunConfig], owner: Hashable) -> Job | None:
        """Add a visitor who opened a link to the owners of the job in flight, if there is one."""
        return self._join(frozenset(config.digest for config in configs), owner, asked=False)

    def find(self, *digests: str) -> Job | None:
        """The job of these digests: one in flight, else one that recently finished, failed or was ended by a rule."""
        with self._lock:
            return self._registry.find(digests)

    def detach(self, job: Job, owner: Hashable) -> None:
        """Remove an owner who pressed Stop. The last owner's Stop ends the training; the job then has partial runs."""
        self._remove_owner(job, owner, stop=True)

    def hold(self, job: Job) -> None:
        """Ask a running training to keep its present step, and to go on; `job.held` has the step soon."""
        self._helpers.start(self.dispatcher.hold, job)

    def clear(self, dataset: str) -> list[Job]:
        """Stop the jobs on a data set, whoever watches them, and forget those that ended; returns the stopped ones."""
        with self._lock:
            jobs = self._registry.clear(dataset)
            for job in [job for job in jobs if not job.stopping]:
                self._stop(job)
        return jobs

    def refusal(self, owner: Hashable) -> str | None:
        """One sentence why an owner cannot start a new training now, and for how long; None when it can."""
        with self._lock:
            return self.forecast.refusal(self.queue, owner)

    def wait_seconds(self, job: Job | None) -> float | None:
        """The estimated seconds until a waiting job begins; None while that is unknown."""
        with self._lock:
            return self.forecast.wait_seconds(self.queue, job)

    def _join(self, wanted: frozenset[str], owner: Hashable, asked: bool) -> Job | None:
        with self._lock:
            job = self._registry.joinable(wanted)
            if job is None:
                return None
            found_anew = not job.watched
            job.add_owner(owner, asked)
            if asked or found_anew:
                self._schedule()
            return job

    def _remove_owner(self, job: Job, owner: Hashable, stop: bool) -> None:
        """Remove an owner; end the job when the last owner presses Stop."""
        with self._lock:
            if owner not in job.owners:
                return
            job.owners.discard(owner)
            if not job.in_flight:
                return
            if stop and not job.watched:
                self._stop(job)
            else:
                self._schedule()

    def _stop(self, job: Job) -> None:
        job.stopping = True
        if job in self.queue.waiting:
            self._end(job, STOPPED)
        else:
            self._helpers.start(self.dispatcher.end_early, job)

    def make_room(self) -> None:
        """End an overdue job without owners (`JobQueue.overdue`), so that a visitor's job can begin."""
        with self._lock:
            job = self.queue.overdue(time.monotonic())
        if job is None or not self.dispatcher.wanted_only_here(job):
            return
        with self._lock:
            if job.in_flight and not job.stopping and not job.watched:
                job.why_stopping = gave_way(self.settings.unwatched_minutes)
                self._stop(job)

    def _schedule(self) -> None:
        """Submit the jobs that may begin, and update the positions of the others."""
        if self._closed.is_set():
            return
        while (job := self.queue.next()) is not None:
            self._followers.start(self._follow, job)
        self.queue.update_positions()

    def _follow(self, job: Job) -> None:
        outcome = self.dispatcher.outcome(job)
        with self._lock:
            self._end(job, *outcome)
        self._start_polling()

    def _end(self, job: Job, state: str, runs: dict[str, Run] | None = None, error: str | None = None) -> None:
        """Record a job's end and begin the next."""
        self._registry.remove(job, keep=state != STOPPED or error is not None)
        if state == FINISHED:
            self.forecast.learn(job, runs)
        self.queue.remove(job)
        self.dispatcher.sent.keep_only(config.dataset for each in self._registry.live() for config in each.missing)
        leases.current().release(job)
        job.end(state, runs, error)
        self._schedule()

    def _start_polling(self) -> None:
        """Ask the cluster, in a thread, for its workers and for waiting jobs that other app processes train."""
        if self.settings.scheduler and self.queue.waiting and not self._closed.is_set():
            self._helpers.start(self._poll_cluster)

    def _poll_cluster(self) -> None:
        with self._polling:
            found = self.dispatcher.poll([job.key for job in self.queue.planned])
            if found is None:
                return
            workers, known = found
            with self._lock:
                self.queue.workers = max(workers, 1)  # without workers one job waits there: the cluster may start one
                for job in [job for job in self.queue.waiting if job.key in known]:
                    self.queue.begin(job, elsewhere=True)
                    self._followers.start(self._follow, job)
                self._schedule()

    def start(self) -> None:
        """Start the worker process or connect to the cluster, again if it has died. Raises as `Connection.start`."""
        self.connection.start()
        with self._lock:
            if not self._watching:
                self._watching = True
                self._helpers.start(self._watch)

    def absent_owners(self) -> Iterable[tuple[Job | None, Hashable]]:
        """Pairs (job, owner) whose owner has been absent too long; the job is None for a screen that shows runs."""
        with self._lock:
            wanted_by = self._registry.wanted_by()
        screens = [(None, owner) for owner in leases.current().owners() if not isinstance(owner, Job)]
        return self.timeouts.expired([*wanted_by, *screens])

    def drop_owner(self, job: Job | None, owner: Hashable) -> None:
        """Remove an owner who has left. Its job continues."""
        if job is None:
            leases.current().release(owner)
        else:
            self._remove_owner(job, owner, stop=False)

    def _watch(self) -> None:
        """Once a second: remove absent owners, end overdue jobs, restart a dead nanny, poll the cluster."""
        while not self._closed.wait(TICK_SECONDS):
            for job, owner in self.absent_owners():
                self.drop_owner(job, owner)
            self.make_room()
            if not self._polling.locked():
                self._start_polling()
            self.connection.restart_nanny()

    def close(self) -> None:
        """End the jobs, the client, and the local processes."""
        self._closed.set()
        with self._lock:
            for job in self._registry.live():
                job.stopping = True
                if job in self.queue.waiting:
                    self._end(job, STOPPED)
        self.dispatcher.close()
        self._followers.join(CLOSE_SECONDS)  # before the connection closes: they use its client
        self.connection.close()
        self._helpers.join(CLOSE_SECONDS)
