"""What a training tells while it runs, how often, and what can be read from it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from vaedemo.training.film import Frame

REPORTS_PER_SECOND = 5
SHORTEST_LOOK = 1.0  # seconds that a training has to be watched before its pace says something


@dataclass(frozen=True)
class Progress:
    """One report of a training: `step` of `steps`, whole `epoch`s done, training `seconds` so far, speed of each model.

    `digests`: the runs that are trained together. `rows`: for each, the history row of the epoch just finished, else
    None. `frames()` computes a preview of each model as it is now; call it from within the report only, in the
    training thread. `corrupted`: whether some of them are measured on corrupted inputs.
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
    """True at most so many times a second."""

    def __init__(self, per_second: float, clock: Callable[[], float] = time.perf_counter):
        self.interval, self.clock, self.last = 1 / per_second, clock, float("-inf")

    def ready(self) -> bool:
        now = self.clock()
        if now - self.last < self.interval:
            return False
        self.last = now
        return True


class Pace:
    """How fast a training goes, as its watcher sees it: the share behind it when it was first and last heard of."""

    def __init__(self, share: float, clock: Callable[[], float] = time.monotonic):
        self.clock = clock
        self.first = self.last = (clock(), share)

    def see(self, share: float) -> None:
        self.last = (self.clock(), share)

    def seconds_left(self) -> float | None:
        """None before it was watched for a second."""
        (begun, before), (seen, share) = self.first, self.last
        if share <= before or seen - begun < SHORTEST_LOOK:
            return None
        left = (1 - share) * (seen - begun) / (share - before)
        return max(left - (self.clock() - seen), 0.0)


class Ear:
    """A handler that can be emptied: a dask client keeps the handlers it was given for as long as it lives."""

    def __init__(self, hear: Callable[[Any], None]):
        self.hear: Callable[[Any], None] | None = hear

    def __call__(self, event: Any) -> None:
        hear = self.hear
        if hear is not None:
            hear(event)
