"""The benefit of pre-training: test accuracy against the number of labels, for five methods."""

import csv
import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
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
FEW_LABELS = (20, 100, 1000)  # those of the encoder with 20 axes, whose file is small
SEEDS = (1, 2, 3, 4, 5)
STEPS = 1000  # approximate number of optimizer steps, for every number of labels
MOST_EPOCHS = 200
LARGEST_BATCH = 64
ENCODER, ENCODER_20 = "pretrained-encoder", "mnist-20d-autoencoder"
FILES = {ENCODER: "pretraining.csv", ENCODER_20: "pretraining-20-axes.csv"}  # of the curves, by encoder
# What is in each file: methods, and numbers of labels.
MEASURED = {ENCODER: (tuple(METHODS), LABELS), ENCODER_20: ((*NETS, "frozen"), FEW_LABELS)}


class Row(NamedTuple):
    """One measurement: a method of `METHODS`, the number of labels, the seed, the test accuracy from 0 to 1."""

    method: str
    labels: int
    seed: int
    accuracy: float


class Gain(NamedTuple):
    """Accuracy minus that of the same net from scratch, in points: the mean over the seeds, and its standard error."""

    mean: float
    error: float


class Spread(NamedTuple):
    """Accuracies over the seeds."""

    mean: float
    least: float
    most: float


def labels_rule(name: str, value) -> int:
    """The rule for a number of labels: at least one for each of the ten classes."""
    try:
        return whole(len(datasets.class_names(DATASET)), datasets.sizes(DATASET)[0])(name, value)
    except ConfigError as error:
        raise ConfigError(name, value, f"{error.accepts}, so that each class has one") from None


