"""The result of a training: settings, weights, history, metrics, film."""

import hashlib
import math
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from vaedemo.config import DENSITY_MODELS, RunConfig
from vaedemo.dataset_names import readable
from vaedemo.training.film import Frame

if TYPE_CHECKING:
    import pandas as pd

Table = dict[str, list[float]]  # column by column; `epoch` contains integers

# The measurements after each epoch and at the end, per kind of model; the first always exists.
MEASURES = {
    "vae": ("reconstruction", "kl", "negative_elbo"),
    "autoencoder": ("reconstruction", "kl", "negative_elbo"),  # the last two NaN: one table for both
    "classifier": ("cross_entropy", "accuracy"),
    "flow": ("negative_log_likelihood",),
    "autoregressive": ("negative_log_likelihood",),
}
MEASURE_TITLES = {
    "reconstruction": "reconstruction",
    "kl": "KL",
    "negative_elbo": "−ELBO",
    "cross_entropy": "cross-entropy",
    "accuracy": "accuracy",
    "negative_log_likelihood": "−log p(x)",
}


DATA_NAME = "data_name"  # metric of a run on own data: what `from_arrays` or `fit` was told
DATA_SHA256 = "data_sha256"  # metric of a run whose data are not the set that its config names


# Metrics of a run whose network the caller brought; the digest contains the first two.
MODEL_CLASS, FIRST_WEIGHTS = "model_class", "first_weights_sha256"
EXAMPLE_SHAPE = "example_shape"
TERMS = "terms"  # what the loss of such a network returns, where it is not one of this package's classes


def digest_on(config: RunConfig, metrics: Mapping[str, Any]) -> str:
    """16 hexadecimal digits that name a run: the config's digest, or one of config, other data and own network."""
    told = config.digest
    if metrics.get(DATA_SHA256):
        told += f" on {metrics[DATA_SHA256]}"
    if MODEL_CLASS in metrics:
        told += f" of {metrics[MODEL_CLASS]} from {metrics[FIRST_WEIGHTS]}"
    return told if told == config.digest else hashlib.sha256(told.encode()).hexdigest()[:16]


def corrupts(config: RunConfig) -> bool:
    """Whether the encoder reads corrupted examples: in training, and for the metrics `train_…` and `test_…`.

    Such a run also has metrics of clean test inputs, `test_clean_…`; older runs do not have them.
    """
    return config.corruption != "none" and config.corruption_level > 0 and config.model not in DENSITY_MODELS


def measures(config: RunConfig, terms: Sequence[str] = ()) -> tuple[str, ...]:
    """The names of the measurements that a config's model has; `terms`: those of a loss of the caller's own."""
    return tuple(terms) or (MEASURES[config.model][:1] if config.model == "autoencoder" else MEASURES[config.model])


def history_columns(config: RunConfig, terms: Sequence[str] = ()) -> tuple[str, ...]:
    """The columns: epoch, train_ and test_ of each measurement, seconds, images_per_second."""
    measured = terms or MEASURES[config.model]
    figures = (f"{part}_{measure}" for part in ("train", "test") for measure in measured)
    return ("epoch", *figures, "seconds", "images_per_second")


@dataclass(frozen=True)
class Run:
    """The result of a training.

    `model`: float32, in eval mode, on the CPU, without gradients. `table`: one row per epoch, in nats per image.
    `history`: the same as a DataFrame, made on first access, because pandas takes 35 MB and no page needs it.
    `metrics`: the final values on the whole test set, and how and where the run was trained. `film`: frames of the
    training, or None. `notes`: sentences to show with the run.
    """

    config: RunConfig
    model: torch.nn.Module
    table: Table
    metrics: dict[str, Any]
    film: Sequence[Frame] | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def title(self) -> str:
        """The config's title with the name of own data; of a caller's network, the names of the data and its class."""
        own = readable(self.config.dataset)
        name = self.metrics.get(DATA_NAME, own)
        if MODEL_CLASS in self.metrics:
            return f"{name} · {self.metrics[MODEL_CLASS]}"
        return self.config.title.replace(own, name, 1)

    @property
    def digest(self) -> str:
        """The config's digest; with data or a network that the config does not name, one of all of these."""
        return digest_on(self.config, self.metrics)

    @property
    def data_sha256(self) -> str:
        """The sha256 of data that the config does not name; else empty."""
        return self.metrics.get(DATA_SHA256, "")

    @cached_property
    def history(self) -> "pd.DataFrame":
        import pandas as pd

        return pd.DataFrame(self.table).astype({name: int if name == "epoch" else float for name in self.table})

    @property
    def rows(self) -> list[dict[str, float]]:
        """The table as one dictionary per epoch."""
        return [dict(zip(self.table, row, strict=True)) for row in zip(*self.table.values(), strict=True)]

    @property
    def status(self) -> str:
        """finished, stopped (on request, before its last epoch) or diverged.

        Diverged: the loss became NaN or infinite, or its final value is above its value before the first step.
        """
        return self.metrics["status"]

    def save(self, folder: str | os.PathLike[str]) -> Path:
        """Write the run's files into a folder of its own; `vaedemo.load(folder)` reads them. Returns the folder.

        The folder appears when it is complete. One that holds a run is replaced; raises `FileExistsError` for one that
        holds something else, `ConfigError` for a thing that is no path, and the file system's own `OSError`s.
        """
        from vaedemo.training import run_folder  # it reads runs, so it cannot be imported above

        return run_folder.save(self, folder)


def history_table(rows: Iterable[Mapping[str, Any]], config: RunConfig, terms: Sequence[str] = ()) -> Table:
    """History rows as a table with the columns of the config's kind of model; an autoencoder's KL is NaN."""
    rows = list(rows)
    table = {name: [float(row.get(name, math.nan)) for row in rows] for name in history_columns(config, terms)}
    return table | {"epoch": [int(epoch) for epoch in table["epoch"]]}
