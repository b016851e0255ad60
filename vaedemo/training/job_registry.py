"""The jobs of one process by their configs: those in flight, and those that ended recently."""

from collections import OrderedDict
from collections.abc import Hashable, Iterable

from vaedemo.training.job import Job

KEPT_JOBS = 16  # ended jobs, for visitors who return to an unstored run or to an error


class JobRegistry:
    """All jobs of a service. The caller must hold a lock."""

    def __init__(self):
        self._live: dict[frozenset[str], Job] = {}
        self._ended: OrderedDict[frozenset[str], Job] = OrderedDict()

    def add(self, job: Job) -> None:
        """Add a new job."""
        wanted = frozenset(job.configs)
        self._live[wanted] = job
        self._ended.pop(wanted, None)

    def remove(self, job: Job, keep: bool) -> None:
        """Remove a job that has ended. `keep`: `find` still returns it, until newer ones replace it."""
        wanted = frozenset(job.configs)
        if self._live.get(wanted) is job:
            del self._live[wanted]
        if keep:
            self._ended[wanted] = job
            while len(self._ended) > KEPT_JOBS:
                self._ended.popitem(last=False)

    def live(self) -> list[Job]:
        return list(self._live.values())

    def joinable(self, wanted: Iterable[str]) -> Job | None:
        """The job in flight that trains all these digests, with the fewest others; None when there is none."""
        wanted = frozenset(wanted)
        jobs = [job for job in self._live.values() if job.in_flight and not job.stopping and wanted <= set(job.configs)]
        return min(jobs, key=lambda job: len(job.configs), default=None)

    def find(self, wanted: Iterable[str]) -> Job | None:
        """The job that can be joined, else the newest ended one with all these digests."""
        wanted = frozenset(wanted)
        ended = (job for job in reversed(self._ended.values()) if wanted <= set(job.configs))
        return self.joinable(wanted) or next(ended, None)

    def clear(self, dataset: str) -> list[Job]:
        """Forget the ended jobs on a data set; returns those in flight on it."""
        self._ended = OrderedDict((wanted, job) for wanted, job in self._ended.items() if not job.is_on(dataset))
        return [job for job in self._live.values() if job.is_on(dataset)]

    def wanted_by(self) -> list[tuple[Job, Hashable]]:
        """Each job in flight with each of its owners."""
        return [(job, owner) for job in self._live.values() for owner in job.owners]
