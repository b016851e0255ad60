"""A bounded queue of jobs that wait for a worker, in an order that is fair between sessions."""

from collections.abc import Hashable, Iterable

from vaedemo.settings import Settings
from vaedemo.training.job import Job
from vaedemo.training.text_format import count


class QueueFull(Exception):
    """A training is refused for now. The text is one sentence: the reason and the expected wait."""


class JobQueue:
    """The waiting and the begun jobs of one process. The caller must hold a lock.

    The next job belongs to the session whose last job began longest ago. A session without a begun job comes first,
    so a session's second job waits behind every other session's first. Ties are resolved by arrival. A job that
    several sessions asked for begins when the first of them is next, and counts as a turn for each. A session
    without jobs in the queue is forgotten. A job without owners comes after all jobs with owners.
    """

    def __init__(self, limits: Settings):
        self.limits = limits
        self.workers = 1
        self.planned: list[Job] = []  # `order()` when a job last arrived or left
        self.waiting: list[Job] = []
        self.begun: list[Job] = []
        self.elsewhere: set[Job] = set()  # begun jobs that another app process submitted first
        self._turns: dict[Hashable, int] = {}  # per session: the turn at which its last job began
        self._turn = 0

    def refusal(self, session: Hashable) -> tuple[str, Job | None] | None:
        """The reason why a session may not add a job now, and the job that must begin first; None when it may.

        The job is a waiting one, or None when a running job must end first.
        """
        if not self.waiting and self._worker_left() and self._has_room({session}):
            return None
        order = self.order()
        own = [job for job in order if session in job.asking]
        if not min(self.limits.max_waiting_per_session, self.limits.max_queue):
            return "No training may wait on this server", None
        if len(own) >= self.limits.max_waiting_per_session:
            return f"You have {count(len(own), 'training')} waiting already", own[0]
        if len(order) >= self.limits.max_queue and order[-1].watched:
            return f"The queue is full, with {count(len(order), 'training')} waiting", order[0]
        return None

    def add(self, job: Job) -> None:
        self.waiting.append(job)

    def surplus(self) -> Job | None:
        """The job without owners that must leave a full queue; None while there is room."""
        if len(self.waiting) < self.limits.max_queue or not self.waiting:
            return None
        last = self.order()[-1]
        return None if last.watched else last

    def overdue(self, now: float) -> Job | None:
        """The running job to end so that a visitor's job can begin; None when there is none.

        It has no owners and has run for at least `unwatched_minutes`. `now`: monotonic seconds.
        """
        if self._worker_left() or any(job.stopping for job in self.begun):
            return None
        waiting = [job for job in self.waiting if job.watched and self._may_begin(job)]
        limit = 60 * self.limits.unwatched_minutes
        unwatched = [job for job in self.begun if not job.watched and job not in self.elsewhere]
        over = [job for job in unwatched if job.started is not None and now - job.started >= limit]
        return over[0] if waiting and over else None

    def update_positions(self) -> None:
        """Update each waiting job's position."""
        self.planned = self.order()
        for index, job in enumerate(self.planned):
            job.set_position(len(self.begun) + index)

    def order(self) -> list[Job]:
        """The waiting jobs in the order in which they will begin if no job arrives or leaves."""
        turns, turn = dict(self._turns), self._turn
        left, ordered = list(self.waiting), []

        def rank(job: Job) -> tuple[bool, int]:
            return not job.watched, min((turns.get(session, 0) for session in job.asking), default=0)

        while left:
            job = min(left, key=rank)
            turn += 1
            turns |= dict.fromkeys(job.asking, turn)
            left.remove(job)
            ordered.append(job)
        return ordered

    def next(self) -> Job | None:
        """Mark the next job as begun and return it; None when there is none or no worker is free.

        A job that shares a run with a begun job waits for it and then finds the run in the store.
        """
        if not self._worker_left():
            return None
        job = next(filter(self._may_begin, self.order()), None)
        if job is not None:
            self.begin(job)
        return job

    def begin(self, job: Job, elsewhere: bool = False) -> None:
        """Move a waiting job to the begun ones. `elsewhere`: it trains already, so it needs no further worker."""
        self.waiting.remove(job)
        self.begun.append(job)
        if elsewhere:
            self.elsewhere.add(job)
        job.set_position(None)
        self._turn += 1
        self._turns |= dict.fromkeys(job.asking, self._turn)

    def remove(self, job: Job) -> None:
        """Remove a job that has ended."""
        for jobs in (self.waiting, self.begun):
            if job in jobs:
                jobs.remove(job)
        self.elsewhere.discard(job)
        known = {session for each in (*self.waiting, *self.begun) for session in each.asking}
        self._turns = {session: turn for session, turn in self._turns.items() if session in known}

    def _may_begin(self, job: Job) -> bool:
        """Whether a waiting job may use a free worker now."""
        in_training = {config.digest for each in self.begun for config in each.missing}
        shared = any(config.digest in in_training for config in job.missing)
        return not shared and self._has_room(job.asking)

    def _worker_left(self) -> bool:
        return len(self.begun) - len(self.elsewhere) < self.workers

    def _has_room(self, sessions: Iterable[Hashable]) -> bool:
        """Whether one of these sessions may run another job."""
        running = [sum(session in job.asking for job in self.begun) for session in sessions]
        return not running or min(running) < max(self.limits.max_running_per_session, 1)
