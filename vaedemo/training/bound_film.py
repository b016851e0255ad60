"""log p(x) and the ELBO of twenty test digits at ten steps of a training, for the page on the bound.

The training is that of the shipped VAE with two latent axes, run again and stopped at each step of its film; the last
step is the shipped run itself. `make` measures them and writes their CSV.
"""

import csv
import io
from itertools import count
from pathlib import Path
from typing import NamedTuple

import torch

from vaedemo import datasets, settings
from vaedemo.probability import bounds
from vaedemo.training import first_views, store
from vaedemo.training.film import frame_steps
from vaedemo.training.loop import fit
from vaedemo.training.shipped_runs import NAMED

RUN = "mnist-2d"
CONFIG = NAMED[RUN]
LAST = 21_500  # steps of the whole training
FIRST, LATEST = 290, 6_000  # the film's steps between these are trained again: minutes, not an hour
STEPS = (*(step for step in frame_steps(LAST) if FIRST < step < LATEST), LAST)
DIGITS = 10 * first_views.PER_CLASS
FILE = "curves/bound.csv"  # relative to the folder of the shipped runs


class Row(NamedTuple):
    """One digit at one step; both numbers in nats."""

    step: int
    digit: int
    log_marginal: float
    elbo: float


def model_at(step: int):
    """The model after so many optimizer steps. All but the last need the data that the shipped run was trained on."""
    if step == LAST:
        return store.load(RUN).model
    batches = count()
    parts = [datasets.load(CONFIG.dataset, split=part) for part in ("train", "test")]
    return fit(CONFIG, *parts, should_stop=lambda: next(batches) >= step).model


@torch.no_grad()
def measure(step: int, model) -> list[Row]:
    """A row for each digit, both numbers by quadrature: log p(x), and the ELBO of the encoder's q."""
    x = first_views.digits()
    exact, bound = bounds.log_marginal_grid(model, x), bounds.elbo_hermite(model, x, 64)
    return [Row(step, *each) for each in zip(range(DIGITS), exact.tolist(), bound.tolist(), strict=True)]


def read(folder: Path | None = None) -> list[Row]:
    """The shipped rows. Raises `DataUnavailable` when the file is missing or damaged."""
    file = (folder or settings.current().checkpoints) / FILE
    try:
        names, *rows = csv.reader(io.StringIO(file.read_text(encoding="utf-8")))
        found = [Row(int(step), int(digit), float(exact), float(bound)) for step, digit, exact, bound in rows]
    except (OSError, ValueError) as error:
        raise datasets.DataUnavailable(f"The shipped curves, {file}, cannot be read: restore them.") from error
    if tuple(names) != Row._fields or [row[:2] for row in found] != [(s, d) for s in STEPS for d in range(DIGITS)]:
        raise datasets.DataUnavailable(f"The shipped curves, {file}, are not as expected: restore them.")
    return found


def text(rows) -> str:
    """The rows as a CSV file's text."""
    lines = [",".join(Row._fields)]
    lines += [f"{row.step},{row.digit},{row.log_marginal:.4f},{row.elbo:.4f}" for row in rows]
    return "\n".join(lines) + "\n"


def make() -> None:
    """Train and measure anew, which takes minutes, and write the file."""
    rows = [row for step in STEPS for row in measure(step, model_at(step))]
    file = settings.current().checkpoints / FILE
    file.parent.mkdir(exist_ok=True)
    file.write_text(text(rows), encoding="utf-8")
