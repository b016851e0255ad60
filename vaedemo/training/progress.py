"""What a training tells while it runs, and how often."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from vaedemo.training.film import Frame

REPORTS_PER_SECOND = 5


@dataclass(frozen=True)
class Progress:
    """One report of a training: `step` of `steps`, whole `epoch`s done, training `seconds` so far, speed of each model.

    `digests`: the runs that are trained together. `rows`: for each, the history row of the epoch just finished, else
    None. `frames()` computes a preview of each model as it is now; call it from within the report only, in the
    training thread.
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
