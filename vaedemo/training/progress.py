"""Progress reports of a training, their rate limit, and the remaining time that follows from them."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from vaedemo.training.film import Frame

REPORTS_PER_SECOND = 5
SHORTEST_LOOK = 1.0  # seconds of observation before the pace is used


@dataclass(frozen=True)
class Progress:
    """One report of a training: `step` of `steps`, whole epochs done, training seconds so far, speed of each model.

    `digests`: the runs that are trained together. `rows`: one history row per run when an epoch has just ended, else
    None. `frames()` computes a preview of each model now; call it only within the report, in the training thread.
    `corrupted`: whether some runs are measured on corrupted inputs.
    """

    digests: tuple[str, ...]
    step: int
    steps: int
    epoch: int
    epochs: int
    seconds: float
    images_per_second: float
    rows: tuple[dict[str, Any], ...] | None
    frames: Callable[[], list[Frame]]
    corrupted: bool = False


class Throttle:
    """A rate limit: `ready()` is true at most `per_second` times a second."""

    def __init__(self, per_second: float, clock: Callable[[], float] = time.perf_counter):
        self.interval, self.clock, self.last = 1 / per_second, clock, float("-inf")

    def ready(self) -> bool:
        now = self.clock()
        if now - self.last < self.interval:
            return False
        self.last = now
        return True


class Pace:
    """The pace of a training, from its completed share at the first and at the last report."""

    def __init__(self, share: float, clock: Callable[[], float] = time.monotonic):
        self.clock = clock
        self.first = self.last = (clock(), share)

    def update(self, share: float) -> None:
        self.last = (self.clock(), share)

    def seconds_left(self) -> float | None:
        """Remaining seconds; None before a second of observation."""
        (begun, before), (seen, share) = self.first, self.last
        if share <= before or seen - begun < SHORTEST_LOOK:
            return None
        left = (1 - share) * (seen - begun) / (share - before)
        return max(left - (self.clock() - seen), 0.0)


class DetachableHandler:
    """A message handler that can be detached: a dask client keeps its handlers for its whole life."""

    def __init__(self, handle: Callable[[Any], None]):
        self.handle: Callable[[Any], None] | None = handle

    def __call__(self, event: Any) -> None:
        handle = self.handle
        if handle is not None:
            handle(event)
