"""The newest preview of a running training, fetched from the scheduler on demand when there is a newer one."""

import threading
from collections.abc import Callable

from distributed import Client

from vaedemo.training.film import Frame, read_frames
from vaedemo.training.preload import value_of
from vaedemo.training.publisher import preview_name
from vaedemo.training.scheduler import ask_scheduler


class Previews:
    """Frames by digest. `client()` returns the dask client, or None without one. Thread-safe."""

    def __init__(self, client: Callable[[], Client | None]):
        self.client = client
        self.sent = 0  # number of previews that the worker has reported as sent
        self._read = 0
        self._frames: dict[str, Frame] = {}
        self._lock = threading.Lock()

    def newest(self, key: str) -> dict[str, Frame]:
        """The newest previews of the job with this dask key; the last known ones when the scheduler has none."""
        with self._lock:
            sent, client = self.sent, self.client()
            if sent > self._read and client is not None:
                kept = ask_scheduler(client, value_of, preview_name(key), otherwise=None)
                if kept is not None:  # None when the job has ended and deleted it
                    digests, content = kept
                    self._frames |= dict(zip(digests, read_frames(content), strict=True))
                    self._read = sent
            return self._frames
