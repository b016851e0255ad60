"""Writes a run to files, and reads and verifies it. No pickle is used."""

import csv
import hashlib
import io
import json
import re
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

import torch
from safetensors.torch import load as read_tensors
from safetensors.torch import save as write_tensors

from vaedemo.config import RunConfig
from vaedemo.models import build
from vaedemo.rules import ConfigError
from vaedemo.training.film import StoredFilm, write_frames
from vaedemo.training.run import DATA_SHA256, Run, Table, history_columns, history_table, measures

CONFIG, WEIGHTS, HISTORY, METRICS, FILM = (
    "config.json",
    "weights.safetensors",
    "history.csv",
    "metrics.json",
    "film.npz",
)
REQUIRED = (CONFIG, WEIGHTS, HISTORY, METRICS)
CHECKSUM = "sealed_sha256"
BOOKKEEPING = ("data_shape", "weights_sha256", "film_sha256", CHECKSUM, "notes")  # metrics of the files, not of the run
FIGURES = ("epochs_done", "steps_done", "seconds", "images_per_second")
LARGEST_TEXT_BYTES = 10_000_000


class DamagedRun(ValueError):
    """A run's files are incomplete, changed or no run at all; the message names the problem."""


def to_files(run: Run, dtype: torch.dtype = torch.float32) -> dict[str, bytes]:
    """A run as file names and contents. `metrics.json` contains the sha256 of the weights, the film and the rest."""
    weights = write_tensors({name: value.to(dtype).contiguous() for name, value in run.model.state_dict().items()})
    metrics = run.metrics | {"data_shape": list(run.model.data_shape), "weights_sha256": sha256(weights)}
    metrics["notes"] = list(run.notes)
    files = {
        CONFIG: write_json({"version": 1} | run.config.to_dict()),
        WEIGHTS: weights,
        HISTORY: write_history(run.table),
    }
    if run.film:
        files[FILM] = write_frames(run.film)
        metrics["film_sha256"] = sha256(files[FILM])
    metrics[CHECKSUM] = checksum(files[CONFIG], files[HISTORY], write_json(metrics))
    return files | {METRICS: write_json(metrics)}


def from_files(files: Mapping[str, bytes]) -> Run:
    """Read and verify a run. Raises `DamagedRun` for a missing, incomplete, changed or foreign file."""
    for name in REQUIRED:
        if name not in files:
            raise DamagedRun(f"{name} is missing")
    config = read_config(files[CONFIG])
    metrics = read_json(METRICS, files[METRICS])
    check_sum(WEIGHTS, files[WEIGHTS], metrics.get("weights_sha256"))
    try:
        model = build(config, data_shape(metrics))
        model.load_state_dict({name: value.float() for name, value in read_tensors(files[WEIGHTS]).items()})
    except Exception as error:  # safetensors' own errors for a damaged header, torch's RuntimeError for shapes
        raise DamagedRun(f"{WEIGHTS} does not fit its config: {str(error).splitlines()[0][:200]}") from error
    film = None
    if FILM in files:
        check_sum(FILM, files[FILM], metrics.get("film_sha256"))
        film = read_film(files[FILM])
    notes = check_metrics(metrics, config)
    table = read_history(files[HISTORY], config)
    verify_checksum(files[CONFIG], files[HISTORY], files[METRICS])
    metrics = {name: value for name, value in metrics.items() if name not in BOOKKEEPING}
    return Run(config, model.eval().requires_grad_(False), table, metrics, film, notes)


def to_bytes(run: Run) -> bytes:
    """A run as one uncompressed zip, which a worker sends to the app."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in to_files(run).items():
            archive.writestr(name, content)
    return buffer.getvalue()


def from_bytes(content: bytes, largest: int) -> Run:
    """The run of `to_bytes`. Raises `DamagedRun` for another content or one that unpacks to over `largest` bytes."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
            if size > largest:
                raise DamagedRun(f"the run unpacks to {size:,} bytes, more than the {largest:,} allowed")
            known = (*REQUIRED, FILM)
            files = {entry.filename: archive.read(entry) for entry in archive.infolist() if entry.filename in known}
    except DamagedRun:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError) as error:
        raise DamagedRun(f"the run's archive is damaged: {error}") from error
    return from_files(files)


def read_config(content: bytes) -> RunConfig:
    """The config of a run's `config.json`. Raises `DamagedRun`."""
    values = read_json(CONFIG, content)
    if values.pop("version", None) != 1:
        raise DamagedRun(f"{CONFIG} is not of version 1")
    try:
        return RunConfig.from_dict(values)
    except ConfigError as error:
        raise DamagedRun(f"{CONFIG}: {error}") from error


