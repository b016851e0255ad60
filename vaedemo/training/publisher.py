"""The worker's side of a job's messages: publishes progress, rows and previews, and receives the stop command."""

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from distributed import Variable, get_client, get_worker

from vaedemo.training.film import write_frames
from vaedemo.training.preload import topics_of
from vaedemo.training.progress import REPORTS_PER_SECOND, Progress, Throttle

PREVIEWS_PER_SECOND = 2
LARGEST_PREVIEW_BYTES = 100_000
SCALARS = ("digests", "step", "steps", "epoch", "epochs", "seconds", "images_per_second")


class StoppedEarly(Exception):
    """A job was stopped before its training started, so it has no partial run."""


class Publisher:
    """Publishes the messages of one attempt at a job, from within its dask task.

    Record topic: `{"kind": "started", "attempt": …}` and `{"kind": "rows", "digest", "rows"}`, the rows of all epochs
    in batches. Progress topic, at most 5 messages a second: `{"kind": "progress", …}` with scalars and
    `{"kind": "loading", "text": …}`. Each message names its attempt, because a job whose worker was killed starts
    over under the same key. The newest preview is a dask Variable named by `preview_name`.
    """

    def __init__(self):
        self.worker, self.client = get_worker(), get_client()
        self.key = self.worker.get_current_task()
        self.record, self.progress, self.control = topics_of(self.key)
        self.attempt = secrets.token_hex(8)
        self.preview = Variable(preview_name(self.key), client=self.client)
        self.previews_sent = 0
        self.stop_requested, self.hold_requested, self.given_up = threading.Event(), threading.Event(), False
        self.report_throttle, self.preview_throttle = Throttle(REPORTS_PER_SECOND), Throttle(PREVIEWS_PER_SECOND)
        self.pending: dict[str, list[dict[str, Any]]] = {}

    def start(self) -> None:
        # The client keeps the handler for its whole life, so the handler must not hold self.
        attempt, stop_requested, holds, heard = self.attempt, self.stop_requested, self.hold_requested, set()

        def listen(event) -> None:
            message = event[1]
            if message.get("attempt") != attempt or message["token"] in heard:
                return
            heard.add(message["token"])
            {"stop": stop_requested, "hold": holds}[message["command"]].set()

        self.client.subscribe_topic(self.control, listen)
        self._publish(self.record, kind="started")

    def close(self) -> None:
        """Send the pending rows and delete the preview. The scheduler's plugin deletes the topics."""
        self._send_rows()
        self.client.unsubscribe_topic(self.control)
        if self.previews_sent:
            self.preview.delete()

    def report(self, progress: Progress) -> None:
        """Publish a training's progress: all rows, in batches; scalars and previews at a limited rate."""
        for digest, row in zip(progress.digests, progress.rows or (), strict=False):
            self.pending.setdefault(digest, []).append(plain(row))
        if not self.report_throttle.ready() and progress.step < progress.steps:
            return
        self._send_rows()
        if self.preview_throttle.ready():
            self._send_preview(progress)
        scalars = {name: getattr(progress, name) for name in SCALARS}
        self._publish(self.progress, kind="progress", preview=self.previews_sent, **plain(scalars))

    def held(self, step: int) -> None:
        """Publish that the runs up to this step are stored."""
        self._publish(self.record, kind="held", step=step)

    def loading(self, dataset: str, should_stop: Callable[[], bool]):
        """The `on_progress` of a data set's download. It raises `StoppedEarly` when `should_stop()` is true."""

        def on_progress(done: int, total: int) -> None:
            if should_stop():
                raise StoppedEarly
            if self.report_throttle.ready():
                text = f"Loading {dataset}: {done / 1e6:.0f} of {total / 1e6:.0f} MB"
                self._publish(self.progress, kind="loading", text=text)

        return on_progress

    def should_stop(self) -> bool:
        """Whether a stop message arrived or no client wants the task any more; once true, always true."""
        return self.stop_requested.is_set() or self.unwanted()

    def unwanted(self) -> bool:
        """Whether no client wants the task any more. Once true, always true, even if a client wants it again."""
        task = self.worker.state.tasks.get(self.key)
        self.given_up = self.given_up or task is None or task.state == "cancelled"
        return self.given_up

    def _send_rows(self) -> None:
        for digest, rows in self.pending.items():
            self._publish(self.record, kind="rows", digest=digest, rows=rows)
        self.pending.clear()

    def _send_preview(self, progress: Progress) -> None:
        frames = progress.frames()
        if not frames:  # a model without codes has no preview
            return
        content = write_frames(frames)
        if len(content) > LARGEST_PREVIEW_BYTES:
            content = write_frames([frame.without_images() for frame in frames])
        if len(content) <= LARGEST_PREVIEW_BYTES:
            self.preview.set((list(progress.digests), content))
            self.previews_sent += 1

    def _publish(self, topic: str, **message) -> None:
        if not self.unwanted():  # else the topics are deleted, and the scheduler would keep this message
            self.worker.log_event(topic, message | {"attempt": self.attempt})


@contextmanager
def publishing() -> Iterator[Publisher]:
    """A `Publisher` of the current dask task, closed at the end."""
    publisher = Publisher()
    publisher.start()
    try:
        yield publisher
    finally:
        publisher.close()


def preview_name(key: str) -> str:
    return f"{key}-preview"


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """NumPy and torch scalars as Python numbers, which messages can contain."""
    return {name: value.item() if hasattr(value, "item") else value for name, value in values.items()}
