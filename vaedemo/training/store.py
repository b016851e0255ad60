"""Runs on disk: shipped ones in `checkpoints/` (read-only, searched first), others in a cache of limited size."""

import os
import secrets
import shutil
import warnings
from functools import lru_cache
from pathlib import Path
from typing import Any

from vaedemo import settings
from vaedemo.config import DATASETS, RunConfig
from vaedemo.dataset_names import is_own
from vaedemo.probability.check_numbers import count
from vaedemo.rules import ConfigError, shorten
from vaedemo.training import files
from vaedemo.training.cache_folders import USED, evict, mark_used, next_use_time, run_folders, runs_folder, set_time
from vaedemo.training.run import MODEL_CLASS, Run
from vaedemo.training.text_format import list_names

SUMMARY_FILES = (files.CONFIG, files.HISTORY, files.METRICS)  # the files that `recent` reads of a run


class StoreWarning(UserWarning):
    """A run could not be stored, or a damaged one was set aside."""


class RunNotFound(LookupError):
    """No run has this name or digest."""


def shipped() -> dict[str, Path]:
    """The folders of the shipped runs by name, in alphabetical order."""
    folder = settings.current().checkpoints
    try:
        return dict(shipped_in(folder, folder.stat().st_mtime_ns))
    except OSError:
        return {}


@lru_cache(maxsize=8)
def shipped_in(folder: Path, changed: int) -> dict[str, Path]:
    """The runs in a folder, cached by the folder's mtime `changed`, because pages ask at every rerun."""
    found = sorted(folder.glob(f"*/{files.CONFIG}"))
    return {path.parent.name: path.parent for path in found}


def shipped_digests() -> dict[str, str]:
    """The names of the shipped runs by digest; a folder with an unreadable config is omitted with a warning."""
    digests = {}
    for name, folder in shipped().items():
        try:
            path = folder / files.CONFIG
            state = path.stat()
            digests[digest_in(path, state.st_mtime_ns, state.st_size)] = name
        except (files.DamagedRun, OSError) as error:
            warnings.warn(f"The shipped run {name} cannot be used: {error}", StoreWarning, stacklevel=2)
    return digests


@lru_cache(maxsize=1024)
def digest_in(path: Path, changed: int, size: int) -> str:
    """The digest of a `config.json`, cached by its mtime and size, because pages ask at every rerun."""
    return files.read_config(path.read_bytes()).digest


def load(name: str) -> Run:
    """A shipped run by its name, or any run by its digest. Raises `RunNotFound`, which lists the names."""
    if not isinstance(name, str):
        raise ConfigError("name", name, 'the name of a shipped run, such as "mnist-2d", or a digest, as text')
    names = shipped()
    if name in names:
        run = read(names[name], keep_aside=False)
        if run is not None:
            return run
        raise RunNotFound(
            f"The shipped run {name} is damaged; `python -m vaedemo checkpoints --make {name}` makes it anew."
        )
    run = find(name) if is_digest(name) else None
    if run is None:
        known = list_names(sorted(names, key=lambda each: not each.startswith(DATASETS))) or "none is shipped"
        raise RunNotFound(
            f"No run is called {shorten(name)}; shipped runs: {known}; others go by their 16-digit digest."
        )
    return run


def is_digest(name: str) -> bool:
    """Whether a name can be a digest; only such names become paths."""
    return isinstance(name, str) and len(name) == 16 and set(name) <= set("0123456789abcdef")


def find(digest: str) -> Run | None:
    """The stored run of a digest, or None. A damaged one is set aside with a warning and counts as missing."""
    if not is_digest(digest):
        return None
    name = shipped_digests().get(digest)
    if name is not None:
        run = read(shipped()[name], keep_aside=False)
        if run is not None:
            return run
    folder = runs_folder() / digest
    if not (folder / files.METRICS).is_file():
        return None
    run = read(folder, keep_aside=True)
    if run is not None and run.digest != digest:
        set_aside(folder, "its settings belong to another digest")
        return None
    if run is not None:
        mark_used(folder)
    return run


def read(folder: Path, keep_aside: bool) -> Run | None:
    """The run in a folder; None, with a warning, when it is damaged. `keep_aside`: move a damaged one away."""
    try:
        return files.from_files(files.read_folder(folder, settings.current().max_run_bytes))
    except (files.DamagedRun, ValueError) as error:
        if keep_aside:
            set_aside(folder, str(error).rstrip("."))
        else:
            warnings.warn(f"The run in {folder.name} is damaged and not used: {error}", StoreWarning, stacklevel=2)
    except FileNotFoundError:
        pass  # another process has just evicted it
    except OSError as error:
        warnings.warn(f"The run in {folder.name} cannot be read: {error.strerror}.", StoreWarning, stacklevel=2)
    return None


def set_aside(folder: Path, reason: str) -> None:
    """Move a damaged run out of the store: it will be trained again, and its files stay for inspection."""
    aside = settings.current().cache / "aside"
    warnings.warn(
        f"The stored run {folder.name} was set aside and will be trained again: {reason}.", StoreWarning, stacklevel=3
    )
    try:
        aside.mkdir(parents=True, exist_ok=True)
        folder.rename(aside / f"{folder.name}-{secrets.token_hex(4)}")
    except OSError as error:
        warnings.warn(f"It could not be moved either: {error.strerror}.", StoreWarning, stacklevel=3)


