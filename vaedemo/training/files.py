"""Writes a run to files, and reads and verifies it. No pickle is used."""

import csv
import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load as read_tensors
from safetensors.torch import save as write_tensors

from vaedemo.config import RunConfig
from vaedemo.dataset_names import is_own
from vaedemo.models import build
from vaedemo.rules import ConfigError
from vaedemo.training.film import StoredFilm, write_frames
from vaedemo.training.metrics_file import METRICS, DamagedRun, check_metrics, data_shape
from vaedemo.training.own_network import loaded
from vaedemo.training.run import EXAMPLE_SHAPE, MODEL_CLASS, TERMS, Run, Table, history_columns, history_table

CONFIG, WEIGHTS, HISTORY, FILM = "config.json", "weights.safetensors", "history.csv", "film.npz"
REQUIRED = (CONFIG, WEIGHTS, HISTORY, METRICS)
CHECKSUM = "sealed_sha256"
BOOKKEEPING = ("data_shape", "weights_sha256", "film_sha256", CHECKSUM, "notes")  # metrics of the files, not of the run
LARGEST_TEXT_BYTES = 10_000_000


def to_files(run: Run, dtype: torch.dtype = torch.float32) -> dict[str, bytes]:
    """A run as file names and contents. `metrics.json` contains the sha256 of the weights, the film and the rest."""
    weights = write_tensors({name: as_kept(value, dtype) for name, value in run.model.state_dict().items()})
    shape = run.metrics.get(EXAMPLE_SHAPE) or list(run.model.data_shape)
    metrics = run.metrics | {"data_shape": shape, "weights_sha256": sha256(weights)}
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


def as_kept(value: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    """A weight for the file, in memory of its own: weights that a network uses twice are written twice."""
    return (value.to(dtype) if value.is_floating_point() else value).clone(memory_format=torch.contiguous_format)


def from_files(files: Mapping[str, bytes], model: torch.nn.Module | None = None) -> Run:
    """Read and verify a run. Raises `DamagedRun` for a missing, incomplete, changed or foreign file.

    `model`: for a run of a caller's own network, that network; raises what `own_network.loaded` raises.
    """
    for name in REQUIRED:
        if name not in files:
            raise DamagedRun(f"{name} is missing")
    config = read_config(files[CONFIG])
    metrics = read_json(METRICS, files[METRICS])
    check_sum(WEIGHTS, files[WEIGHTS], metrics.get("weights_sha256"))
    notes, own = check_metrics(metrics, config), MODEL_CLASS in metrics
    if model is not None and not own:
        raise ConfigError("model", type(model).__name__, "nothing for this run, whose network its settings describe")
    try:
        weights = read_tensors(files[WEIGHTS])
        weights = {name: value.float() if value.is_floating_point() else value for name, value in weights.items()}
        # Own data may be elsewhere: then the weights alone tell how many classes there are.
        own_classes = config.model == "classifier" and is_own(config.dataset)
        classes = {"classes": len(weights["head.bias"])} if own_classes and not own else {}
        if not own:
            model = build(config, data_shape(metrics), **classes)
            model.load_state_dict(weights)
    except Exception as error:  # safetensors' own errors for a damaged header, torch's RuntimeError for shapes
        raise DamagedRun(f"{WEIGHTS} does not fit its config: {str(error).splitlines()[0][:200]}") from error
    if own:
        model = loaded(model, metrics, config, weights)
    film = None
    if FILM in files:
        check_sum(FILM, files[FILM], metrics.get("film_sha256"))
        film = read_film(files[FILM])
    table = read_history(files[HISTORY], config, metrics.get(TERMS, ()))
    verify_checksum(files[CONFIG], files[HISTORY], files[METRICS])
    metrics = {name: value for name, value in metrics.items() if name not in BOOKKEEPING}
    return Run(config, model.eval().requires_grad_(False), table, metrics, film, notes)


def read_folder(folder: Path, largest: int) -> dict[str, bytes]:
    """The contents of a run's files in a folder. Raises `DamagedRun` for more than `largest` bytes, `OSError`."""
    size = sum(entry.stat().st_size for entry in folder.iterdir())
    if size > largest:
        raise DamagedRun(f"it has {size:,} bytes, more than the {largest:,} allowed")
    return {name: (folder / name).read_bytes() for name in (*REQUIRED, FILM) if (folder / name).is_file()}


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


def read_history(content: bytes, config: RunConfig, terms: Sequence[str] = ()) -> Table:
    """The table of `write_history`, bit for bit. Raises `DamagedRun`."""
    if len(content) > LARGEST_TEXT_BYTES:
        raise DamagedRun(f"{HISTORY} is larger than {LARGEST_TEXT_BYTES:,} bytes")
    try:
        columns, *rows = csv.reader(content.decode().splitlines())
        if tuple(columns) != history_columns(config, terms):
            raise ValueError(f"its columns are {columns[:12]}")
        numbers = ([float(cell or "nan") for cell in row] for row in rows)
        return history_table((dict(zip(columns, row, strict=True)) for row in numbers), config, terms)
    except (ValueError, OverflowError, csv.Error) as error:
        raise DamagedRun(f"{HISTORY} cannot be read: {error}") from error


def read_film(content: bytes) -> StoredFilm:
    try:
        return StoredFilm(content)
    except ValueError as error:
        raise DamagedRun(f"{FILM}: {error}") from error


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
