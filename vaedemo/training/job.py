"""A training under way, as the pages see it: who wants it, how far it is, and in the end its runs or a reason."""

import logging
import threading
import time
from collections.abc import Callable, Hashable, Sequence
from typing import Any

from distributed import Client

from vaedemo.config import RunConfig
from vaedemo.training.broadcast import SCALARS
from vaedemo.training.film import Frame
from vaedemo.training.preload import topics_of
from vaedemo.training.previews import Previews
from vaedemo.training.progress import Ear, Pace
from vaedemo.training.run import Run
from vaedemo.training.scheduler import talking

WAITING, RUNNING, FINISHED, STOPPED, FAILED = "waiting", "running", "finished", "stopped", "failed"
REPEAT_SECONDS = 1.0

logger = logging.getLogger(__name__)


class Job:
    """A list of configs in training; one object for all sessions of this process, safe to read from any thread.

    `state`: waiting, running, finished, stopped or failed. `owners`: who wants it. `asked`: those of them who pressed
    a button for it, not only opened its link. `position`: how many trainings are before it while it waits in the
    queue, then None. `latest`: newest scalars per digest (step, steps, epoch, epochs, seconds, images_per_second).
    `runs`: per digest, as they come: stored ones at once, partial ones (status "stopped") after Stop. `loading`: a
    sentence while a data set is fetched. `error`: one sentence when failed, or when a limit ended it. `why_stopping`:
    that sentence, while a rule of the queue ends it. `begun` (handed to a worker), `started`, `ended`: monotonic
    seconds, or None. `version` counts the changes.
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
        self.stopping = False  # it is being ended: whoever comes now gets a new job
        self.why_stopping: str | None = None
        self.attempt: str | None = None
        self.attempts: set[str] = set()  # those that the present scheduler has told of
        self.begun_anew = False  # its worker or its scheduler was lost, and the training began again from nothing
        self._heard: set[str] = set()
        self.was_loading = False
        self._pace: dict[str, Pace] = {}
        self._rows: dict[str, dict[int, dict[str, Any]]] = {}
        self._early: list | None = []  # live messages that came before the history was read
        self._client: Client | None = None
        self._previews = Previews(lambda: self._client if self.in_flight else None)
        self._ear = Ear(self.hear)
        self._changed = threading.Condition()

    @property
    def digests(self) -> tuple[str, ...]:
        return tuple(self.configs)

    @property
    def missing(self) -> list[RunConfig]:
        """The configs that have no run yet."""
        return [config for digest, config in self.configs.items() if digest not in self.runs]

    @property
    def in_flight(self) -> bool:
        return self.state in (WAITING, RUNNING)

    @property
    def asking(self) -> set[Hashable]:
        """The owners for whom it counts: those who asked for it, and all of them when these have left."""
        return self.asked & self.owners or self.owners

    @property
    def watched(self) -> bool:
        """Whether somebody who wants it is there."""
        return bool(self.owners)

    @property
    def run(self) -> Run | None:
        """The run of a job of one config, when there is one."""
        return self.runs.get(self.digests[0])

    @property
    def notes(self) -> tuple[str, ...]:
        """What the runs' readers should know, each sentence once."""
        return tuple(dict.fromkeys(note for run in self.runs.values() for note in run.notes))

    def done(self, digest: str) -> float:
        """The share of one training that is behind it."""
        latest = self.latest.get(digest)
        return 1.0 if digest in self.runs else latest["step"] / latest["steps"] if latest else 0.0

    def seconds_left(self, digest: str) -> float | None:
        """How long a training under way will still take at its pace so far; None before that can be told."""
        pace = self._pace.get(digest)
        return None if pace is None else pace.seconds_left()

    def history(self, digest: str) -> list[dict[str, Any]]:
        """The epochs so far, in order, as rows of a run's history."""
        with self._changed:
            rows = self._rows.get(digest, {})
            return [rows[epoch] for epoch in sorted(rows)]

    def preview(self, digest: str | None = None) -> Frame | None:
        """A run's newest preview (the first run's, if none is named); None before its first.

        It is fetched when there is a newer one than last time. The frames of a large stack come without images.
        """
        return self._previews.newest(self.key).get(digest or self.digests[0])

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the job is over; False when the time is up first."""
        return self.wait_until(lambda: not self.in_flight, timeout)

    def wait_until(self, condition: Callable[[], bool], timeout: float | None = None) -> bool:
        """Wait until a condition on the job holds, looked at after each change; False when the time is up first."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            seen = self.version
            if condition():  # without the lock, which the client's event loop needs: a condition may ask the client
                return True
            left = None if deadline is None else max(deadline - time.monotonic(), 0)
            with self._changed:
                if not self._changed.wait_for(lambda seen=seen: self.version != seen, left):
                    return False

    # What follows is for the service.

    def place(self, position: int | None) -> None:
        """So many trainings are before it; None: it is handed to a worker."""
        with self._changed:
            if position is None:
                self.begun = time.monotonic()
            if position != self.position or position is None:
                self.position = position
                self._notify()

    def take(self, runs: dict[str, Run], key: str) -> None:
        """Runs that are stored by now; the rest will be trained, under the name `key`."""
        with self._changed:
            self.runs.update(runs)
            self.key, self.trained = key, self.missing
            self._notify()

    def listen(self, client: Client) -> None:
        """Follow the job's topics: first what was said before we came, then what is said live, none lost or doubled."""
        record, progress, _ = topics_of(self.key)
        with self._changed:
            self._client, self._early = client, []
            self.attempt, self.attempts = None, set()
        self._ear = Ear(self.hear)
        for topic in (record, progress):
            client.subscribe_topic(topic, self._ear)
        told = [*client.get_events(record), *client.get_events(progress)[-1:]]
        with self._changed:
            early, self._early = self._early, None
            for event in (*told, *early):
                self._apply(event)

    def leave(self, client: Client) -> None:
        """Stop following."""
        self._ear.hear = None
        try:
            with talking(client):
                for topic in topics_of(self.key)[:2] if client.status == "running" else ():
                    client.unsubscribe_topic(topic)
        except OSError as error:
            logger.info("The scheduler is gone, and its topics with it: %s", error)

    def ask_to_stop(self, seconds: float) -> bool:
        """Tell the task to end with what it has; False when it has not begun, or does not end in time."""
        client, deadline = self._client, time.monotonic() + seconds
        if client is None or self.attempt is None:
            return False
        while time.monotonic() < deadline:
            try:
                # Said again until it is answered: the task may not have subscribed yet.
                with talking(client):
                    client.log_event(topics_of(self.key)[2], {"command": "stop", "attempt": self.attempt})
            except OSError as error:
                logger.info("The scheduler is gone, and its tasks with it: %s", error)
                return False
            if self.wait(REPEAT_SECONDS):
                return True
        return False

    def hear(self, event) -> None:
        """A message of the job's topics: (scheduler's time, content). What counts is the order in which they come."""
        with self._changed:
            if self._early is not None:
                self._early.append(event)
            else:
                self._apply(event)

    def _apply(self, event) -> None:
        _, message = event  # not the time, which is a clock's that can be set back
        kind, attempt = message["kind"], message["attempt"]
        # A worker that was killed starts the job anew: what its predecessor told does not hold any more.
        # A task that was given up and wanted again goes on: its start was forgotten, and its next word is its first.
        if attempt not in self.attempts and (kind == "started" or self.attempt is None):
            self.attempt = attempt
            self.attempts.add(attempt)
            self.begun_anew = self.begun_anew or bool(self._heard - {attempt})
            self._heard.add(attempt)
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
                self._pace.setdefault(digest, Pace(self.done(digest))).see(self.done(digest))
        elif kind == "loading":
            self.loading, self.was_loading = message["text"], True
        self._notify()

    def end(self, state: str, runs: dict[str, Run] | None = None, error: str | None = None) -> None:
        """The job is over."""
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
