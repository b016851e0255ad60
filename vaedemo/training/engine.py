"""Train a config, or find that it was trained already: what `vaedemo.train` and `vaedemo.sweep` do."""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from filelock import FileLock

from vaedemo import datasets, settings
from vaedemo.config import RunConfig
from vaedemo.rules import ConfigError
from vaedemo.training import store
from vaedemo.training.loop import OnProgress, ShouldStop, fit
from vaedemo.training.run import Run


def train(
    config: RunConfig,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
    on_download=None,
) -> Run:
    """Train a config in this process and keep the run; a run that is stored already comes back at once.

    The same digest is never trained twice at once on one cache: a second caller waits and gets the first one's run.
    Raises `ConfigError` for a `start_from` or `train_size` that does not exist, and
    `vaedemo.datasets.DataUnavailable` when the data set cannot be had.
    """
    known = store.find(config.digest)
    if known is not None:
        return known
    with lock(config.digest):
        known = store.find(config.digest)
        if known is not None:
            return known
        train_set = datasets.load(config.dataset, split="train", on_progress=on_download)
        test_set = datasets.load(config.dataset, split="test", on_progress=on_download)
        run = fit(config, train_set, test_set, on_progress, should_stop, start=starting_run(config))
        return store.save(run)


def sweep(
    configs: Sequence[RunConfig],
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
) -> list[Run]:
    """Train several configs, in the order given; each lands in the store as an ordinary run."""
    return [train(config, on_progress, should_stop) for config in configs]


def starting_run(config: RunConfig) -> Run | None:
    """The run whose weights a config starts from; raises `ConfigError` when it is not in the store."""
    if not config.start_from:
        return None
    start = store.find(config.start_from)
    if start is None:
        raise ConfigError("start_from", config.start_from, "the digest of a run that is stored here")
    return start


@contextmanager
def lock(digest: str) -> Iterator[None]:
    """One file lock per digest; where the cache cannot be written there is nothing to share and so no lock."""
    folder = settings.current().cache / "locks"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        held = FileLock(folder / f"{digest}.lock")
        held.acquire()
    except OSError as error:
        warnings.warn(
            f"The cache cannot be written ({error.strerror}); training without it.", store.StoreWarning, stacklevel=3
        )
        yield
        return
    try:
        yield
    finally:
        held.release()
