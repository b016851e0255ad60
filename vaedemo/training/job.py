"""A job as the pages see it: its owners, its progress, and at the end its runs or an error."""

import logging
import threading
import time
from collections.abc import Callable, Hashable, Sequence
from typing import Any

from distributed import Client

from vaedemo.config import RunConfig
from vaedemo.training.film import Frame
from vaedemo.training.preload import topics_of
from vaedemo.training.previews import Previews
from vaedemo.training.progress import DetachableHandler, Pace
from vaedemo.training.publisher import SCALARS
from vaedemo.training.run import Run
from vaedemo.training.scheduler import translated_errors

WAITING, RUNNING, FINISHED, STOPPED, FAILED = "waiting", "running", "finished", "stopped", "failed"

logger = logging.getLogger(__name__)


class Job:
    """A list of configs in training, one object for all sessions of this process. Any thread may read it.

    `state`: waiting, running, finished, stopped or failed. `owners`: the sessions that watch it. `asked`: the owners
    who pressed a button for it; the others opened its link. `position`: the number of jobs before it in the queue,
    None once it has begun. `latest`: newest scalars per digest (step, steps, epoch, epochs, seconds,
    images_per_second). `runs`: the runs so far per digest; stored ones at once, partial ones (status "stopped") after
    Stop. `loading`: a sentence while a data set is downloaded. `error`: one sentence when the job failed or a limit
    ended it. `why_stopping`: that sentence while a rule of the queue ends it. `begun` (submitted to a worker),
    `started`, `ended`: monotonic seconds, or None. `version` counts the changes.
    """

    def __init__(self, key: str, configs: Sequence[RunConfig], runs: dict[str, Run] | None = None):
        self.key = key
        self.configs = {config.digest: config for config in configs}
        self.runs: dict[str, Run] = dict(runs or {})
        self.state, self.error, self.loading = WAITING, None, None
        self.created, self.begun, self.started, self.ended = time.monotonic(), None, None, None
        self.position: int | None = None
        self.trained: list[RunConfig] = []
        self.latest: dict[str, dict[str, Any]] = {}
        self.version = 0
        self.owners: set[Hashable] = set()
        self.asked: set[Hashable] = set()
        self.stopping = False  # it is being ended: a later request for the same configs gets a new job
        self.why_stopping: str | None = None
        self.attempt: str | None = None
        self.attempts: set[str] = set()  # attempts that the present scheduler has reported
        self.held: list[int] = []  # steps at which it was held; each is a stored run (`RunConfig.held_at`)
        self.restarted = False  # its worker or scheduler was lost, and the training started over
        self._seen_attempts: set[str] = set()
        self.was_loading = False
        self._pace: dict[str, Pace] = {}
        self._rows: dict[str, dict[int, dict[str, Any]]] = {}
        self._buffered: list | None = []  # live messages that arrived before the topics' history was read
        self._client: Client | None = None
        self._previews = Previews(lambda: self._client if self.in_flight else None)
        self._handler = DetachableHandler(self.handle)
        self._changed = threading.Condition()

    @property
    def digests(self) -> tuple[str, ...]:
        return tuple(self.configs)

    @property
    def missing(self) -> list[RunConfig]:
        """The configs without a run."""
        return [config for digest, config in self.configs.items() if digest not in self.runs]

    def is_on(self, dataset: str) -> bool:
        """Whether one of its configs has this data set."""
        return any(config.dataset == dataset for config in self.configs.values())

    @property
    def in_flight(self) -> bool:
        return self.state in (WAITING, RUNNING)

    @property
    def asking(self) -> set[Hashable]:
        """The owners whose turn in the queue it uses: those who asked for it, or all owners when these have left."""
        return self.asked & self.owners or self.owners

    @property
    def watched(self) -> bool:
        """Whether it has an owner."""
        return bool(self.owners)

    @property
    def run(self) -> Run | None:
        """The run of the first config; None before it exists."""
        return self.runs.get(self.digests[0])

    @property
    def notes(self) -> tuple[str, ...]:
        """The notes of all runs, without duplicates."""
        return tuple(dict.fromkeys(note for run in self.runs.values() for note in run.notes))

    def add_owner(self, owner: Hashable, asked: bool) -> None:
        """Add an owner; `asked`: who pressed a button for it."""
        self.owners.add(owner)
        if asked:
            self.asked.add(owner)

    def done(self, digest: str) -> float:
        """The completed share of one training, 0 to 1."""
        latest = self.latest.get(digest)
        return 1.0 if digest in self.runs else latest["step"] / latest["steps"] if latest else 0.0

    def seconds_left(self, digest: str) -> float | None:
        """Remaining seconds at the training's pace so far; None while that is unknown."""
        pace = self._pace.get(digest)
        return None if pace is None else pace.seconds_left()

    def history(self, digest: str) -> list[dict[str, Any]]:
        """The epochs so far, in order, as rows of a run's history."""
        with self._changed:
            rows = self._rows.get(digest, {})
            return [rows[epoch] for epoch in sorted(rows)]

    def preview(self, digest: str | None = None) -> Frame | None:
        """The newest preview of a run (by default the first); None before there is one.

        It is fetched from the scheduler only when a newer one exists. Frames of a large stack have no images.
        """
        return self._previews.newest(self.key).get(digest or self.digests[0])

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the job has ended; False after `timeout` seconds."""
        return self.wait_until(lambda: not self.in_flight, timeout)

    def wait_until(self, condition: Callable[[], bool], timeout: float | None = None) -> bool:
        """Wait until `condition()`, evaluated after each change, is true; False after `timeout` seconds."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            seen = self.version
            if condition():  # without the lock: it may call the client, whose event loop needs the lock
                return True
            left = None if deadline is None else max(deadline - time.monotonic(), 0)
            with self._changed:
                if not self._changed.wait_for(lambda seen=seen: self.version != seen, left):
                    return False

    # The methods below are for `JobService`.

    def set_position(self, position: int | None) -> None:
        """Set the number of jobs before this one; None: it is submitted to a worker."""
        with self._changed:
            if position is None:
                self.begun = time.monotonic()
            if position != self.position or position is None:
                self.position = position
                self._notify()

    def set_stored(self, runs: dict[str, Run], key: str) -> None:
        """Add the runs that are stored by now. The missing ones will be trained by the dask task `key`."""
        with self._changed:
            self.runs.update(runs)
            self.key, self.trained = key, self.missing
            self._notify()

    def subscribe(self, client: Client) -> None:
        """Subscribe to the job's topics: apply the earlier messages, then the live ones, each exactly once."""
        record, progress, _ = topics_of(self.key)
        with self._changed:
            self._client, self._buffered = client, []
            self.attempt, self.attempts = None, set()
        self._handler = DetachableHandler(self.handle)
        for topic in (record, progress):
            client.subscribe_topic(topic, self._handler)
        earlier = [*client.get_events(record), *client.get_events(progress)[-1:]]
        with self._changed:
            buffered, self._buffered = self._buffered, None
            for event in (*earlier, *buffered):
                self._apply(event)

    def unsubscribe(self, client: Client) -> None:
        """Unsubscribe from the job's topics; a job that was stopped before it subscribed has none."""
        if self._client is None:
            return
        self._handler.handle, self._client = None, None
        try:
            with translated_errors(client):
                for topic in topics_of(self.key)[:2] if client.status == "running" else ():
                    client.unsubscribe_topic(topic)
        except OSError as error:
            logger.info("The scheduler is gone, and its topics with it: %s", error)

    def handle(self, event) -> None:
        """Handle a message of the job's topics: (scheduler's time, content). Messages apply in order of arrival."""
        with self._changed:
            if self._buffered is not None:
                self._buffered.append(event)
            else:
                self._apply(event)

    def _apply(self, event) -> None:
        _, message = event  # ignore the time: the scheduler's clock can be set back
        kind, attempt = message["kind"], message["attempt"]
        # After a worker was killed, a new attempt starts over: discard the earlier attempt's messages.
        # A task that was released and then wanted again continues: its "started" message was deleted with the topics,
        # so its next message counts as the first.
        if attempt not in self.attempts and (kind == "started" or self.attempt is None):
            self.attempt = attempt
            self.attempts.add(attempt)
            self.restarted = self.restarted or bool(self._seen_attempts - {attempt})
            self._seen_attempts.add(attempt)
            self._rows, self.latest, self._pace = {}, {}, {}
            self.state, self.started = RUNNING, self.started or time.monotonic()
        if attempt != self.attempt:
            return
        if kind == "rows":
            rows = self._rows.setdefault(message["digest"], {})
            rows.update({row["epoch"]: row for row in message["rows"]})
        elif kind == "progress":
            self.loading = None
            self._previews.sent = message["preview"]
            for digest in message["digests"]:
                self.latest[digest] = {name: message[name] for name in SCALARS}
                self._pace.setdefault(digest, Pace(self.done(digest))).update(self.done(digest))
        elif kind == "held":
            self.held.append(message["step"])
        elif kind == "loading":
            self.loading, self.was_loading = message["text"], True
        self._notify()

    def end(self, state: str, runs: dict[str, Run] | None = None, error: str | None = None) -> None:
        """Set the job's last state, its runs and its error, and remove its owners."""
        with self._changed:
            self.runs.update(runs or {})
            for digest, run in self.runs.items():
                rows = run.rows
                self._rows[digest] = {row["epoch"]: row for row in rows}
            self.state, self.error, self.ended, self.loading = state, error, time.monotonic(), None
            self.owners.clear()
            self.asked.clear()
            self.position, self._client = None, None
            self._notify()

    def _notify(self) -> None:
        self.version += 1
        self._changed.notify_all()
