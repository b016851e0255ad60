"""`vaedemo.train` and `vaedemo.sweep`: train configs, or load their runs from the store."""

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager

from filelock import FileLock

from vaedemo import datasets, settings
from vaedemo.config import RunConfig, a_config
from vaedemo.models.ensemble import form
from vaedemo.rules import ConfigError
from vaedemo.training import caps, kept_states, store
from vaedemo.training.loop import OnProgress, ShouldStop, fit_stack
from vaedemo.training.run import Run
from vaedemo.training.state import Keeper, State


def train(
    config: RunConfig,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
    on_download=None,
) -> Run:
    """Train a config in this process and store the run; a stored run is returned at once.

    A file lock per digest prevents two concurrent trainings: a second caller waits and gets the first one's run.
    Raises `ConfigError` for an argument that is no config and for an unknown `start_from` or too large `train_size`,
    `vaedemo.datasets.DataUnavailable` when the data set is not available.
    """
    return sweep([a_config("config", config)], on_progress, should_stop, on_download)[0]


def sweep(
    configs: Sequence[RunConfig],
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
    on_download=None,
) -> list[Run]:
    """Train several configs, those of one form together in one stack, and store each as an ordinary run.

    The mathematics is that of `train` for each: order and noise come from each config's own seed. Returns one run per
    config, in their order, also for repeated configs. After a stop all runs are returned, unfinished ones with status
    "stopped". Raises `ConfigError` for an empty list, and what `train` raises.
    """
    if isinstance(configs, (str, bytes, Mapping)) or not isinstance(configs, Iterable):
        raise ConfigError("a sweep", configs, "a list of RunConfigs")
    configs = [a_config("each of a sweep's settings", config) for config in configs]
    if not configs:
        raise ConfigError("a sweep", "no settings at all", "one or more settings")
    for name, given in {"on_progress": on_progress, "should_stop": should_stop, "on_download": on_download}.items():
        if given is not None and not callable(given):
            raise ConfigError(name, given, "a function, or None")
    runs: dict[str, Run] = {}
    for stack in stacks(configs):
        runs |= train_stack(stack, on_progress, should_stop, on_download)
    return [runs[config.digest] for config in configs]


def train_stack(
    configs: Sequence[RunConfig],
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
    on_download=None,
    keeper: Keeper | None = None,
) -> dict[str, Run]:
    """The runs of configs of one form by digest: stored ones are loaded, the others trained together.

    They go on from their last kept states, if there are any. `keeper`: keeps states on the way, and at the end of a
    training with `until`; by default only those at the end.
    """
    runs = stored(configs)
    if len(runs) == len(configs):
        return runs
    with ExitStack() as locks:
        # All callers lock in the same order, which prevents deadlocks between sweeps.
        for digest in sorted({config.digest for config in configs} - set(runs)):
            locks.enter_context(lock(digest))
        runs |= stored([config for config in configs if config.digest not in runs])
        missing = [config for config in configs if config.digest not in runs]
        if missing:
            dataset = missing[0].dataset
            train_set = datasets.load(dataset, split="train", on_progress=on_download)
            test_set = datasets.load(dataset, split="test", on_progress=on_download)
            starts = [starting_run(config) for config in missing]
            trained = fit_stack(
                missing,
                train_set,
                test_set,
                on_progress,
                should_stop,
                starts,
                states=kept_states.latest(missing),
                keeper=keeper or kept_states.EndKeeper(),
            )
            runs |= {run.digest: store.save(run) for run in trained}
    return runs


def held_runs(states: Sequence[State]) -> list[Run]:
    """The runs of trainings that are held at these states (`RunConfig.held_at`); stored."""
    configs = [state.config for state in states]
    train_set, test_set = (datasets.load(configs[0].dataset, split=part) for part in ("train", "test"))
    runs = fit_stack(configs, train_set, test_set, starts=[starting_run(config) for config in configs], states=states)
    return [store.save(run) for run in runs]


def stored(configs: Sequence[RunConfig]) -> dict[str, Run]:
    """The stored runs of these configs, by digest."""
    found = {config.digest: store.find(config.digest) for config in configs}
    return {digest: run for digest, run in found.items() if run is not None}


def stacks(configs: Sequence[RunConfig]) -> list[list[RunConfig]]:
    """The configs without duplicates, in groups that are trained together: of one form, and within the memory limit."""
    groups: dict[tuple, list[RunConfig]] = {}
    for config in {config.digest: config for config in configs}.values():
        groups.setdefault(form(config), []).append(config)
    return [
        group[begin : begin + most]
        for group in groups.values()
        for most in [caps.largest_stack(group[0])]
        for begin in range(0, len(group), most)
    ]


def starting_run(config: RunConfig) -> Run | None:
    """The run whose weights a config starts from, or None. Raises `ConfigError` when it is not in the store."""
    if not config.start_from:
        return None
    start = store.find(config.start_from)
    if start is None:
        raise ConfigError("start_from", config.start_from, "the digest of a run that is stored here")
    return start


@contextmanager
def lock(digest: str) -> Iterator[None]:
    """Hold the file lock of a digest. A cache that cannot be written has no lock: nothing can be shared there."""
    folder = settings.current().cache / "locks"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        held = FileLock(folder / f"{digest}.lock")
        held.acquire()
    except (OSError, NotImplementedError) as error:  # the latter from a file system without locks
        reason = getattr(error, "strerror", None) or error
        warnings.warn(f"The cache cannot be written ({reason}); training without it.", store.StoreWarning, stacklevel=3)
        yield
        return
    try:
        yield
    finally:
        held.release()