def classifier_config(
    labels: int, seed: int, start_from: str = "", encoder: RunConfig = shipped_runs.PRETRAINED
) -> RunConfig:
    """The config of the network trained on `labels` labels. It has the layers of this `encoder`; `start_from`: its
    digest, to fine-tune it.

    The batch size is a fifth of the labels, at most 64. The epochs give about 1,000 steps; there are at most 200.
    """
    batch = min(LARGEST_BATCH, labels // 5)
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

    `method`: pixels, pca and frozen fit only W and b, by `linear_probe`; h(x) is x itself, its first 32 principal
    coordinates, or the code of the pre-trained encoder. finetuned and scratch also train h, from that encoder or from
    random weights. `labels`: 10 to 4,000, balanced over the classes. `seed` selects them and the order of training.
    `encoder`: an autoencoder's run, by default the shipped one, which was not trained on these images. PCA is fitted
    to all 4,000 training images without their labels. The test set is the other 1,000 images.
    Raises `ConfigError` for another method, or fewer labels than classes.
    Source: G. Hinton, R. Salakhutdinov 2006; A. Coates, A. Ng, H. Lee 2011, which compares with simple features.
    """
    one_of(*METHODS)("method", method)
    labels = labels_rule("labels", labels)
    train, test = datasets.load(DATASET, "train"), datasets.load(DATASET, "test")
    encoder = encoder or store.load(ENCODER)
    if method in NETS:
        start = encoder if method == "finetuned" else None
        config = classifier_config(labels, seed, start.digest if start else "", encoder.config)
        return fit(config, train, test, start=start).metrics["test_accuracy"]
    labelled = balanced(train, labels, seed)
    seen, unseen = (features(method, each.as_data(), encoder) for each in (labelled, test))
    return linear_probe(seen, labelled.y, unseen, test.y)


@torch.no_grad()
def features(method: str, x: Tensor, encoder: Run) -> Tensor:
    """The features of images x (N, 1, 28, 28) for a linear probe: (N, 784) pixels, (N, 32) coordinates or codes."""
    if method == "frozen":
        return encoder.model.encode(x).mean
    return x.flatten(1) if method == "pixels" else principal_axes().encode(x.flatten(1))


@lru_cache(maxsize=1)
def principal_axes() -> pca.PCA:
    """The 32 principal axes of the 4,000 training images."""
    return pca.fit(datasets.load(DATASET, "train").as_data().flatten(1), shipped_runs.PRETRAINED.latent_dim)


def path(encoder: str = ENCODER) -> Path:
    """The shipped file of an encoder's curves."""
    return settings.current().checkpoints / "curves" / FILES[encoder]


def make(
    counts: Iterable[int] = LABELS, methods: Sequence[str] = tuple(METHODS), encoders: Iterable[str] = tuple(FILES)
) -> None:
    """Train and measure these numbers of labels and methods with all seeds, each where the encoder's file has them;
    other rows of the files stay."""
    for encoder in encoders:
        known = {row[:3]: row.accuracy for row in read(encoder)} if path(encoder).exists() else {}
        run, (its_methods, its_counts) = store.load(encoder), MEASURED[encoder]
        for labels in [each for each in counts if each in its_counts]:
            for method in [each for each in methods if each in its_methods]:
                known |= {(method, labels, seed): round(label_curve(method, labels, seed, run), 4) for seed in SEEDS}
        write(path(encoder), known)


def write(file: Path, known: Mapping[tuple[str, int, int], float]) -> None:
    """Write accuracies by (method, labels, seed)."""
    file.parent.mkdir(parents=True, exist_ok=True)
    order = list(METHODS)
    with file.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(Row._fields)
        writer.writerows((*key, known[key]) for key in sorted(known, key=lambda key: (order.index(key[0]), *key[1:])))


def read(encoder: str = ENCODER) -> list[Row]:
    """The shipped curves of an encoder. Raises `DataUnavailable` when the file is missing or damaged."""
    try:
        with path(encoder).open(newline="", encoding="utf-8") as file:
            columns, *rows = csv.reader(file)
        curves = [Row(method, int(labels), int(seed), float(accuracy)) for method, labels, seed, accuracy in rows]
    except (OSError, ValueError, csv.Error) as error:
        problem = f"The shipped curves, {path(encoder)}, cannot be read: restore them from the repository."
        raise datasets.DataUnavailable(problem) from error
    sound = all(row.method in METHODS and math.isfinite(row.accuracy) for row in curves)
    if tuple(columns) != Row._fields or not sound:
        raise datasets.DataUnavailable(f"The shipped curves, {path(encoder)}, are not as expected: restore them.")
    return curves


def gain(curves: Iterable[Row], method: str, labels: int) -> Gain:
    r"""What a method gains over the same net from scratch with so many labels, seed by seed.

    $$\bar d = \frac1S \sum_s d_s, \qquad d_s = 100\,(a_s^{\text{method}} - a_s^{\text{scratch}}),
    \qquad \text{error} = \sqrt{\frac{\sum_s (d_s - \bar d)^2}{S (S - 1)}}$$

    $a_s$ is the test accuracy with seed s. Raises `ValueError` for fewer than two seeds.
    """
    found = {(row.method, row.seed): row.accuracy for row in curves if row.labels == labels}
    each = [
        100 * (found[method, seed] - found["scratch", seed])
        for name, seed in found
        if name == method and ("scratch", seed) in found
    ]
    if len(each) < 2:
        raise ValueError(f"A standard error needs at least two seeds, got {len(each)} of {method!r} with {labels}.")
    return Gain(statistics.fmean(each), statistics.stdev(each) / math.sqrt(len(each)))


def summary(curves: Iterable[Row], labels: int) -> dict[str, Spread]:
    """Each method's mean, minimum and maximum over the seeds at one number of labels, in the order of `METHODS`."""
    at = {method: [] for method in METHODS}
    for row in curves:
        if row.labels == labels:
            at[row.method].append(row.accuracy)
    return {method: Spread(statistics.fmean(found), min(found), max(found)) for method, found in at.items() if found}
