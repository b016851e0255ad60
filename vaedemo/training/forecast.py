"""Forecasts of training and waiting times, corrected by the measured times of recent trainings."""

import math
import statistics
import threading
import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from vaedemo.config import RunConfig
from vaedemo.datasets import DataUnavailable
from vaedemo.training import caps, engine, estimate, kept_states
from vaedemo.training.job import Job
from vaedemo.training.job_queue import JobQueue
from vaedemo.training.run import Run
from vaedemo.training.text_format import span

REMEMBERED = 8  # recent trainings per kind that the correction uses
PLANS_KEPT = 256
LEAST_SHARE = 0.1  # a training of fewer of its steps says nothing of its speed
MOST_WRONG = 20.0  # the correction clips measured/expected seconds to this factor
FAR_OFF, FAR_SECONDS = 3.0, 3.0  # an estimate wrong by this factor and by this many seconds: calibrate again
DOUBT_EVERY = 300.0  # least seconds between two new calibrations
FIRST_OVERHEAD = 0.4  # seconds to store and send a run, before any was measured


@dataclass(frozen=True)
class Part:
    """One stack of a job: its configs, its kind of network, its steps, and the uncorrected estimate in seconds."""

    configs: tuple[RunConfig, ...]
    kind: str
    steps: int
    seconds: float

    @property
    def digests(self) -> tuple[str, ...]:
        return digests_of(self.configs)

    @property
    def share_left(self) -> float:
        """The share of the steps that are left when the training goes on from its last kept states."""
        return 1 - kept_states.step_of(self.configs) / self.steps


class Forecast:
    """Expected seconds of trainings; `calibration()` is the measured speed, or None while it is unknown.

    The estimate is multiplied by the mean factor by which the latest trainings of its kind were slower than their
    estimates. The factor contains the machine's other load and everything the estimate does not count. A training far
    from its estimate means that the machine was busy during the calibration: then `calibrate_again()` is called. A new
    calibration clears the factors.
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
        self._slower: dict[str, tuple[float, ...]] = {}  # tuples: pages read them during updates
        self._beside: dict[str, tuple[float, ...]] = {}

    def seconds(self, configs: Sequence[RunConfig]) -> float | None:
        """The expected seconds of a job of these configs without other load; None while unknown."""
        plan = self._plan(configs)
        if plan is None:
            return None
        return sum(self._expected(part) * part.share_left + self._overhead(part) for part in plan)

    def seconds_left(self, job: Job) -> float | None:
        """The remaining seconds of a begun job: running stacks by their pace, the others as expected; None: unknown."""
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
        """Seconds to store and send the runs of a stack: their number times the recent median of its kind."""
        return len(part.digests) * statistics.median(self._beside.get(part.kind, (FIRST_OVERHEAD,)))

    def factor(self, kind: str) -> float:
        """The geometric mean of measured/estimated seconds of recent trainings of a kind, with one extra ratio of 1."""
        ratios = self._slower.get(kind, ())
        return math.exp(sum(map(math.log, ratios)) / (len(ratios) + 1))

    def wait_seconds(self, queue: JobQueue, job: Job | None) -> float | None:
        """The seconds until a waiting job begins; None while unknown. Without a job: until a running job ends."""
        running = [self.seconds_left(each) for each in queue.begun if each not in queue.elsewhere]
        planned = queue.planned
        before = [self.seconds(each.missing) for each in planned[: planned.index(job)]] if job in planned else []
        if None in running or None in before:
            return None
        return wait(queue.workers, running, before)

    def refusal(self, queue: JobQueue, owner: Hashable) -> str | None:
        """One sentence why an owner cannot start a new training now, and for how long; None when it can."""
        found = queue.refusal(owner)
        if found is None:
            return None
        reason, first = found
        seconds = self.wait_seconds(queue, first)
        when = "when another has ended" if seconds is None else f"in about {span(seconds)}"
        return f"{reason}; the next can be started {when}."

    def learn(self, job: Job, runs: dict[str, Run]) -> None:
        """Learn from the duration of a job that ends. The overhead of one that restarted or downloaded is ignored."""
        parts = self._plan(job.trained) or ()
        timed = [
            (part, run.metrics["seconds"], share_trained(run))
            for part, run in ((part, runs.get(part.digests[0])) for part in parts)
            if run is not None
            and run.status == "finished"
            and share_trained(run) > LEAST_SHARE
            and run.metrics["trained_together"] == len(part.digests)
        ]
        if (
            any(far_off(part.seconds * share, took) for part, took, share in timed)
            and self.clock() - self._doubted_at >= DOUBT_EVERY
        ):
            self._doubted_at = self.clock()
            self.calibrate_again()
        for part, took, share in timed:
            ratio = min(max(took / (part.seconds * share), 1 / MOST_WRONG), MOST_WRONG)
            self._slower[part.kind] = (*self._slower.get(part.kind, ()), ratio)[-REMEMBERED:]
        if timed and len(timed) == len(parts) and not job.restarted and not job.was_loading and job.begun is not None:
            beside = max(time.monotonic() - job.begun - sum(took for _, took, _ in timed), 0.0) / len(job.trained)
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
                try:
                    self._plans[name] = tuple(plan_of(each, calibration) for each in engine.stacks(configs))
                except DataUnavailable:  # own data that were forgotten while the job waited
                    return None
            return self._plans[name]


def plan_of(stack: Sequence[RunConfig], calibration: estimate.Calibration) -> Part:
    """The part of a job that one stack is. Raises `DataUnavailable` for own data that are gone."""
    steps = stack[0].until or caps.steps(stack[0])
    return Part(tuple(stack), kind(stack), steps, estimate.seconds(stack[0], calibration, len(stack)))


def share_trained(run: Run) -> float:
    """The share of a run's steps that its last training took: less than 1 if it went on from a kept state."""
    return 1 - run.metrics.get("begun_at_step", 0) / max(run.metrics["steps_done"], 1)


def far_off(expected: float, took: float) -> bool:
    """Whether a training's seconds show that the calibration was wrong."""
    return abs(took - expected) > FAR_SECONDS and not 1 / FAR_OFF < took / expected < FAR_OFF


def kind(stack: Sequence[RunConfig]) -> str:
    """The key under which stacks share a correction."""
    return f"{estimate.kind(stack[0])}, {stack[0].recipe}, {'alone' if len(stack) == 1 else 'together'}"


def digests_of(configs: Sequence[RunConfig]) -> tuple[str, ...]:
    return tuple(config.digest for config in configs)


def wait(workers: int, running: Sequence[float], before: Sequence[float]) -> float:
    """The seconds until a worker is free for a waiting job.

    `running`: remaining seconds of each running job. `before`: seconds of each job before this one, in their order.
    Each job takes the worker that is free first.
    """
    free = sorted([*running, *[0.0] * (workers - len(running))])
    for seconds in before:
        free = sorted([free[0] + seconds, *free[1:]])
    return free[0]
