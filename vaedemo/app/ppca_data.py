"""What the page on pPCA shows its model on: a Gaussian with variances of one's own, or real data along their axes."""

import numpy as np
import streamlit as st
import torch

from vaedemo.app import catalogue
from vaedemo.models import pca
from vaedemo.probability import ppca, ppca_axes

EXAMPLES = 300
AXES = 20  # latent axes for images; points have 2
SEED = 0
ANGLES = np.linspace(0, 180, 91)  # degrees
BETAS = np.geomspace(0.1, 10, 61)


def gaussian(lambda1: float, lambda2: float) -> ppca_axes.AxisData:
    """Points of a normal in the plane whose variances along its axes are given."""
    eigenvalues = torch.tensor([lambda1, lambda2], dtype=torch.float64)
    x, components = ppca_axes.turned_gaussian(eigenvalues, EXAMPLES, SEED)
    return ppca_axes.see_from_axes(x, torch.zeros(2), components, eigenvalues)


@st.cache_resource(max_entries=4, show_spinner=False)
def fitted(name: str) -> tuple[ppca_axes.AxisData, str]:
    """A data set at hand along its principal axes, and a sentence on which examples they are."""
    shown, sentence = catalogue.images(name)
    x = shown.as_data().flatten(1).double()
    found = pca.fit(x, min(AXES, x.shape[1]))
    data = ppca_axes.see_from_axes(x[:EXAMPLES], found.mean, found.components, found.variances)
    return data, sentence


@st.cache_data(max_entries=64, show_spinner=False)
def gap_curve(eigenvalues: tuple[float, ...], noise_variance: float, second: int) -> list[float]:
    """The gap at every angle of `ANGLES`, nats."""
    values = torch.tensor(eigenvalues, dtype=torch.float64)
    straight = ppca_axes.weights_on_axes(values, noise_variance)
    turned = torch.stack([ppca.rotate(straight, angle, (0, second)) for angle in np.radians(ANGLES)])
    return ppca.gap(turned, noise_variance).tolist()


def along_axes(name: str, lambda1: float, lambda2: float) -> tuple[ppca_axes.AxisData, str]:
    """The data of one name, and a sentence on which examples they are; the variances are the Gaussian's alone."""
    if name == "gaussian":
        return gaussian(lambda1, lambda2), f"{EXAMPLES} points drawn from a Gaussian in the plane with these variances."
    data, sentence = fitted(name)
    return data, f"The first {EXAMPLES} of {sentence}"


@st.cache_data(max_entries=64, show_spinner=False)
def beta_curves(name: str, lambda1: float, lambda2: float, noise_variance: float) -> tuple[list[float], list[float]]:
    """Mean log p(x) and mean ELBO at every β of `BETAS`, nats."""
    data, _ = along_axes(name, lambda1, lambda2)
    every = [ppca_axes.evidence(data, noise_variance, beta) for beta in BETAS.tolist()]
    return [each.log_likelihood.mean().item() for each in every], [each.elbo.mean().item() for each in every]
