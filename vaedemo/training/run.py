"""The result of a training: settings, weights, history, metrics, film."""

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import torch

from vaedemo.config import DENSITY_MODELS, RunConfig
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


DATA_SHA256 = "data_sha256"  # metric of a run whose data are not the set that its config names


def digest_on(config: RunConfig, data_sha256: str = "") -> str:
    """16 hexadecimal digits that name a run: the config's digest, or for other data one of config and data."""
    if not data_sha256:
        return config.digest
    return hashlib.sha256(f"{config.digest} on {data_sha256}".encode()).hexdigest()[:16]


def corrupts(config: RunConfig) -> bool:
    """Whether the encoder reads corrupted examples: in training, and for the metrics `train_…` and `test_…`.

    Such a run also has metrics of clean test inputs, `test_clean_…`; older runs do not have them.
    """
    return config.corruption != "none" and config.corruption_level > 0 and config.model not in DENSITY_MODELS


def measures(config: RunConfig) -> tuple[str, ...]:
    """The names of the measurements that a config's model has."""
    return MEASURES[config.model][:1] if config.model == "autoencoder" else MEASURES[config.model]


def history_columns(config: RunConfig) -> tuple[str, ...]:
    """The columns: epoch, train_ and test_ of each measurement, seconds, images_per_second."""
    figures = (f"{part}_{measure}" for part in ("train", "test") for measure in MEASURES[config.model])
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
    def digest(self) -> str:
        """The config's digest, or for data that the config does not name one of config and content."""
        return digest_on(self.config, self.data_sha256)

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


def history_table(rows: Iterable[Mapping[str, Any]], config: RunConfig) -> Table:
    """History rows as a table with the columns of the config's kind of model; an autoencoder's KL is NaN."""
    rows = list(rows)
    table = {name: [float(row.get(name, math.nan)) for row in rows] for name in history_columns(config)}
    return table | {"epoch": [int(epoch) for epoch in table["epoch"]]}
