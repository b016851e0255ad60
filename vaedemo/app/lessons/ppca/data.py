"""The data of the page on pPCA: a Gaussian with chosen variances, or real data along their principal axes."""

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import streamlit as st
import torch

from vaedemo.app import catalogue
from vaedemo.models import pca
from vaedemo.probability import ppca_axes

EXAMPLES = 300
AXES = 20  # latent axes for images; points have 2
SEED = 0
ANGLES = np.linspace(0, 180, 91)  # degrees
BETAS = np.geomspace(0.1, 10, 61)


@lru_cache(maxsize=64)
def gaussian(lambda1: float, lambda2: float) -> ppca_axes.AxisData:
    """Points of a normal in the plane with the given variances along its axes."""
    eigenvalues = torch.tensor([lambda1, lambda2], dtype=torch.float64)
    x, components = ppca_axes.turned_gaussian(eigenvalues, EXAMPLES, SEED)
    return ppca_axes.see_from_axes(x, torch.zeros(2), components, eigenvalues)


@st.cache_resource(max_entries=4, show_spinner=False)
def fitted(name: str) -> tuple[ppca_axes.AxisData, str]:
    """An available data set along its principal axes, and a sentence that describes the examples."""
    shown, sentence = catalogue.images(name)
    x = shown.as_data().flatten(1).double()
    found = pca.fit(x, min(AXES, x.shape[1]))
    data = ppca_axes.see_from_axes(x[:EXAMPLES], found.mean, found.components, found.variances)
    return data, sentence


def gap_curve(eigenvalues: np.ndarray, noise_variance: float, second: int) -> np.ndarray:
    r"""The gap at every angle of `ANGLES`, nats, (A,), equal to `ppca.gap` of the rotated optimum at β = 1.

    $$\tfrac{1}{2} \log \Bigl[1 + \frac{(m_1 - m_2)^2 \sin^2 2 \theta}{4 m_1 m_2}\Bigr], \qquad
    m_i = \max(\lambda_i, \sigma^2)$$
    """
    one, two = np.maximum(eigenvalues[[0, second]], noise_variance)
    return 0.5 * np.log1p((one - two) ** 2 * np.sin(2 * np.radians(ANGLES)) ** 2 / (4 * one * two))


def along_axes(name: str, lambda1: float, lambda2: float) -> tuple[ppca_axes.AxisData, str]:
    """The data set of this name, and a sentence that describes the examples; only the Gaussian uses the variances."""
    if name == "gaussian":
        return gaussian(lambda1, lambda2), f"{EXAMPLES} points drawn from a Gaussian in the plane with these variances."
    data, sentence = fitted(name)
    return data, f"The first {EXAMPLES} of {sentence}"


def of(values: Mapping[str, Any]) -> tuple[ppca_axes.AxisData, int, str]:
    """A view's data along their axes, the index of the axis turned against the first, and what the data are."""
    data, sentence = along_axes(values["data"], values["lambda1"], values["lambda2"])
    return data, 1 if len(data.eigenvalues) == 2 else values["other"] - 1, sentence


def beta_curves(data: ppca_axes.AxisData, noise_variance: float) -> tuple[np.ndarray, np.ndarray]:
    r"""Mean log p(x) and mean ELBO at every β of `BETAS`, nats, (B,) each; `ppca_axes.evidence` computes them one by
    one.

    The axes are not rotated, so W is diagonal, $w_j^2 = \max(0, \lambda_j - \beta \sigma^2)$, the axes contribute
    independently, and of the codes only the mean squares are needed:

    $$\log p = -\tfrac{1}{2} \sum_j \Bigl[\frac{\overline{c_j^2}}{w_j^2 + \sigma^2}
    + \log 2 \pi (w_j^2 + \sigma^2)\Bigr], \qquad s_j = \frac{\beta \sigma^2}{w_j^2 + \beta \sigma^2}, \quad
    \mu_j = \frac{w_j c_j}{w_j^2 + \beta \sigma^2}$$

    $$\mathrm{ELBO} = -\tfrac{1}{2} \sum_j \Bigl[\frac{s_j^2 \overline{c_j^2} + s_j w_j^2}{\sigma^2}
    + \log 2 \pi \sigma^2 + \overline{\mu_j^2} + s_j - 1 - \log s_j\Bigr]$$

    both with the part outside the axes, which does not depend on W.
    """
    squares, rest = data.codes.square().mean(0).numpy(), data.rest.mean().item()
    of_noise = math.log(2 * math.pi * noise_variance)
    off_axes = -0.5 * (rest / noise_variance + data.left * of_noise)
    level = noise_variance * BETAS[:, None]
    weights = np.maximum(data.eigenvalues.numpy() - level, 0)  # squared, (B, k)
    variance = weights + noise_variance
    log_likelihood = -0.5 * (squares / variance + np.log(2 * math.pi * variance)).sum(1)
    spread = level / (weights + level)
    means = weights * squares / (weights + level) ** 2  # squared
    error = (spread**2 * squares + spread * weights) / noise_variance + of_noise
    elbo = -0.5 * (error + means + spread - 1 - np.log(spread)).sum(1)
    return log_likelihood + off_axes, elbo + off_axes
