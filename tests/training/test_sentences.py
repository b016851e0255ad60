"""What a page says when a job fails: one sentence, whatever was raised."""

import pytest
from distributed import KilledWorker
from distributed.client import FutureCancelledError
from distributed.scheduler import NoValidWorkerError

from vaedemo.config import ConfigError
from vaedemo.datasets import DataUnavailable
from vaedemo.training import sentences
from vaedemo.training.sentences import JobFailed, sentence_for


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ConfigError("beta", -1, "0 or more"), "beta accepts 0 or more, got -1."),
        (DataUnavailable("mnist is not in the folder x."), "mnist is not in the folder x."),
        (JobFailed("It failed."), "It failed."),
        (MemoryError(), sentences.OUT_OF_MEMORY),
        (RuntimeError("CUDA out of memory. Tried to allocate 2 GiB\n(GPU 0)"), sentences.OUT_OF_MEMORY),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried"), sentences.OUT_OF_MEMORY),
        (KilledWorker("train-1", None, 3), sentences.KILLED),
        (NoValidWorkerError("train-1", set(), set(), {"GPU": 1}, 60), sentences.NO_WORKER),
        (FutureCancelledError("train-1", "scheduler-connection-lost"), sentences.LOST),
        (OSError(28, "No space left on device"), "Training failed: [Errno 28] No space left on device."),
        (ValueError("two\nlines"), "Training failed: two lines."),
        (KeyError(), "Training failed: KeyError."),
    ],
)
def test_each_error_has_its_sentence(error, sentence):
    assert sentence_for(error) == sentence


def test_a_long_reason_is_cut():
    assert len(sentence_for(ValueError("x" * 10_000))) < 400
