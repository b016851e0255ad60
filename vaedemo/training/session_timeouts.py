"""Session timeouts: owners that have been absent for a while."""

import time
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Any


class SessionTimeouts:
    """Finds owners that have been absent for `grace` seconds without a break; poll `expired` regularly.

    `is_present(owner)`: whether an owner is connected now. `clock`: monotonic seconds.
    """

    def __init__(
        self, is_present: Callable[[Hashable], bool], grace: float, clock: Callable[[], float] = time.monotonic
    ):
        self.is_present, self.grace, self.clock = is_present, grace, clock
        self.absent_since: dict[tuple[Any, Hashable], float] = {}

    def expired(self, wanted_by: Iterable[tuple[Any, Hashable]]) -> Iterator[tuple[Any, Hashable]]:
        """Those of the pairs (job, owner) whose owner has been absent too long; other pairs are forgotten."""
        now = self.clock()
        pairs = list(wanted_by)
        self.absent_since = {pair: self.absent_since.get(pair, now) for pair in pairs if not self.is_present(pair[1])}
        return (pair for pair, since in list(self.absent_since.items()) if now - since >= self.grace)
