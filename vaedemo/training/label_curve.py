"""What pre-training is worth: test accuracy against the number of labels, for five ways to use them."""

import csv
import math
import statistics
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor

from vaedemo import datasets, settings
from vaedemo.analysis.quality import linear_probe
from vaedemo.config import RunConfig
from vaedemo.models import pca
from vaedemo.rules import ConfigError, one_of, whole
from vaedemo.training import shipped_runs, store
from vaedemo.training.loop import fit
from vaedemo.training.run import Run
from vaedemo.training.subset import balanced

METHODS = {
    "finetuned": "Encoder, fine-tuned",
    "scratch": "From scratch",
    "frozen": "Encoder, frozen",
    "pca": "PCA features",
    "pixels": "Raw pixels",
}
NETS = ("finetuned", "scratch")
DATASET = "digits"
LABELS = (10, 20, 50, 100, 500, 1000, 4000)
SEEDS = (1, 2, 3, 4, 5)
STEPS = 1000  # of the optimizer, about, whatever the number of labels
MOST_EPOCHS = 200
LARGEST_BATCH = 64
ENCODER = "pretrained-encoder"


class Row(NamedTuple):
    """One measurement: a method of `METHODS`, how many labels, the seed, test accuracy from 0 to 1."""

    method: str
    labels: int
    seed: int
    accuracy: float


class Spread(NamedTuple):
    """Accuracies over the seeds."""

    mean: float
    least: float
    most: float


def labels_rule(name: str, value) -> int:
    """The rule for a number of labels: at least one of each of the ten classes."""
    try:
        return whole(len(datasets.class_names(DATASET)), datasets.sizes(DATASET)[0])(name, value)
    except ConfigError as error:
        raise ConfigError(name, value, f"{error.accepts}, so that each class has one") from None


def classifier_config(labels: int, seed: int, start_from: str = "") -> RunConfig:
    """The net that is trained on `labels` labels: fine-tuned where it starts from an autoencoder's digest.

    Batches are a fifth of the labels, at most 64, and epochs are as many as give 1,000 steps, at most 200.
    """
    batch = min(LARGEST_BATCH, labels // 5)
    encoder = shipped_runs.PRETRAINED
    return RunConfig(
        dataset=DATASET,
        model="classifier",
        hidden=encoder.hidden,
        latent_dim=encoder.latent_dim,
        train_size=labels,
        subset_seed=seed,
        seed=seed,
        start_from=start_from,
        batch_size=batch,
        epochs=min(MOST_EPOCHS, round(STEPS / -(-labels // batch))),
    )


def label_curve(method: str, labels: int, seed: int, encoder: Run | None = None) -> float:
    r"""Test accuracy, from 0 to 1, of one way to use some labels.

    $$\text{accuracy} = \frac{1}{N} \sum_{n=1}^{N} \mathbf{1}\bigl[\arg\max_c\, p(c \mid x_n) = y_n\bigr],
    \qquad p(c \mid x) = \operatorname{softmax}_c\bigl(W h(x) + b\bigr)$$

    `method`: pixels, pca and frozen fit W and b alone, by `linear_probe`, to h(x) = x, the first 32 principal
    coordinates, the code of the pre-trained encoder. finetuned and scratch train h as well, from that encoder or from
    nothing. `labels`: 10 to 4,000, balanced over the classes; `seed` says which ones, and the order of training.
    `encoder`: an autoencoder's run, by default the shipped one, which saw none of these images. PCA is fitted to all
    4,000 training images without their labels. Tested on the other 1,000.
    Raises `ConfigError` for another method, or fewer labels than classes.
    Source: G. Hinton, R. Salakhutdinov 2006; A. Coates, A. Ng, H. Lee 2011, which compares with simple features.
    """
    one_of(*METHODS)("method", method)
    labels = labels_rule("labels", labels)
    train, test = datasets.load(DATASET, "train"), datasets.load(DATASET, "test")
    encoder = encoder or store.load(ENCODER)
    if method in NETS:
        start = encoder if method == "finetuned" else None
        config = classifier_config(labels, seed, start.digest if start else "")
        return fit(config, train, test, start=start).metrics["test_accuracy"]
    told = balanced(train, labels, seed)
    seen, unseen = (features(method, each.as_data(), encoder) for each in (told, test))
    return linear_probe(seen, told.y, unseen, test.y)


@torch.no_grad()
def features(method: str, x: Tensor, encoder: Run) -> Tensor:
    """What a linear probe reads of images x (N, 1, 28, 28): (N, 784) pixels, (N, 32) coordinates or codes."""
    if method == "frozen":
        return encoder.model.encode(x).mean
    return x.flatten(1) if method == "pixels" else principal_axes().encode(x.flatten(1))


@lru_cache(maxsize=1)
def principal_axes() -> pca.PCA:
    """The 32 principal axes of the 4,000 training images."""
    return pca.fit(datasets.load(DATASET, "train").as_data().flatten(1), shipped_runs.PRETRAINED.latent_dim)


def path() -> Path:
    """Where the curves lie among the shipped files."""
    return settings.current().checkpoints / "curves" / "pretraining.csv"


def make(counts: Iterable[int] = LABELS, methods: Sequence[str] = tuple(METHODS)) -> None:
    """Train and measure anew for these numbers of labels and methods, all seeds; other rows of the file stay."""
    known = {row[:3]: row.accuracy for row in read()} if path().exists() else {}
    for labels in counts:
        for method in methods:
            known |= {(method, labels, seed): round(label_curve(method, labels, seed), 4) for seed in SEEDS}
    path().parent.mkdir(parents=True, exist_ok=True)
    order = list(METHODS)
    with path().open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(Row._fields)
        writer.writerows((*key, known[key]) for key in sorted(known, key=lambda key: (order.index(key[0]), *key[1:])))


def read() -> list[Row]:
    """The shipped curves. Raises `DataUnavailable` where the file is not sound."""
    try:
        with path().open(newline="", encoding="utf-8") as file:
            columns, *rows = csv.reader(file)
        curves = [Row(method, int(labels), int(seed), float(accuracy)) for method, labels, seed, accuracy in rows]
    except (OSError, ValueError, csv.Error) as error:
        problem = f"The shipped curves, {path()}, cannot be read: restore them from the repository."
        raise datasets.DataUnavailable(problem) from error
    sound = all(row.method in METHODS and math.isfinite(row.accuracy) for row in curves)
    if tuple(columns) != Row._fields or not sound:
        raise datasets.DataUnavailable(f"The shipped curves, {path()}, are not as expected: restore them.")
    return curves


def summary(curves: Iterable[Row], labels: int) -> dict[str, Spread]:
    """Mean, least and most over the seeds of each method at one number of labels, the methods in their order."""
    at = {method: [] for method in METHODS}
    for row in curves:
        if row.labels == labels:
            at[row.method].append(row.accuracy)
    return {method: Spread(statistics.fmean(found), min(found), max(found)) for method, found in at.items() if found}
