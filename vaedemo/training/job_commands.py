"""Commands to a running task, over its control topic; repeated, because the task may not have subscribed yet."""

import logging
import secrets
import time
from collections.abc import Callable

from distributed import Client

from vaedemo.training.job import Job
from vaedemo.training.preload import topics_of
from vaedemo.training.scheduler import translated_errors

REPEAT_SECONDS = 1.0

logger = logging.getLogger(__name__)


def stop(client: Client, job: Job, seconds: float) -> bool:
    """Ask the task to return its partial runs; False when it has not started or does not end within `seconds`."""
    return job.attempt is not None and send(client, job, "stop", lambda: not job.in_flight, seconds)


def hold(client: Client, job: Job, seconds: float) -> bool:
    """Ask the task to keep the step at which it is, and to go on; False when it did not within `seconds`."""
    before = len(job.held)
    return send(client, job, "hold", lambda: len(job.held) > before or not job.in_flight, seconds)


def send(client: Client, job: Job, command: str, done: Callable[[], bool], seconds: float) -> bool:
    """Send a command until `done()`; False after `seconds`, or when the scheduler is gone."""
    message = {"command": command, "token": secrets.token_hex(8)}
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with translated_errors(client):
                client.log_event(topics_of(job.key)[2], message | {"attempt": job.attempt})
        except OSError as error:
            logger.info("The scheduler is gone, and its tasks with it: %s", error)
            return False
        if job.wait_until(done, REPEAT_SECONDS):
            return True
    return False
