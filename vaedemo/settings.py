"""One table of limits and places. Each entry can be overridden by an environment variable of the same name.

`VAEDEMO_MAX_EPOCHS=50` overrides `max_epochs`, and so on. Read once per call of `current()`, so tests can change the
environment; the entries say what they protect. The caps on a training (`max_epochs` to `max_memory`) and the queue's
numbers bind the app alone: neither the command line nor `vaedemo.train` has any, for who calls them owns the machine.
"""

import math
import os
from dataclasses import dataclass, fields
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]


class SettingError(ValueError):
    """An environment variable whose text is not what the setting accepts."""


@dataclass(frozen=True)
class Settings:
    """Limits and places in force; `VAEDEMO_<NAME>` in the environment overrides the entry `<name>`."""

    cache: Path = Path("~/.cache/vaedemo")  # finished runs, locks, runs set aside
    data: Path | None = None  # torchvision's folder of data sets; None: `data` inside the cache
    checkpoints: Path = REPOSITORY / "checkpoints"  # shipped runs, read-only, looked in before the cache
    device: str = ""  # "" lets torch.accelerator pick; else cpu, cuda, cuda:1, mps
    scheduler: str = ""  # tcp:// or tls:// address of a dask scheduler; "" starts one worker of our own
    scheduler_insecure: bool = False  # allow a tcp:// scheduler that is not on loopback
    worker_resources: str = ""  # what a worker of that cluster needs to be given a training, e.g. GPU=1
    threads: int = 0  # torch threads of a training; 0: one for points, all cores else
    cache_bytes: int = 2_000_000_000  # least recently used runs are evicted above this
    max_epochs: int = 200  # from here to max_memory: the app's caps on one training
    max_parameters: int = 20_000_000
    max_images_trained: int = 12_000_000  # examples times epochs
    max_seconds: float = 1800.0  # a job that trains for longer is ended with what it has
    max_memory: int = 4_000_000_000  # bytes that one training may take, as estimated before it begins
    max_running_per_session: int = 1  # the app's queue: a visitor's trainings under way at once
    max_waiting_per_session: int = 2  # and those that wait; to join another's training costs nothing
    max_queue: int = 50  # trainings of all visitors that wait
    max_run_bytes: int = 400_000_000  # a run's files are not read above this
    grace_seconds: float = 20.0  # how long a vanished browser still counts as one that watches
    unwatched_minutes: float = 10.0  # a training that nobody watches may run so long while others wait

    @property
    def data_folder(self) -> Path:
        return self.data if self.data is not None else self.cache / "data"


def current(environment=os.environ) -> Settings:
    """The settings in force, from the environment. Raises `SettingError` naming a variable it cannot read."""
    values = {}
    for entry in fields(Settings):
        name = f"VAEDEMO_{entry.name.upper()}"
        text = environment.get(name)
        if text is None or (text == "" and entry.name != "device"):
            continue
        try:
            values[entry.name] = read(text, entry.default)
        except ValueError:
            raise SettingError(f"{name} accepts {accepts(entry.default)}, got {text[:60]!r}.") from None
    if "cache" not in values:
        try:
            values["cache"] = Settings.cache.expanduser()
        except RuntimeError:
            raise SettingError(
                f"VAEDEMO_CACHE must name a folder here: without it runs are kept in {Settings.cache}, and "
                "this user has no home folder."
            ) from None
    return Settings(**values)


def accepts(example) -> str:
    """What `read` takes for an entry with this default, in words."""
    if isinstance(example, bool):
        return "0, 1, true, false, yes or no"
    if isinstance(example, int):
        return f"a whole number from 0, such as {example}"
    if isinstance(example, float):
        return f"a number from 0, such as {example:g}"
    return "a folder"


def read(text: str, example):
    """Text to the type of the example: bool, int, float, path or text. Raises ValueError; no number is below 0."""
    if isinstance(example, bool):
        if text.lower() not in ("0", "1", "true", "false", "yes", "no"):
            raise ValueError(text)
        return text.lower() in ("1", "true", "yes")
    if isinstance(example, (int, float)):
        number = type(example)(text)
        if not 0 <= number < math.inf:
            raise ValueError(text)
        return number
    if isinstance(example, Path) or example is None:
        try:
            return Path(text).expanduser()
        except RuntimeError as error:  # ~somebody who has no home here
            raise ValueError(text) from error
    return text