def read_json(name: str, content: bytes) -> dict[str, Any]:
    if len(content) > LARGEST_TEXT_BYTES:
        raise DamagedRun(f"{name} is larger than {LARGEST_TEXT_BYTES:,} bytes")
    try:
        values = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise DamagedRun(f"{name} is not JSON: {error}") from error
    if not isinstance(values, dict):
        raise DamagedRun(f"{name} is not a JSON object")
    return values


def write_history(table: Table) -> bytes:
    """The table as CSV; NaN becomes an empty cell."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table)
    writer.writerows(["" if cell != cell else cell for cell in row] for row in zip(*table.values(), strict=True))
    return text.getvalue().encode()


def read_history(content: bytes, config: RunConfig) -> Table:
    """The table of `write_history`, bit for bit. Raises `DamagedRun`."""
    if len(content) > LARGEST_TEXT_BYTES:
        raise DamagedRun(f"{HISTORY} is larger than {LARGEST_TEXT_BYTES:,} bytes")
    try:
        columns, *rows = csv.reader(content.decode().splitlines())
        if tuple(columns) != history_columns(config):
            raise ValueError(f"its columns are {columns[:12]}")
        numbers = ([float(cell or "nan") for cell in row] for row in rows)
        return history_table((dict(zip(columns, row, strict=True)) for row in numbers), config)
    except (ValueError, OverflowError, csv.Error) as error:
        raise DamagedRun(f"{HISTORY} cannot be read: {error}") from error


def read_film(content: bytes) -> StoredFilm:
    try:
        return StoredFilm(content)
    except ValueError as error:
        raise DamagedRun(f"{FILM}: {error}") from error


def data_shape(metrics: Mapping[str, Any]) -> tuple[int, ...]:
    """The shape of one example, (2,) or (C, H, W), each size at most 256. Raises `DamagedRun`."""
    shape = metrics.get("data_shape")
    sound = isinstance(shape, list) and len(shape) in (1, 3) and all(type(n) is int and 0 < n <= 256 for n in shape)
    if not sound:
        raise DamagedRun(f"{METRICS} has no data_shape")
    return tuple(shape)


def check_metrics(metrics: Mapping[str, Any], config: RunConfig) -> tuple[str, ...]:
    """Raise `DamagedRun` for metrics without the values that every run has; returns their notes."""
    if metrics.get("status") not in ("finished", "stopped", "diverged"):
        raise DamagedRun(f"{METRICS} has no status")
    wanted = [*(f"test_{measure}" for measure in measures(config)), *FIGURES]
    for name in wanted + (["active_units"] if config.model == "vae" else []):
        if type(metrics.get(name)) not in (int, float):
            raise DamagedRun(f"{METRICS} has no number called {name}")
    if not re.fullmatch("([0-9a-f]{64})?", str(metrics.get(DATA_SHA256, ""))):
        raise DamagedRun(f"{METRICS} has a {DATA_SHA256} that is no sha256")
    notes = metrics.get("notes", [])
    if not isinstance(notes, list) or not all(isinstance(note, str) for note in notes):
        raise DamagedRun(f"{METRICS} has notes that are no sentences")
    return tuple(notes)


def check_sum(name: str, content: bytes, expected: Any) -> None:
    if sha256(content) != expected:
        raise DamagedRun(f"{name} has not the sha256 that {METRICS} gives")


def verify_checksum(config: bytes, history: bytes, metrics: bytes) -> None:
    """Raise `DamagedRun` when a setting, a metric or a row was changed. Runs saved before checksums are accepted."""
    expected = read_json(METRICS, metrics).get(CHECKSUM)
    if expected is not None and expected != checksum(config, history, metrics):
        raise DamagedRun(f"{CONFIG}, {HISTORY} or {METRICS} was changed after it was written")


def checksum(config: bytes, history: bytes, metrics: bytes) -> str:
    """The sha256 of the values of both JSON files (without the checksum itself) and of the rows of the table."""
    said = {name: value for name, value in read_json(METRICS, metrics).items() if name != CHECKSUM}
    parts = (write_json(read_json(CONFIG, config)), b"\n".join(history.splitlines()), write_json(said))
    return sha256(b"\0".join(parts))


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def write_json(values: Mapping[str, Any]) -> bytes:
    return (json.dumps(values, indent=1, sort_keys=True) + "\n").encode()
