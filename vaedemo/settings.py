"""The settings: limits and paths. An environment variable of the same name overrides each entry.

`VAEDEMO_MAX_EPOCHS=50` overrides `max_epochs`, and so on. `current()` reads the environment at each call, so tests
can change it. The limits on a training (`max_epochs` to `max_memory`) and the queue's limits apply only to the app.
The command line and `vaedemo.train` have none, because their caller controls the machine.
"""

import math
import os
import re
from dataclasses import dataclass, fields
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
# A pip requirement that is safe inside a cell's quotes, and has no password in its address: notebooks show it.
SOURCE = re.compile(r"(?!.*//[^/@]*:[^/@]*@)[A-Za-z0-9][A-Za-z0-9 ._@:/+=<>~#,\[\]-]{0,299}")


class SettingError(ValueError):
    """An environment variable has a text that the setting does not accept."""


@dataclass(frozen=True)
class Settings:
    """Limits and paths; `VAEDEMO_<NAME>` in the environment overrides the entry `<name>`."""

    cache: Path = Path("~/.cache/vaedemo")  # finished runs, locks, runs set aside
    data: Path | None = None  # torchvision's folder of data sets; None: `data` inside the cache
    checkpoints: Path = REPOSITORY / "checkpoints"  # shipped runs, read-only, searched before the cache
    clinic: Path = REPOSITORY / "clinic"  # the clinic's trained programs, read-only
    device: str = ""  # "" lets torch.accelerator pick; else cpu, cuda, cuda:1, mps
    scheduler: str = ""  # tcp:// or tls:// address of a dask scheduler; "" starts a local worker
    scheduler_insecure: bool = False  # allow a tcp:// scheduler that is not on loopback
    worker_resources: str = ""  # resources that a cluster's worker needs for a training, e.g. GPU=1
    threads: int = 0  # torch threads of a training; 0: one for points, all cores else
    cache_bytes: int = 2_000_000_000  # least recently used runs are evicted above this
    state_bytes: int = 500_000_000  # states of held trainings; those used longest ago are removed above this
    upload_kept_bytes: int = 500_000_000  # visitors' own data; those used longest ago are removed above this
    upload_hours: float = 24.0  # visitors' own data, and the runs on them, are removed when unused for this long
    max_epochs: int = 200  # from here to max_memory: the app's limits on one training
    max_parameters: int = 20_000_000
    max_images_trained: int = 12_000_000  # examples times epochs
    max_seconds: float = 1800.0  # a job that trains longer is ended with partial runs
    max_memory: int = 4_000_000_000  # bytes for one training, as estimated before it begins
    max_running_per_session: int = 1  # the app's queue: one visitor's running trainings
    max_waiting_per_session: int = 2  # one visitor's waiting trainings; joining another's does not count
    max_queue: int = 50  # waiting trainings of all visitors
    max_run_bytes: int = 400_000_000  # files of a larger run are not read
    grace_seconds: float = 20.0  # a disconnected browser counts as watching for this long
    unwatched_minutes: float = 10.0  # an unwatched training may run this long while others wait
    uploads: bool = True  # visitors may bring their own data
    room_size: int = 500  # visitors in one room of a class
    source: str = ""  # pip requirement of this package: a downloaded notebook's first cell installs from it

    @property
    def data_folder(self) -> Path:
        return self.data if self.data is not None else self.cache / "data"


def current(environment=os.environ) -> Settings:
    """The settings with the environment's overrides. Raises `SettingError` naming an invalid variable."""
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
    if values.get("source") and not SOURCE.fullmatch(values["source"]):
        raise SettingError(
            "VAEDEMO_SOURCE accepts a pip requirement of at most 300 plain characters without a password, such as "
            "git+https://example.org/vaedemo.git, got another text."  # it may be a password, so it is not repeated
        )
    return Settings(**values)


def accepts(example) -> str:
    """A description of what `read` accepts for an entry with this default."""
    if isinstance(example, bool):
        return "0, 1, true, false, yes or no"
    if isinstance(example, int):
        return f"a whole number from 0, such as {example}"
    if isinstance(example, float):
        return f"a number from 0, such as {example:g}"
    return "a folder"


def read(text: str, example):
    """Convert text to the type of the example: bool, int, float, path or text. Raises ValueError; numbers are ≥ 0."""
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
        except RuntimeError as error:  # ~user of an unknown user
            raise ValueError(text) from error
    return text
