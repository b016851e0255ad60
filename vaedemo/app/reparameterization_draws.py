"""What the page on the reparameterization trick computes once and shows often: examples, the referee, the draws."""

import math
from dataclasses import dataclass

import numpy as np
import streamlit as st
import torch

from vaedemo import datasets
from vaedemo.app import catalogue
from vaedemo.app.reparameterization_code import DRAWS, SIZES
from vaedemo.app.reparameterization_sketches import reach
from vaedemo.probability import gradient_draws

KINDS = ("pathwise", "score", "baselined")
CHOICES = 20  # digits on offer, two of each class


@st.cache_resource(max_entries=64, show_spinner=False)
def referee(run_name: str, digest: str, index: int) -> torch.Tensor:
    """The gradient by quadrature, (2d,)."""
    return gradient_draws.on_grid(catalogue.run(run_name).model, example(run_name, index))


@dataclass(frozen=True, eq=False)
class Shown:
    """Both estimators at the same draws, and what the page says of each kind.

    `variances`: of the mean of K draws, one for each of `SIZES`. `means`: over all draws, (2d,). `reaches`: how far
    from the exact gradient the estimates lie, (2d,).
    """

    draws: gradient_draws.Draws
    variances: dict[str, list[float]]
    means: dict[str, torch.Tensor]
    reaches: dict[str, np.ndarray]


@st.cache_resource(max_entries=64, show_spinner=False)
def drawn(run_name: str, digest: str, index: int, seed: int) -> Shown:
    """The draws of one example and one seed."""
    exact = referee(run_name, digest, index).numpy()
    draws = gradient_draws.draw(catalogue.run(run_name).model, example(run_name, index), DRAWS, seed)
    kinds = {kind: getattr(draws, kind) for kind in KINDS}
    return Shown(
        draws,
        {kind: gradient_draws.variance_by_size(each, SIZES) for kind, each in kinds.items()},
        {kind: each.double().mean(0) for kind, each in kinds.items()},
        {kind: reach(each.numpy(), exact) for kind, each in kinds.items()},
    )


def example(run_name: str, index: int) -> torch.Tensor:
    """One test image, binarized, or one test point: (1, ...)."""
    shown, _ = catalogue.images(catalogue.run(run_name).config.dataset)
    row = slice(index, index + 1)
    return datasets.ImageSet(shown.x[row], shown.y[row], shown.name).as_data("binary")


@st.cache_data(show_spinner=False)
def offered() -> list[int]:
    """The digits to choose from, two of each class, and the first view's own."""
    shown, _ = catalogue.images("mnist-55k")
    return torch.cat([(shown.y == label).nonzero().flatten()[: CHOICES // 10] for label in range(10)]).tolist()


@st.cache_resource(show_spinner=False)
def offered_images() -> np.ndarray:
    """Their images, binarized as the model reads them: (N, 1, 28, 28), uint8."""
    shown, _ = catalogue.images("mnist-55k")
    chosen = offered()
    return datasets.ImageSet(shown.x[chosen], shown.y[chosen], shown.name).as_data("binary").mul(255).byte().numpy()


def nearest_point(angle: int) -> int:
    """The test point of the ring whose angle is nearest."""
    shown, _ = catalogue.images("ring")
    wanted = math.radians(angle)
    return (shown.x @ torch.tensor([math.cos(wanted), math.sin(wanted)]) / shown.x.norm(dim=1)).argmax().item()
