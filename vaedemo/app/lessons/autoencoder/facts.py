"""What the copies of an autoencoder keep of its images, measured on the available test images."""

from collections.abc import Mapping
from functools import lru_cache

import streamlit as st
import torch
from torch import Tensor

from vaedemo.analysis import hidden_units
from vaedemo.app import catalogue
from vaedemo.app.lessons.autoencoder import form
from vaedemo.probability.cross_entropy import mean_image_cross_entropy, self_entropy
from vaedemo.training.run import Run

CLASSIFIER = "digit-classifier"
AMONG = 200  # digits of one class, among which a copy's nearest is looked for
MEASURED = 1_000  # images of which the mean error is taken
TOGETHER = 3  # images of one class in the picture


def run(size: int) -> Run:
    """The shipped autoencoder of dense layers with a code of this size."""
    return catalogue.run(form.shipped("mlp", size))


def found_again(run: Run) -> float:
    """The share of digits whose copy lies nearest to the digit itself, among `AMONG` of its class."""
    return _kept(run.digest, run)[0]


def class_kept(run: Run) -> float:
    """The share of digits whose copy is taken for a digit of the right class."""
    return _kept(run.digest, run)[1]


@st.cache_data(max_entries=16, show_spinner=False)
def _kept(digest: str, _run: Run) -> tuple[float, float]:
    """`found_again` and `class_kept` over the first `AMONG` digits of each class."""
    images, _ = catalogue.images(form.TRAINED_ON)
    index = torch.stack([(images.y == label).nonzero().flatten()[:AMONG] for label in images.y.unique()])
    x = _run.model.as_data(images.x[index.flatten()])
    copies = _run.model.reconstruct(x)
    places, own = (each.flatten(1).unflatten(0, index.shape) for each in (copies, x))
    nearest = torch.cdist(places, own).argmin(2)
    right = taken_for(copies) == images.y[index.flatten()]
    return (nearest == torch.arange(index.shape[1])).float().mean().item(), right.float().mean().item()


def taken_for(copies: Tensor) -> Tensor:
    """The class that the shipped classifier takes each image for: (N,)."""
    return catalogue.run(CLASSIFIER).model.logits(copies).argmax(1)


def error(run: Run, dataset: str) -> float:
    """The mean relative distance between x̂ and x: 0 for a copy, 1 for a black x̂."""
    return _error(run.digest, dataset, len(catalogue.images(dataset)[0]), run)


@st.cache_data(max_entries=64, show_spinner=False)
def _error(digest: str, dataset: str, count: int, _run: Run) -> float:
    return hidden_units.error_on(_run.model, _run.model.as_data(catalogue.images(dataset)[0].x[:MEASURED]))


def alike(dataset: str, image: int) -> list[int]:
    """An image and the next ones of its class, in the order of the data, `TOGETHER` in all."""
    labels = catalogue.images(dataset)[0].y
    same = (labels == labels[image]).nonzero().flatten().tolist()
    place = same.index(image)
    return [same[(place + step) % len(same)] for step in range(TOGETHER)]


def still_right(values: Mapping, size: int) -> int:
    """Of the images in the picture, how many copies are taken for a digit of the right class."""
    images, _ = catalogue.images(form.TRAINED_ON)
    shown = alike(form.TRAINED_ON, form.image_of(values))
    copies = run(size).model.reconstruct(images.as_data("grey")[shown])
    return int((taken_for(copies) == images.y[shown]).sum())


def losses(found: Mapping[int, Run]) -> dict[int, float]:
    """The loss on the test set in nats per image, by the size of the code."""
    return {size: each.metrics["test_reconstruction"] for size, each in found.items()}


def bounds(dataset: str) -> tuple[float, float]:
    """Floor and ceiling of the loss over the available images, nats per image: of x̂ = x, and of the mean image."""
    return _bounds(dataset, len(catalogue.images(dataset)[0]))


@lru_cache(maxsize=8)
def _bounds(dataset: str, count: int) -> tuple[float, float]:
    images, _ = catalogue.images(dataset)
    return self_entropy(images.x), mean_image_cross_entropy(images.x)
