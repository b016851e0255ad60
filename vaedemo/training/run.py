"""A finished training, whole: settings, weights, history, metrics, film."""

from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import torch

from vaedemo.config import RunConfig
from vaedemo.training.film import Frame

# What is measured after each epoch and at the end, of each kind of model; the first is never absent.
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


def measures(config: RunConfig) -> tuple[str, ...]:
    """The names of what is measured of a config's model, those that it has."""
    return MEASURES[config.model][:1] if config.model == "autoencoder" else MEASURES[config.model]


def history_columns(config: RunConfig) -> tuple[str, ...]:
    """epoch, train_ and test_ of each measure, seconds, images_per_second."""
    figures = (f"{part}_{measure}" for part in ("train", "test") for measure in MEASURES[config.model])
    return ("epoch", *figures, "seconds", "images_per_second")


@dataclass(frozen=True)
class Run:
    """What a training leaves.

    `model`: float32, in eval mode, on the CPU, without gradients. `history`: one row an epoch, nats per image.
    `metrics`: the final figures on the whole test set, with how and where they were made. `film`: frames of the
    training, or None. `notes`: sentences that whoever shows the run should show too.
    """

    config: RunConfig
    model: torch.nn.Module
    history: pd.DataFrame
    metrics: dict[str, Any]
    film: list[Frame] | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def digest(self) -> str:
        return self.config.digest

    @property
    def status(self) -> str:
        """finished, stopped (on request, before its last epoch) or diverged (the loss left the real numbers)."""
        return self.metrics["status"]


def history_frame(rows: list[dict[str, Any]], config: RunConfig) -> pd.DataFrame:
    """History rows as a table with the columns of the config's kind of model; the KL of an autoencoder is NaN."""
    return pd.DataFrame(rows, columns=list(history_columns(config))).astype({"epoch": int})
