"""Dask's preload module: processes report their address, end with their parent, and run at a low priority.

The local scheduler and worker load this module. Those of a cluster may load it too (`dask worker --preload
vaedemo.training.preload`); then the parts about a parent process do not apply.
"""

import os
import sys
import threading
from typing import Any

import psutil
from distributed import Nanny, Scheduler, Worker
from distributed.diagnostics.plugin import SchedulerPlugin

OWNED = "VAEDEMO_ENDS_WITH_PARENT"  # set for processes whose standard input is a pipe that the app holds open
TASK_PREFIX = "train-"
LATE_MESSAGES_SECONDS = 1.0
LOW_PRIORITY = 10  # the niceness of a training


def dask_setup(server) -> None:
    """Dask's hook, called in each process when its server runs."""
    if isinstance(server, Scheduler):
        server.add_plugin(ForgetTopics(server), name="vaedemo-forget-topics")
    if isinstance(server, Scheduler | Nanny) and os.environ.get(OWNED):
        threading.Thread(target=end_with_parent, name="end-with-parent", daemon=True).start()
        print_address(server.address)
    if isinstance(server, Worker):
        lower_priority()
        import_training()


def topics_of(key: str) -> tuple[str, str, str]:
    """The three topics of a job: record (attempts and epochs), progress (newest scalars), control messages."""
    return f"{key}-record", f"{key}-progress", f"{key}-control"


class ForgetTopics(SchedulerPlugin):
    """Deletes the messages of a job's topics when no client wants the job; the scheduler itself never would."""

    def __init__(self, scheduler: Scheduler):
        self.scheduler = scheduler

    def transition(self, key, start, finish, *args, **kwargs) -> None:
        if finish == "forgotten" and isinstance(key, str) and key.startswith(TASK_PREFIX):
            for topic in topics_of(key):
                self.scheduler._broker.truncate(topic)
            # A running task learns a moment later that it was released: delete its messages until then too.
            self.scheduler.loop.call_later(LATE_MESSAGES_SECONDS, self.forget_late_messages, key)

    def forget_late_messages(self, key: str) -> None:
        if key not in self.scheduler.tasks:
            for topic in topics_of(key):
                self.scheduler._broker.truncate(topic)


def clients_wanting(key: str, dask_scheduler: Scheduler) -> list[str]:
    """The ids of the clients that still want a task; for `Client.run_on_scheduler`."""
    task = dask_scheduler.tasks.get(key)
    return [] if task is None or not task.who_wants else [client.client_key for client in task.who_wants]


def known_keys(keys: list[str], dask_scheduler: Scheduler) -> list[str]:
    """Those of `keys` that a client wants already; for `Client.run_on_scheduler`."""
    return [key for key in keys if key in dask_scheduler.tasks and dask_scheduler.tasks[key].who_wants]


def value_of(variable: str, dask_scheduler: Scheduler) -> Any:
    """The value of a dask Variable, or None when it does not exist; for `Client.run_on_scheduler`.

    `Variable.get` would wait for a deleted one and leave a traceback in the scheduler's log.
    """
    record = dask_scheduler.extensions["variables"].variables.get(variable)
    return None if record is None else record["value"]


def end_with_parent() -> None:
    """Wait until standard input is closed, by the parent or by its death, then end this process at once.

    A pipe, not Linux' PR_SET_PDEATHSIG: that signal comes when the parent's *thread* ends, and only Linux has it.
    The worker process does not need this: it ends with its nanny through dask's own pipe.
    """
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(0)


def print_address(address: str) -> None:
    """Print the address for the parent, which reads one line. All later output goes to standard error."""
    print(address, flush=True)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())


def lower_priority() -> None:
    """Set a priority below the server's. It is absolute, because dask may call this twice."""
    below = LOW_PRIORITY if os.name == "posix" else psutil.BELOW_NORMAL_PRIORITY_CLASS
    psutil.Process().nice(below)


def import_training() -> None:
    """Import torch and the training code now, so that the first job need not."""
    import vaedemo.training.engine  # noqa: F401
