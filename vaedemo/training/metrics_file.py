"""The checks of a stored run's `metrics.json`."""

import re
from collections.abc import Mapping
from typing import Any

from vaedemo.config import RunConfig
from vaedemo.training.run import DATA_NAME, DATA_SHA256, EXAMPLE_SHAPE, FIRST_WEIGHTS, MODEL_CLASS, TERMS, measures

METRICS = "metrics.json"
FIGURES = ("epochs_done", "steps_done", "seconds", "images_per_second")


class DamagedRun(ValueError):
    """A run's files are incomplete, changed or no run at all; the message names the problem."""


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
    if MODEL_CLASS in metrics:
        check_identity(metrics)
    name = metrics.get(DATA_NAME, "own data")
    if not isinstance(name, str) or not name.isprintable():
        raise DamagedRun(f"{METRICS} has a {DATA_NAME} that is no name")
    terms = metrics.get(TERMS, [])
    if not isinstance(terms, list) or not all(isinstance(term, str) and term.isidentifier() for term in terms):
        raise DamagedRun(f"{METRICS} has {TERMS} that are no words")
    wanted = [*(f"test_{measure}" for measure in measures(config, terms)), *FIGURES]
    for name in wanted + (["active_units"] if config.model == "vae" and not terms else []):
        if type(metrics.get(name)) not in (int, float):
            raise DamagedRun(f"{METRICS} has no number called {name}")
    for name in (DATA_SHA256, FIRST_WEIGHTS):
        if not re.fullmatch("([0-9a-f]{64})?", str(metrics.get(name, ""))):
            raise DamagedRun(f"{METRICS} has a {name} that is no sha256")
    notes = metrics.get("notes", [])
    if not isinstance(notes, list) or not all(isinstance(note, str) for note in notes):
        raise DamagedRun(f"{METRICS} has notes that are no sentences")
    return tuple(notes)


def check_identity(metrics: Mapping[str, Any]) -> None:
    """Raise `DamagedRun` unless the metrics of a run of the caller's own network say which network it was."""
    name = metrics[MODEL_CLASS]
    if not isinstance(name, str) or not name.isidentifier():
        raise DamagedRun(f"{METRICS} has a {MODEL_CLASS} that is no name of a class")
    if not metrics.get(FIRST_WEIGHTS):
        raise DamagedRun(f"{METRICS} has no {FIRST_WEIGHTS}")
    if metrics.get(EXAMPLE_SHAPE) != list(data_shape(metrics)):
        raise DamagedRun(f"{METRICS} has an {EXAMPLE_SHAPE} that is not its data_shape")
