"""The error of a job as one sentence for the page."""

from concurrent.futures import CancelledError

from distributed import KilledWorker
from distributed.client import FutureCancelledError
from distributed.comm import CommClosedError
from distributed.scheduler import NoValidWorkerError, NoWorkerError

from vaedemo.datasets import DataUnavailable
from vaedemo.datasets.own_bytes import DamagedData
from vaedemo.rules import ConfigError
from vaedemo.settings import SettingError
from vaedemo.training.cluster import SchedulerUnreachable
from vaedemo.training.files import DamagedRun
from vaedemo.training.text_format import span

OUT_OF_MEMORY = "Training ran out of memory; try a smaller network or a smaller batch."
KILLED = "The training process was ended several times, mostly for lack of memory; try a smaller network or batch."
NO_WORKER = "No worker that could take the training came to the cluster in time; press Train again."
UNWATCHED_IN_QUEUE = "Nobody watched this training, and the full queue needed its place: it was not begun."
LOST = "The connection to the training process was lost; press Train again."
MEMORY_WORDS = ("out of memory", "not enough memory", "can't allocate memory", "cannot allocate memory")
LONGEST = 300


class JobFailed(RuntimeError):
    """A training failed in its worker; the message is one sentence for the page."""


def gave_way(minutes: float) -> str:
    """The sentence for a training without owners that was ended before its last epoch."""
    limit = span(60 * minutes)
    return f"This training was ended after more than {limit}: nobody watched it, and another visitor waited."


def sentence_for(error: BaseException) -> str:
    """One sentence for an error: this package's errors have one; known errors of torch and dask are translated."""
    if isinstance(error, JobFailed | ConfigError | DataUnavailable | SettingError | SchedulerUnreachable):
        return str(error)
    if isinstance(error, DamagedRun):
        return f"The trained run arrived damaged ({error}); press Train again."
    if isinstance(error, DamagedData):
        return f"The data of the training arrived damaged ({error}); press Train again."
    if isinstance(error, NoValidWorkerError | NoWorkerError):
        return NO_WORKER
    if isinstance(error, KilledWorker):
        return KILLED
    text = " ".join(str(error).split())
    if isinstance(error, MemoryError) or any(words in text.lower() for words in MEMORY_WORDS):
        return OUT_OF_MEMORY
    if isinstance(error, CancelledError | FutureCancelledError | CommClosedError | ConnectionError | TimeoutError):
        return LOST
    reason = text or type(error).__name__
    reason = reason if len(reason) <= LONGEST else reason[: LONGEST - 1] + "…"
    return f"Training failed: {reason}" + ("" if reason.endswith((".", "…")) else ".")
