"""The content of the exhibit with the curves: a verdict in words, the labelled images, own measurements, the code."""

from collections.abc import Mapping, Sequence
from string import Template
from typing import Any

import streamlit as st

from vaedemo import datasets
from vaedemo.app.components.image_grid import image_grid
from vaedemo.app.shell.view import View
from vaedemo.training import label_curve
from vaedemo.training.label_curve import Row
from vaedemo.training.run import Run
from vaedemo.training.subset import balanced

MOST_TOLD = 100
SPOKEN = {
    "finetuned": "the encoder, fine-tuned",
    "scratch": "the same net from scratch",
    "frozen": "the encoder, frozen",
    "pca": "a linear classifier on PCA features",
    "pixels": "a linear classifier on raw pixels",
}
SHIPPED_SCRIPT = Template("""\
from vaedemo.training import label_curve

# Measured by label_curve.label_curve(method, labels, seed), 5 seeds each; a row takes seconds to make again.
at = label_curve.summary(label_curve.read(), $labels)
for method, row in at.items():
    print(f"{label_curve.METHODS[method]}: {row.mean:.1%}")
""")
OWN_SCRIPT = Template("""\
import vaedemo as vd
from vaedemo.training import label_curve

encoder = vd.load("$encoder")
rows = []
for seed in $seeds:
    for method, start in (("finetuned", encoder.digest), ("scratch", "")):
        run = vd.train(label_curve.classifier_config($labels, seed, start))
        rows.append(label_curve.Row(method, $labels, seed, run.metrics["test_accuracy"]))
    for method in ("frozen", "pca", "pixels"):
        accuracy = label_curve.label_curve(method, $labels, seed, encoder)
        rows.append(label_curve.Row(method, $labels, seed, accuracy))
at = label_curve.summary(rows, $labels)
for method, row in at.items():
    print(f"{label_curve.METHODS[method]}: {row.mean:.1%}")
""")


def verdict(curves: Sequence[Row], labels: int) -> str:
    """The best method at this number of labels and the gain of pre-training, in words made from the figures."""
    by_seed = {(row.method, row.seed): row.accuracy for row in curves if row.labels == labels}
    seeds = sorted({seed for _, seed in by_seed})
    mean = {method: spread.mean for method, spread in label_curve.summary(curves, labels).items()}
    best, simple = max(mean, key=mean.get), max(("pca", "pixels"), key=mean.get)
    gain = 100 * (mean["finetuned"] - mean["scratch"])
    ahead = sum(by_seed["finetuned", seed] > by_seed["scratch", seed] for seed in seeds)
    margin = 100 * (max(mean["finetuned"], mean["frozen"]) - mean[simple])
    encoder, other = "The better use of the encoder", SPOKEN[simple]
    winner, loser = (encoder, other) if margin >= 0 else (other[:1].upper() + other[1:], encoder.lower())
    return (
        f"With {labels:,} labels the best is **{SPOKEN[best]}**, {mean[best]:.1%}. "
        f"The net that starts from the encoder is {abs(gain):.1f} points {'better' if gain >= 0 else 'worse'} than the "
        f"same net from scratch, ahead with {ahead} of {len(seeds)} {'seed' if len(seeds) == 1 else 'seeds'}. "
        f"{winner} beats {loser} by {abs(margin):.1f} points."
    )


def labelled_images(view: View, labels: int, seed: int = label_curve.SEEDS[0]) -> None:
    """The labelled images, at most the first hundred of them."""
    subset = balanced(datasets.load(label_curve.DATASET, "train"), labels, seed)
    shown = min(labels, MOST_TOLD)
    which = "All the labelled images" if shown == labels else f"{shown} of the {labels:,} labelled images"
    st.markdown(f"**{which}**, of seed {seed}")
    image_grid(
        subset.x[:shown].numpy(),
        10,
        key=view.key("told"),
        label=f"{shown} labelled images, ten classes in a row",
        scale_hint=1.25,
        clickable=False,
    )


@st.cache_data(max_entries=64, show_spinner=False)
def probed(method: str, labels: int, seed: int, digest: str, _encoder: Run) -> float:
    return label_curve.label_curve(method, labels, seed, _encoder)


def own_curves(encoder: Run, nets: Sequence[Run], labels: int) -> list[Row]:
    """The accuracies of the nets trained here, with those of the methods that only fit a linear classifier."""
    rows = []
    for run in nets:
        method = "finetuned" if run.config.start_from else "scratch"
        rows.append(Row(method, labels, run.config.seed, run.metrics["test_accuracy"]))
    for seed in sorted({run.config.seed for run in nets}):
        for method in ("frozen", "pca", "pixels"):
            rows.append(Row(method, labels, seed, probed(method, labels, seed, encoder.digest, encoder)))
    return rows


def own_script(values: Mapping[str, Any], encoder: str) -> str:
    """The script of nets of one's own; `encoder`: the digest of theirs."""
    seeds = label_curve.SEEDS[: values["seeds"]]
    name = label_curve.ENCODER if values["encoder"] == "shipped" else encoder
    return OWN_SCRIPT.substitute(encoder=name, seeds=seeds, labels=values["own_labels"])
