"""A finished training, whole: settings, weights, history, metrics, film."""

from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import torch

from vaedemo.config import RunConfig
from vaedemo.training.film import Frame

MEASURES = ("reconstruction", "kl", "negative_elbo")
HISTORY_COLUMNS = (
    "epoch",
    *(f"{part}_{measure}" for part in ("train", "test") for measure in MEASURES),
    "seconds",
    "images_per_second",
)


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


def history_frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """History rows as a table with the fixed columns; the KL of an autoencoder is NaN."""
    return pd.DataFrame(rows, columns=list(HISTORY_COLUMNS)).astype({"epoch": int})
