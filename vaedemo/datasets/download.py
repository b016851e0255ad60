"""Provides the files of MNIST and Fashion-MNIST: unpacks local packed files, else downloads with torchvision.

Only one process at a time does this. It reports progress, and files appear only when they are complete.
"""

import contextlib
import functools
import logging
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from pathlib import Path

from filelock import FileLock

from vaedemo.datasets import idx, packed
from vaedemo.datasets.imageset import DataUnavailable, one_line
from vaedemo.datasets.sources import DIMENSIONS, FILES, Source

POLL_SECONDS = 0.2
STALL_SECONDS = 60.0  # timeout without a new byte; torchvision itself has none
INCOMING = "incoming-"

log = logging.getLogger(__name__)


def fetch(source: Source, split: str, folder: Path, on_progress: Callable[[int, int], None] | None = None):
    """Provide the two files of a split in `source.raw(folder)`; a download includes those of the other split.

    Complete files stay. Damaged ones are renamed to `*.broken`, and packed ones (`*.gz`, as published) are unpacked.
    A second caller, in any process, waits and then finds the files.
    `on_progress(done, total)` is called in this thread, in bytes. Raises `DataUnavailable`. An exception of
    `on_progress` ends the download and is raised.
    """
    raw = source.raw(folder)
    notes: list[str] = []
    try:
        with contextlib.ExitStack() as held:
            with writing(raw):
                raw.mkdir(parents=True, exist_ok=True)
                held.enter_context(FileLock(raw.parent / "download.lock"))
                set_aside(raw, notes)
                discard_leftovers(raw)
                incoming = held.enter_context(
                    tempfile.TemporaryDirectory(prefix=INCOMING, dir=raw, ignore_cleanup_errors=True)
                )
                unpack(raw, Path(incoming), notes)
            if all((raw / name).is_file() for name in source.split_files(split)):
                return
            torchvision_download(source, Path(incoming), on_progress)
            with writing(raw):
                for name in FILES:
                    if not (raw / name).is_file():
                        os.replace(source.raw(Path(incoming)) / name, raw / name)
    except DataUnavailable as error:
        reasons = "; ".join([*notes, str(error)])
        raise DataUnavailable(f"{source.title} is not available ({reasons}): {source.advice(folder)}") from error


@contextlib.contextmanager
def writing(raw: Path):
    """Raise `DataUnavailable` for errors of the file system, such as a full disk or missing support for locks."""
    try:
        yield
    except (OSError, NotImplementedError) as error:
        raise DataUnavailable(
            f"{raw} cannot be written: {getattr(error, 'strerror', None) or one_line(error)}"
        ) from error


def set_aside(raw: Path, notes: list[str]):
    """Rename damaged files to `*.broken` and add a clause each to `notes`; `OSError` when that fails."""
    for name in FILES:
        path = raw / name
        try:
            idx.check(path, DIMENSIONS[name])
        except FileNotFoundError:
            continue
        except idx.IdxError as error:
            problem = one_line(error)
            notes.append(problem)
            os.replace(path, path.with_name(name + ".broken"))
            notes[-1] = f"{problem} and was set aside as {name}.broken"
            log.warning("%s.", notes[-1])


def unpack(raw: Path, workplace: Path, notes: list[str]):
    """Unpack packed files whose unpacked file is missing; a damaged one stays, with a clause in `notes`."""
    for name in FILES:
        path = raw / name
        if path.is_file() or not packed.packed_path(path).is_file():
            continue
        try:
            packed.unpack(path, DIMENSIONS[name], workplace)
        except idx.IdxError as error:
            notes.append(one_line(error))
            log.warning("%s.", notes[-1])


def discard_leftovers(raw: Path):
    """Remove the folders of killed downloads; the caller holds the lock, so none is in use."""
    for leftover in raw.glob(INCOMING + "*"):
        shutil.rmtree(leftover, ignore_errors=True)


def torchvision_download(source: Source, incoming: Path, on_progress: Callable[[int, int], None] | None):
    """Download into an empty folder in a thread and report its size; raises `DataUnavailable` with the reason."""
    result: Future = Future()

    def work():
        try:
            with silent_torchvision() as datasets:
                getattr(datasets, source.class_name)(incoming, download=True)
        except BaseException as error:
            result.set_exception(error)
        else:
            result.set_result(None)

    # A daemon thread: a download that hangs must not prevent the process from ending.
    threading.Thread(target=work, name=f"download-{source.name}", daemon=True).start()
    done, last_growth = -1, time.monotonic()
    while True:
        finished = wait([result], timeout=POLL_SECONDS).done
        size = min(packed_bytes(source.raw(incoming)), source.download_bytes)
        if size != done:
            done, last_growth = size, time.monotonic()
            if on_progress and not finished:
                on_progress(done, source.download_bytes)
        if finished:
            break
        if time.monotonic() - last_growth > STALL_SECONDS:
            raise DataUnavailable(f"the download stood still for {STALL_SECONDS:.0f} seconds")
    error = result.exception()
    if isinstance(error, DataUnavailable):
        raise error
    if error is not None:
        raise DataUnavailable(f"it could not be downloaded: {one_line(error)}") from error
    if on_progress:
        on_progress(source.download_bytes, source.download_bytes)


def packed_bytes(raw: Path) -> int:
    """The downloaded bytes of packed files; 0 while the folder does not exist."""
    total = 0
    for path in raw.glob("*.gz"):
        with contextlib.suppress(FileNotFoundError):
            total += path.stat().st_size
    return total


@contextlib.contextmanager
def silent_torchvision():
    """The module torchvision.datasets without its progress bar; raises `DataUnavailable` when the import fails."""
    try:
        from torchvision import datasets
        from torchvision.datasets import utils
    # A torchvision built for another torch raises one of these at import.
    except (ImportError, RuntimeError, OSError, AttributeError) as error:
        reason = "torchvision, which downloads it, cannot be imported; install the torchvision that matches torch"
        raise DataUnavailable(f"{reason} ({one_line(error)})") from error
    bar = getattr(utils, "tqdm", None)
    if bar is None:
        yield datasets
        return
    utils.tqdm = functools.partial(bar, disable=True)
    try:
        yield datasets
    finally:
        utils.tqdm = bar
