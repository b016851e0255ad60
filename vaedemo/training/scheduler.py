"""Calls to a scheduler whose connection may be lost; that loss is always raised as one kind of error."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from distributed import Client, Future

from vaedemo.training.preload import clients_wanting

logger = logging.getLogger(__name__)


class SchedulerLost(ConnectionError):
    """The connection to the scheduler was lost; the text is one sentence."""


@contextmanager
def translated_errors(client: Client) -> Iterator[None]:
    """Raise `SchedulerLost` for any error of a client whose connection is lost.

    Dask raises, depending on the moment, an AttributeError (while it reconnects), a RuntimeError (its event loop has
    ended) or a CancelledError. An OSError, and any error while the client is connected, is raised unchanged.
    """
    try:
        yield
    except OSError:
        raise
    except (Exception, asyncio.CancelledError) as error:
        if client.status == "running":
            raise
        raise SchedulerLost("The connection to the scheduler was lost.") from error


def ask_scheduler(client: Client, function: Callable, *arguments: Any, otherwise: Any, **named: Any) -> Any:
    """Run a function on the scheduler and return its result, or `otherwise` when the scheduler does not answer."""
    try:
        with translated_errors(client):
            return client.run_on_scheduler(function, *arguments, **named)
    except (ImportError, OSError) as error:  # a scheduler without this package, or a lost one
        logger.info("The scheduler did not answer %s: %s", function.__name__, error)
        return otherwise


def only_wanted_by(client: Client, key: str) -> bool:
    """Whether this client is the only one that wants a task, according to the scheduler."""
    return ask_scheduler(client, clients_wanting, key, otherwise=None) == [client.id]


def release(client: Client, future: Future) -> None:
    """Release a task and wait until that is sent: the client's next submission comes strictly after it."""
    future.release()
    if client.status == "running":
        try:
            with translated_errors(client):
                client.sync(no_operation)
        except OSError as error:
            logger.info("The scheduler is gone, and what it knew with it: %s", error)


async def no_operation() -> None:
    """Does nothing: it returns when the client's event loop has done all earlier work."""