def save(run: Run) -> Run:
    """Store a run under its digest; returns the run, with a note if it could not be stored.

    It is written to a temporary folder and then renamed. A stopped run is not stored, because it is not the result of
    its settings. An intact run that another writer stored first is kept, and this one is dropped. Raises `ValueError`
    for a run on data that its config does not name, because `find` would return it for that config.
    """
    if MODEL_CLASS in run.metrics:
        raise ValueError("A run of a network of your own is kept by run.save(folder) alone: no setting names it.")
    if run.data_sha256:
        named = f"the set {run.config.dataset} that its config names"
        raise ValueError(f"A run is kept only if it was trained and tested on {named}; this one had other data.")
    if run.status == "stopped":
        return run
    folder = runs_folder() / run.digest
    temporary = folder.with_name(f".{run.digest}-{os.getpid()}-{secrets.token_hex(4)}")
    try:
        temporary.mkdir(parents=True)
        for name, content in files.to_files(run).items():
            (temporary / name).write_bytes(content)
        moment = next_use_time()
        for name in (USED, files.METRICS):
            set_time(temporary / name, moment)
        move_into_place(temporary, folder)
        evict(keep=run.digest)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        note = f"This run could not be kept on disk ({reason}); it will be gone when the app stops."
        if note in run.notes:  # the worker could not store it either
            return run
        warnings.warn(note, StoreWarning, stacklevel=2)
        return Run(run.config, run.model, run.table, run.metrics, run.film, (*run.notes, note))
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return run


def move_into_place(temporary: Path, folder: Path) -> None:
    """Rename a complete run into place; an intact run that exists there is kept, a damaged one is set aside."""
    try:
        temporary.rename(folder)
    except OSError:
        if not folder.is_dir() or read(folder, keep_aside=True) is not None:
            if folder.is_dir():
                return
            raise
        temporary.rename(folder)


@lru_cache(maxsize=1024)
def summary_in(folder: Path, states: tuple[tuple[int, int], ...]) -> dict[str, Any]:
    """The verified config and metrics of a stored run, cached by the files' states. Raises `DamagedRun`, OSError."""
    config, history, metrics = ((folder / name).read_bytes() for name in SUMMARY_FILES)
    files.verify_checksum(config, history, metrics)
    return {"config": files.read_config(config), "metrics": files.read_json(files.METRICS, metrics)}


def recent(limit: int = 12, own_data: list[str] | None = None, with_held: bool = True) -> list[dict[str, Any]]:
    """The newest stored runs as dicts of digest, config, metrics and `finished_at` (seconds since 1970), newest first.

    `own_data`: of the runs on own data only those on these; None: all. `with_held`: also those up to a step (`until`).
    The order is that of storing, even if the clock was set back in between. Raises `ValueError` for a negative limit.
    """
    limit = count("limit", limit, 0)
    entries = []
    for folder in run_folders():
        try:
            states = [(folder / name).stat() for name in SUMMARY_FILES]
            summary = summary_in(folder, tuple((state.st_mtime_ns, state.st_size) for state in states))
            entries.append(summary | {"digest": folder.name, "finished_at": states[-1].st_mtime})
        except files.DamagedRun as error:
            set_aside(folder, str(error).rstrip("."))
        except OSError as error:
            warnings.warn(f"The stored run {folder.name} is not listed: {error}", StoreWarning, stacklevel=2)
    data = ((entry, entry["config"].dataset) for entry in entries)
    listed = [entry for entry, name in data if own_data is None or name in own_data or not is_own(name)]
    listed = [entry for entry in listed if with_held or not entry["config"].until]
    return sorted(listed, key=lambda entry: -entry["finished_at"])[:limit]


def pack(run: Run) -> bytes:
    """A run as bytes; `unpack` reads them."""
    return files.to_bytes(run)


def unpack(content: bytes) -> Run:
    """The run of `pack`. Raises `DamagedRun` when the bytes are not a complete run."""
    return files.from_bytes(content, settings.current().max_run_bytes)


def folder_of(digest: str) -> Path | None:
    """The folder of a digest's run, or None."""
    if not is_digest(digest):
        return None
    name = shipped_digests().get(digest)
    folder = shipped()[name] if name is not None else runs_folder() / digest
    return folder if (folder / files.METRICS).is_file() else None


def config_of(name: str) -> RunConfig:
    """The settings of a run by its name or digest, without its weights. Raises `RunNotFound`."""
    folder = (shipped().get(name) if isinstance(name, str) else None) or (folder_of(name) if is_digest(name) else None)
    if folder is None:
        raise RunNotFound(f"No run is called {shorten(name)}.")
    try:
        return files.read_config((folder / files.CONFIG).read_bytes())
    except (files.DamagedRun, OSError) as error:
        raise RunNotFound(f"The settings of the run {shorten(name)} cannot be read: {error}") from error
