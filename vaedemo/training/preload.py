"""What dask's processes do when they start: report, end with their parent, stay out of the page's way.

Our own scheduler and worker load this module; those of a cluster may too (`dask worker --preload
vaedemo.training.preload`), and then only the parts without a parent process apply.
"""

import os
import sys
import threading
from typing import Any

import psutil
from distributed import Nanny, Scheduler, Worker
from distributed.diagnostics.plugin import SchedulerPlugin

OWNED = "VAEDEMO_ENDS_WITH_PARENT"  # set for processes whose standard input is a pipe held open by the app
TASK_PREFIX = "train-"
LAST_WORDS_SECONDS = 1.0
LOW_PRIORITY = 10  # the niceness of a training


def dask_setup(server) -> None:
    """Dask's hook, called once in each process when its server runs."""
    if isinstance(server, Scheduler):
        server.add_plugin(ForgetTopics(server), name="vaedemo-forget-topics")
    if isinstance(server, Scheduler | Nanny) and os.environ.get(OWNED):
        threading.Thread(target=end_with_parent, name="end-with-parent", daemon=True).start()
        tell_address(server.address)
    if isinstance(server, Worker):
        lower_priority()
        import_training()


def topics_of(key: str) -> tuple[str, str, str]:
    """The topics of a job: its record (attempts and epochs), its progress (newest scalars), its control messages."""
    return f"{key}-record", f"{key}-progress", f"{key}-control"


class ForgetTopics(SchedulerPlugin):
    """Empties a job's topics when nobody wants the job any more; the scheduler itself would keep them for ever."""

    def __init__(self, scheduler: Scheduler):
        self.scheduler = scheduler

    def transition(self, key, start, finish, *args, **kwargs) -> None:
        if finish == "forgotten" and isinstance(key, str) and key.startswith(TASK_PREFIX):
            for topic in topics_of(key):
                self.scheduler._broker.truncate(topic)
            # A task under way learns a moment later that it is given up; what it said until then goes too.
            self.scheduler.loop.call_later(LAST_WORDS_SECONDS, self.forget_last_words, key)

    def forget_last_words(self, key: str) -> None:
        if key not in self.scheduler.tasks:
            for topic in topics_of(key):
                self.scheduler._broker.truncate(topic)


def clients_wanting(key: str, dask_scheduler: Scheduler) -> list[str]:
    """The ids of the clients that still want a task; for `Client.run_on_scheduler`."""
    task = dask_scheduler.tasks.get(key)
    return [] if task is None or not task.who_wants else [client.client_key for client in task.who_wants]


def known_keys(keys: list[str], dask_scheduler: Scheduler) -> list[str]:
    """Those of some tasks that somebody wants already; for `Client.run_on_scheduler`."""
    return [key for key in keys if key in dask_scheduler.tasks and dask_scheduler.tasks[key].who_wants]


def value_of(variable: str, dask_scheduler: Scheduler) -> Any:
    """What a dask Variable holds, or None where there is none; for `Client.run_on_scheduler`.

    `Variable.get` would wait for one that is gone, and leave a traceback in the scheduler's log.
    """
    record = dask_scheduler.extensions["variables"].variables.get(variable)
    return None if record is None else record["value"]


def end_with_parent() -> None:
    """Wait until the parent closes our standard input, or dies and so closes it; then end at once.

    A pipe rather than Linux' PR_SET_PDEATHSIG: that signal comes when the *thread* that started us ends, and it
    exists nowhere else. The worker process needs none of this: it ends with its nanny, by dask's own pipe.
    """
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(0)


def tell_address(address: str) -> None:
    """One line for the parent, which reads no more after it: all later output goes to standard error."""
    print(address, flush=True)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())


def lower_priority() -> None:
    """Below the server's priority. Set, not lowered by a step: dask may call this twice."""
    below = LOW_PRIORITY if os.name == "posix" else psutil.BELOW_NORMAL_PRIORITY_CLASS
    psutil.Process().nice(below)


def import_training() -> None:
    """Import torch and all that a training needs now rather than in the first job."""
    import vaedemo.training.engine  # noqa: F401
