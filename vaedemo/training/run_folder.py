"""`vaedemo.load` and `Run.save`: runs by name, by digest, or in a folder that the user chooses."""

import os
import secrets
import shutil
from pathlib import Path

from torch import nn

from vaedemo import settings
from vaedemo.rules import ConfigError, shorten
from vaedemo.training import files, store
from vaedemo.training.run import Run

NAMES = 'the name of a shipped run, such as "mnist-2d", or a digest, as text, or the folder of a saved run'


def load(name: str | os.PathLike[str], model: nn.Module | None = None) -> Run:
    """A shipped run by its name, any stored run by its digest, or the run in a folder that `Run.save` wrote.

    `model`: for a run that `vaedemo.fit` trained with a network of the caller's own, a network of the same class; the
    run has a copy of it with the trained weights.

    Raises `RunNotFound`, which lists the names, for a name or folder without a run; `DamagedRun`, a `ValueError`, for a
    folder whose files are incomplete or changed; `ConfigError` for a thing that is neither name nor path, and for a
    missing or needless `model`; `ValueError` for a model whose weights have other names or shapes.
    """
    if isinstance(name, os.PathLike) or is_folder(name):
        return load_folder(as_path("name", name), model)
    if not isinstance(name, str):
        raise ConfigError("name", name, NAMES)
    if model is not None:
        raise ConfigError("model", type(model).__name__, "nothing with the name or digest of a run, only with a folder")
    return store.load(name)


def is_folder(name) -> bool:
    """Whether a text names an existing folder and neither a shipped run nor possibly a stored one."""
    return isinstance(name, str) and not store.is_digest(name) and name not in store.shipped() and os.path.isdir(name)


def load_folder(folder: Path, model: nn.Module | None = None) -> Run:
    """The run in a folder, verified. Raises what `load` raises."""
    shown = shorten(str(folder), 200)
    try:
        contents = files.read_folder(folder, settings.current().max_run_bytes)
        if not contents:
            raise store.RunNotFound(f"The folder {shown} holds no run.")
        return files.from_files(contents, model)
    except files.DamagedRun as error:
        raise files.DamagedRun(f"The run in {shown} cannot be used: {str(error).rstrip('.')}.") from None
    except OSError as error:
        raise store.RunNotFound(f"The folder {shown} cannot be read: {error.strerror}.") from None


def save(run: Run, folder: str | os.PathLike[str]) -> Path:
    """`Run.save`: write a temporary folder beside the target and rename it; a run that is there is replaced."""
    target = as_path("folder", folder)
    contents = files.to_files(run)
    size, most = sum(map(len, contents.values())), settings.current().max_run_bytes
    if size > most:
        raise ValueError(f"The run has {size:,} bytes; up to {most:,} are read again (VAEDEMO_MAX_RUN_BYTES).")
    check_free(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    mark = f".{target.name}-{os.getpid()}-{secrets.token_hex(4)}"
    temporary, before = target.with_name(f"{mark}-new"), target.with_name(f"{mark}-old")
    try:
        temporary.mkdir()
        for name, content in contents.items():
            (temporary / name).write_bytes(content)
        if target.exists():
            target.rename(before)
        temporary.rename(target)
    except BaseException:
        if before.exists() and not target.exists():
            before.rename(target)
        raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        if target.exists():
            shutil.rmtree(before, ignore_errors=True)
    return target


def check_free(target: Path) -> None:
    """Raise `FileExistsError` unless the target is missing, an empty folder, or a folder with a run's files alone."""
    if not target.exists() and not target.is_symlink():
        return
    shown = shorten(str(target), 200)
    if not target.is_dir() or target.is_symlink():
        raise FileExistsError(f"A run is saved as a folder of its own; {shown} is something else.")
    foreign = sorted(entry.name for entry in target.iterdir() if entry.name not in (*files.REQUIRED, files.FILM))
    if foreign:
        raise FileExistsError(f"A run is saved as a folder of its own; {shown} holds {shorten(foreign[0])}.")


def as_path(name: str, value) -> Path:
    """A path from a text or a path. Raises `ConfigError` for other things and for names that no file can have."""
    text = os.fspath(value) if isinstance(value, (str, os.PathLike)) else None
    if not isinstance(text, str) or not text or "\0" in text:
        raise ConfigError(name, value, "a folder, as text or as a path" if name == "folder" else NAMES)
    return Path(text)
