"""Clear own data: the data, the trainings on them that are under way, and every run of them, at once."""

import threading

from vaedemo import datasets
from vaedemo.app import catalogue
from vaedemo.app.trainings import runs
from vaedemo.datasets import kept_own
from vaedemo.training import forgetting
from vaedemo.training.job import Job

ENDS_SECONDS = 60.0  # a stopped training has ended by then


def clear(name: str) -> None:
    """Delete own data and all that was made of them.

    The data go first, so that nothing new begins. A training under way may still store a run before it has stopped, so
    the runs are deleted again after its end; those of one that ends just now are deleted at once.
    """
    forgetting.forget(name)
    jobs = runs.clear(name)
    forgetting.forget_runs(name)
    catalogue.forget()
    if jobs:
        threading.Thread(target=remove_after, args=(name, jobs), name="clear", daemon=True).start()


def clear_expired() -> None:
    """Clear all data that nobody has used for `upload_hours`."""
    kept_own.prepare()
    for name in kept_own.expired():
        clear(name)


def remove_after(name: str, jobs: list[Job]) -> None:
    for job in jobs:
        job.wait(ENDS_SECONDS)
    if datasets.at_hand(name):
        return  # the same data were brought again meanwhile
    forgetting.forget_runs(name)
    runs.clear(name)
    catalogue.forget()
