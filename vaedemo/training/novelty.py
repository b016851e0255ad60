r"""Novelty detection: three scores by which one would tell digits from other images, of all 5,000 unseen digits.

The pixels are black or white, so each is exact: log p(x) under a VAE of digits with two latent axes, its ELBO, and how
much more likely x is under this VAE than under one of clothes. `make` counts the digits in each nat and writes a CSV.
"""

import csv
import io
import math
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor

from vaedemo import datasets, settings
from vaedemo.probability import bounds
from vaedemo.training import first_views, store

DIGITS, CLOTHES = "mnist-2d", "fashion-2d"  # runs
LOG_P, ELBO, RATIO = "log_p", "elbo", "ratio"
SCORES = (LOG_P, ELBO, RATIO)
FILE = "curves/novelty.csv"  # relative to the folder of the shipped runs
AT_ONCE = 250  # images


class Row(NamedTuple):
    """How many digits have a score from `nats` to `nats` + 1: the `ones` among them, and all `others`."""

    score: str
    nats: int
    ones: int
    others: int


@torch.no_grad()
def measure(score: str, digits, clothes, x: Tensor) -> Tensor:
    r"""A score by which one would tell digits from other images, of black-or-white pixels.

    $$\log p(x) \qquad \mathrm{ELBO}(x) \qquad \log p(x) - \log p_{\text{clothes}}(x)$$

    `digits`, `clothes`: VAEs with two latent axes, trained on digits and on clothes. `x`: (N, 1, 28, 28), 0 or 1.
    Returns (N,) in float64, in nats per image; log p(x) and the ELBO by quadrature.
    Raises `ValueError` for another score, and for images that are not black or white.
    Source: of the last, a likelihood ratio, Ren et al. 2019 (arXiv 1906.02845), with a background model of clothes.
    """
    if score not in SCORES:
        raise ValueError(f"score accepts one of {', '.join(SCORES)}, got {score!r:.60}.")
    if ((x != 0) & (x != 1)).any():
        raise ValueError("A likelihood needs binary pixels, 0 or 1, got others.")
    if score == ELBO:
        return bounds.elbo_hermite(digits, x)
    found = bounds.log_marginal_grid(digits, x)
    return found - bounds.log_marginal_grid(clothes, x) if score == RATIO else found


def share_below(rows: list[Row], value: float) -> float:
    """The share of the digits that have less than `value`; those in the same nat are not counted. Rows of one score."""
    below = sum(row.ones + row.others for row in rows if row.nats < math.floor(value))
    return below / sum(row.ones + row.others for row in rows)


def counted(score: str, values: Tensor, y: Tensor) -> list[Row]:
    """The rows of a score, `values` (N,), of digits of the classes y (N,)."""
    nats = values.floor().long()
    return [
        Row(score, each, *(int(((nats == each) & chosen).sum()) for chosen in (y == 1, y != 1)))
        for each in nats.unique().tolist()
    ]


def read(score: str, folder: Path | None = None) -> list[Row]:
    """The shipped rows of a score, by nats. Raises `DataUnavailable` when the file is missing or damaged."""
    file = (folder or settings.current().checkpoints) / FILE
    try:
        names, *rows = csv.reader(io.StringIO(file.read_text(encoding="utf-8")))
        found = [Row(name, *map(int, numbers)) for name, *numbers in rows]
        order = [(SCORES.index(row.score), row.nats) for row in found]
    except (OSError, ValueError, TypeError) as error:
        raise datasets.DataUnavailable(f"The shipped counts, {file}, cannot be read: restore them.") from error
    sums = [sum(row.ones + row.others for row in found if row.score == each) for each in SCORES]
    sound = order == sorted(set(order)) and len(set(sums)) == 1 and min(sums) > 0
    if tuple(names) != Row._fields or not sound or min(min(row[2:]) for row in found) < 0:
        raise datasets.DataUnavailable(f"The shipped counts, {file}, are not as expected: restore them.")
    return [row for row in found if row.score == score]


def text(rows) -> str:
    """The rows as a CSV file's text."""
    return "\n".join([",".join(Row._fields), *(",".join(map(str, row)) for row in rows)]) + "\n"


def make() -> None:
    """Measure anew, which takes minutes, and write the file."""
    test = datasets.load(first_views.DATASET, split="test")
    models = [store.load(name).model for name in (DIGITS, CLOTHES)]
    rows = []
    for score in SCORES:
        parts = [measure(score, *models, x) for x in test.as_data("binary").split(AT_ONCE)]
        rows += counted(score, torch.cat(parts), test.y)
    file = settings.current().checkpoints / FILE
    file.parent.mkdir(exist_ok=True)
    file.write_text(text(rows), encoding="utf-8")
