"""What is asked of a scheduler that may be gone: a lost connection is one kind of error, whatever dask raises."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from distributed import Client, Future

from vaedemo.training.preload import clients_wanting

logger = logging.getLogger(__name__)


class SchedulerLost(ConnectionError):
    """The connection to the scheduler is lost; the text is one sentence."""


@contextmanager
def talking(client: Client) -> Iterator[None]:
    """Whatever a client raises once its connection is lost becomes `SchedulerLost`.

    Without it that is, by the moment, an AttributeError (it connects anew), a RuntimeError (its event loop has ended)
    or a CancelledError. An OSError stays as it is, and so does any error while the client is connected.
    """
    try:
        yield
    except OSError:
        raise
    except (Exception, asyncio.CancelledError) as error:
        if client.status == "running":
            raise
        raise SchedulerLost("The connection to the scheduler was lost.") from error


def answer(client: Client, function: Callable, *arguments: Any, otherwise: Any, **named: Any) -> Any:
    """What a function returns that runs on the scheduler; `otherwise` where the scheduler does not answer."""
    try:
        with talking(client):
            return client.run_on_scheduler(function, *arguments, **named)
    except (ImportError, OSError) as error:  # a scheduler without our package, or one that is gone
        logger.info("The scheduler did not answer %s: %s", function.__name__, error)
        return otherwise


def only_wanted_by(client: Client, key: str) -> bool:
    """Whether the scheduler says that of all clients only this one wants a task."""
    return answer(client, clients_wanting, key, otherwise=None) == [client.id]


def release(client: Client, future: Future) -> None:
    """Let go of a task, and see it done: what this client submits next comes strictly after it."""
    future.release()
    if client.status == "running":
        try:
            with talking(client):
                client.sync(nothing)
        except OSError as error:
            logger.info("The scheduler is gone, and what it knew with it: %s", error)


async def nothing() -> None:
    """What a client's event loop does after all that was asked of it before."""
