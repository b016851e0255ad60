"""Who is next: jobs that wait for a worker, bounded, and in an order that is fair between sessions."""

from collections.abc import Hashable, Iterable

from vaedemo.settings import Settings
from vaedemo.training.job import Job
from vaedemo.training.words import count


class QueueFull(Exception):
    """A training that is refused for now; the text is one sentence that says why, and for how long."""


class Queue:
    """The jobs of one process that wait for a worker and those that have begun; not safe without a lock.

    The session whose last training began longest ago is next, and one that had none comes before all others: a
    session's second job waits behind everybody's first. Of one session's jobs, and of equals, the first to come is
    first. A job that several sessions asked for comes as soon as one of them is next, and counts for each. A session
    that has no job here any more is forgotten, and comes back as a new one. A job that nobody watches any more comes
    after all that are watched.
    """

    def __init__(self, limits: Settings):
        self.limits = limits
        self.workers = 1
        self.line: list[Job] = []  # `order()` as it was when somebody last came or went
        self.waiting: list[Job] = []
        self.begun: list[Job] = []
        self.elsewhere: set[Job] = set()  # begun ones that another app process had handed over already
        self._turns: dict[Hashable, int] = {}  # per session: the turn at which its last job began
        self._turn = 0

    def refusal(self, session: Hashable) -> tuple[str, Job | None] | None:
        """Why a session may not add a job now, and the waiting job that has to begin first, or None for a running one.

        None when it may.
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
        """The unwatched job that has to leave the queue so that another may wait; None while there is room."""
        if len(self.waiting) < self.limits.max_queue or not self.waiting:
            return None
        last = self.order()[-1]
        return None if last.watched else last

    def overdue(self, now: float) -> Job | None:
        """A job that has to make room: nobody watches it, it has run for `unwatched_minutes`, and a visitor waits for
        its worker. None when there is none; `now` is monotonic seconds."""
        if self._worker_left() or any(job.stopping for job in self.begun):
            return None
        waiting = [job for job in self.waiting if job.watched and self._may_begin(job)]
        limit = 60 * self.limits.unwatched_minutes
        unwatched = [job for job in self.begun if not job.watched and job not in self.elsewhere]
        over = [job for job in unwatched if job.started is not None and now - job.started >= limit]
        return over[0] if waiting and over else None

    def tell(self) -> None:
        """Tell the waiting jobs how many are before them."""
        self.line = self.order()
        for index, job in enumerate(self.line):
            job.place(len(self.begun) + index)

    def order(self) -> list[Job]:
        """The waiting jobs in the order in which they will begin if nobody comes or leaves."""
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
        """The job that may begin now, marked as begun; None when there is none, or no worker for it.

        A job that shares a run with one that has begun waits for that, and then finds the run in the store.
        """
        if not self._worker_left():
            return None
        job = next(filter(self._may_begin, self.order()), None)
        if job is not None:
            self.begin(job)
        return job

    def begin(self, job: Job, elsewhere: bool = False) -> None:
        """A waiting job is handed over; `elsewhere`: it is in training already, and takes no worker of its own."""
        self.waiting.remove(job)
        self.begun.append(job)
        if elsewhere:
            self.elsewhere.add(job)
        job.place(None)
        self._turn += 1
        self._turns |= dict.fromkeys(job.asking, self._turn)

    def remove(self, job: Job) -> None:
        """A job is over, or nobody waits for it any more."""
        for jobs in (self.waiting, self.begun):
            if job in jobs:
                jobs.remove(job)
        self.elsewhere.discard(job)
        known = {session for each in (*self.waiting, *self.begun) for session in each.asking}
        self._turns = {session: turn for session, turn in self._turns.items() if session in known}

    def _may_begin(self, job: Job) -> bool:
        """Whether a waiting job could use a worker now."""
        in_training = {config.digest for each in self.begun for config in each.missing}
        shared = any(config.digest in in_training for config in job.missing)
        return not shared and self._has_room(job.asking)

    def _worker_left(self) -> bool:
        return len(self.begun) - len(self.elsewhere) < self.workers

    def _has_room(self, sessions: Iterable[Hashable]) -> bool:
        """Whether one of these sessions may have another job running."""
        running = [sum(session in job.asking for job in self.begun) for session in sessions]
        return not running or min(running) < max(self.limits.max_running_per_session, 1)
