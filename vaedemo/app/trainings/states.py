"""The states of a training, as a page shows them."""

from dataclasses import dataclass

from vaedemo.training.job import Job
from vaedemo.training.run import Run


@dataclass(frozen=True)
class Finished:
    """The run exists."""

    run: Run


@dataclass(frozen=True)
class UnderWay:
    """A job is in progress; `mine`: this session is one of its owners."""

    job: Job
    mine: bool


@dataclass(frozen=True)
class Ended:
    """The last job for these settings ended without a result, or was refused (`job` is None). `reason` says why.

    A stopped job may leave a partly trained run.
    """

    job: Job | None
    reason: str
    partial: Run | None


@dataclass(frozen=True)
class Absent:
    """Never trained, or no longer stored. `damaged`: the stored run was damaged and set aside."""

    damaged: bool = False


@dataclass(frozen=True)
class AllFinished:
    """The runs of all configs, in their order."""

    runs: tuple[Run, ...]


State = Finished | UnderWay | Ended | Absent
