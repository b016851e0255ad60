"""How long messages to browsers are gathered before they leave: short for few visitors, Streamlit's own for a class.

Streamlit 1.67 looks at all its sessions, sends what they have, and rests for 5 ms before it looks again. A quick answer
spends a quarter of its time in that rest. For a hundred visitors the rest is worth keeping: each look at them costs.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from streamlit.runtime import runtime

logger = logging.getLogger(__name__)
NAME = "MESSAGE_FLUSH_INTERVAL_SECS"
FEW = 8  # visitors
SECONDS = 0.001  # of rest while there are at most so many


class Visitors:
    """Counts the open connections, and sets Streamlit's rest by their number; all in the server's event loop."""

    def __init__(self):
        self.count = 0
        self.usual: float | None = getattr(runtime, NAME, None)
        if self.usual is None:
            logger.info("This Streamlit gathers messages in another way: it is left as it is.")

    @contextmanager
    def one(self) -> Iterator[None]:
        """While somebody is connected."""
        self._count(+1)
        try:
            yield
        finally:
            self._count(-1)

    def _count(self, more: int) -> None:
        self.count += more
        if self.usual is not None:
            setattr(runtime, NAME, SECONDS if self.count <= FEW else self.usual)


visitors = Visitors()  # of this process
