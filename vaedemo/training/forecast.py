"""How long trainings take here, and so how long one that waits will wait; corrected by how long others took."""

import math
import statistics
import threading
import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from vaedemo.config import RunConfig
from vaedemo.training import engine, estimate
from vaedemo.training.job import Job
from vaedemo.training.queue import Queue
from vaedemo.training.run import Run
from vaedemo.training.words import span

REMEMBERED = 8  # trainings of a kind that the correction looks back on
PLANS_KEPT = 256
MOST_WRONG = 20.0  # a training that took longer by more than this met with something else
FAR_OFF, FAR_SECONDS = 3.0, 3.0  # an estimate wrong by this factor and by so many seconds: the calibration is doubted
DOUBT_EVERY = 300.0  # seconds at least between two new calibrations
FIRST_OVERHEAD = 0.4  # seconds each run takes beside its training (to be kept and to travel), before any was seen


@dataclass(frozen=True)
class Part:
    """One stack of a job: its runs, its kind of network, and the seconds that the arithmetic alone lets expect."""

    digests: tuple[str, ...]
    kind: str
    seconds: float


class Forecast:
    """Expected seconds of trainings; `calibration()` is how fast they are here, or None while that is not known.

    The estimate is multiplied by the mean factor by which the latest trainings of its kind were slower than
    theirs: what else the machine does, and what the estimate does not count, is in it. Where a training shows that the
    calibration was far off, because the machine was busy when it was made, `calibrate_again()` is called; what was
    learned is forgotten when another calibration has come.
    """

    def __init__(
        self,
        calibration: Callable[[], estimate.Calibration | None],
        calibrate_again: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ):
        self.calibration, self.calibrate_again, self.clock = calibration, calibrate_again, clock
        self._planned_by: estimate.Calibration | None = None
        self._doubted_at = -math.inf
        self._lock = threading.Lock()
        self._plans: dict[tuple[str, ...], tuple[Part, ...]] = {}
        self._slower: dict[str, tuple[float, ...]] = {}  # tuples, for pages read them while they change
        self._beside: dict[str, tuple[float, ...]] = {}

    def seconds(self, configs: Sequence[RunConfig]) -> float | None:
        """What a job of all these takes when nothing else is running; None while that is not known."""
        plan = self._plan(configs)
        return None if plan is None else sum(self._expected(part) + self._overhead(part) for part in plan)

    def seconds_left(self, job: Job) -> float | None:
        """Of a job that has begun: what is under way at its own pace, the rest as expected."""
        plan = self._plan(job.missing)
        if plan is None:
            lefts = [job.seconds_left(config.digest) for config in job.missing]
            return lefts[0] if len(lefts) == 1 else None
        left = 0.0
        for part in plan:
            own = job.seconds_left(part.digests[0])
            expected = self._expected(part) * (1 - job.done(part.digests[0]))
            left += (expected if own is None else own) + self._overhead(part)
        return left

    def _expected(self, part: Part) -> float:
        return part.seconds * self.factor(part.kind)

    def _overhead(self, part: Part) -> float:
        """Seconds for the runs of a stack beside their training: as many times the median of the latest of its kind."""
        return len(part.digests) * statistics.median(self._beside.get(part.kind, (FIRST_OVERHEAD,)))

    def factor(self, kind: str) -> float:
        """By how much trainings of a kind were slower lately than their arithmetic; 1 counts as one of them."""
        ratios = self._slower.get(kind, ())
        return math.exp(sum(map(math.log, ratios)) / (len(ratios) + 1))

    def wait_seconds(self, queue: Queue, job: Job | None) -> float | None:
        """In how many seconds a waiting job will begin; None while that is not known.

        Without a job: in how many seconds the first of those under way will end.
        """
        running = [self.seconds_left(each) for each in queue.begun if each not in queue.elsewhere]
        before = (
            [self.seconds(each.missing) for each in queue.line[: queue.line.index(job)]] if job in queue.line else []
        )
        if None in running or None in before:
            return None
        return wait(queue.workers, running, before)

    def refusal(self, queue: Queue, owner: Hashable) -> str | None:
        """Why an owner can start no new training now, and for how long, in a sentence; None when there is no reason."""
        found = queue.refusal(owner)
        if found is None:
            return None
        reason, first = found
        seconds = self.wait_seconds(queue, first)
        when = "when another has ended" if seconds is None else f"in about {span(seconds)}"
        return f"{reason}; the next can be started {when}."

    def learn(self, job: Job, runs: dict[str, Run]) -> None:
        """See how long a job took that ends now; one begun twice, or that downloaded its data, says little."""
        parts = self._plan(job.trained) or ()
        told = [
            (part, run.metrics["seconds"])
            for part, run in ((part, runs.get(part.digests[0])) for part in parts)
            if run is not None and run.status == "finished" and run.metrics["trained_together"] == len(part.digests)
        ]
        if any(far_off(part.seconds, took) for part, took in told) and self.clock() - self._doubted_at >= DOUBT_EVERY:
            self._doubted_at = self.clock()
            self.calibrate_again()
        for part, took in told:
            ratio = min(max(took / part.seconds, 1 / MOST_WRONG), MOST_WRONG)
            self._slower[part.kind] = (*self._slower.get(part.kind, ()), ratio)[-REMEMBERED:]
        if told and len(told) == len(parts) and not job.begun_anew and not job.was_loading and job.begun is not None:
            beside = max(time.monotonic() - job.begun - sum(took for _, took in told), 0.0) / len(job.trained)
            for name in {part.kind for part in parts}:
                self._beside[name] = (*self._beside.get(name, ()), beside)[-REMEMBERED:]

    def _plan(self, configs: Sequence[RunConfig]) -> tuple[Part, ...] | None:
        calibration = self.calibration()
        if calibration is None:
            return None
        name = digests_of(configs)
        with self._lock:
            if calibration is not self._planned_by:
                self._planned_by = calibration
                self._plans.clear()
                self._slower.clear()
            if name not in self._plans:
                while len(self._plans) >= PLANS_KEPT:
                    del self._plans[next(iter(self._plans))]
                self._plans[name] = tuple(
                    Part(digests_of(each), kind(each), estimate.seconds(each[0], calibration, len(each)))
                    for each in engine.stacks(configs)
                )
            return self._plans[name]


def far_off(expected: float, took: float) -> bool:
    """Whether a training's seconds say that the calibration behind the estimate was wrong."""
    return abs(took - expected) > FAR_SECONDS and not 1 / FAR_OFF < took / expected < FAR_OFF


def kind(stack: Sequence[RunConfig]) -> str:
    """What stacks must share for one to tell about another."""
    return f"{estimate.kind(stack[0])}, {stack[0].recipe}, {'alone' if len(stack) == 1 else 'together'}"


def digests_of(configs: Sequence[RunConfig]) -> tuple[str, ...]:
    return tuple(config.digest for config in configs)


def wait(workers: int, running: Sequence[float], before: Sequence[float]) -> float:
    """In how many seconds a worker is free for a job that waits.

    `running`: seconds left of each training under way; `before`: seconds that each training takes which comes first,
    in their order. Each goes to the worker that is free first.
    """
    free = sorted([*running, *[0.0] * (workers - len(running))])
    for seconds in before:
        free = sorted([free[0] + seconds, *free[1:]])
    return free[0]
