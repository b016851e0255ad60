"""The data of the page on PCA: runs, fitted PCA, errors over k, angles; computed once per process."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
import torch
from torch import Tensor

from vaedemo import datasets
from vaedemo.analysis import reduction, subspaces
from vaedemo.app import catalogue
from vaedemo.models import pca
from vaedemo.training.run import Run

MOST_AXES = 256


@dataclass(frozen=True)
class Pair:
    """A linear and a deep autoencoder with k numbers each, and their errors per pixel on the test images."""

    k: int
    linear: Run
    deep: Run
    linear_error: float
    deep_error: float


@dataclass(frozen=True)
class Reductions:
    """PCA of the training images and the pairs by k; `errors[k]` is PCA's, on the same test images x (N, 1, H, W)."""

    whole: pca.PCA
    errors: np.ndarray
    pairs: dict[int, Pair]
    x: Tensor
    labels: Tensor
    sentence: str

    def axes(self, k: int) -> pca.PCA:
        return reduction.first_axes(self.whole, k)


@dataclass(frozen=True)
class Planes:
    """PCA's axes and a decoder's columns: `angles` between the planes, radians (k,), and `cosines` (axes, columns).

    `recombined`: (D, k), the combinations of columns nearest to the axes; `shape`: the sides of an image.
    """

    axes: np.ndarray
    columns: np.ndarray
    recombined: np.ndarray
    angles: np.ndarray
    cosines: np.ndarray


@st.cache_resource(max_entries=4, show_spinner="PCA of the training images…")
def fitted(dataset: str) -> pca.PCA:
    """PCA of a data set's training set, with up to 256 axes."""
    return pca.fit(datasets.load(dataset, "train").as_data().flatten(1), MOST_AXES)


@st.cache_resource(max_entries=8, show_spinner=False)
def reductions(dataset: str, digests: tuple[str, ...], _linear: Sequence[Run], _deep: Sequence[Run]) -> Reductions:
    """PCA and the autoencoders on the same test images. Raises `DataUnavailable` without the training images."""
    shown, sentence = catalogue.images(dataset)
    x, whole = shown.as_data(), fitted(dataset)
    pairs = {}
    for linear, deep in zip(_linear, _deep, strict=True):
        errors = [reduction.pixel_error(run.model.reconstruct(x), x) for run in (linear, deep)]
        pairs[linear.config.latent_dim] = Pair(linear.config.latent_dim, linear, deep, *errors)
    errors = reduction.pca_errors(whole, x).numpy()
    return Reductions(whole, errors, pairs, x, shown.y, sentence)


@st.cache_resource(max_entries=16, show_spinner=False)
def planes(digest: str, k: int, _run: Run, _axes: pca.PCA) -> Planes:
    """The angles between the span of a linear decoder's columns and PCA's first k axes."""
    axes, columns = _axes.components.double().T, reduction.decoder_columns(_run.model)
    return Planes(
        axes.numpy(),
        columns.numpy(),
        reduction.recombined(columns, axes).numpy(),
        subspaces.principal_angles(axes, columns).numpy(),
        subspaces.cosines(axes, columns).numpy(),
    )


def examples_of_each_class(labels: Tensor, each: int) -> list[int]:
    """Rows of the first few examples of each class, class by class; `labels`: (N,)."""
    return torch.cat([(labels == label).nonzero().flatten()[:each] for label in labels.unique().tolist()]).tolist()
