"""What the home page computes: one digit's way through the VAE, and where two models' codes lie."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor

from vaedemo.app import catalogue
from vaedemo.app.shared import own_digit
from vaedemo.app.shell.view import View
from vaedemo.datasets import drawing
from vaedemo.figures.latent import prior_radius
from vaedemo.models.vae import Elbo, reparameterize

RUN, PLAIN, DATASET = "mnist-2d", "mnist-2d-autoencoder", "mnist-55k"
CODES, SHARE = 1_200, 0.99  # test digits whose codes are shown, and the prior's circle that they are counted in


def chosen(values: Mapping[str, Any] | View) -> int | str:
    """Which digit is x in a view: the index of a test digit, or the text of the visitor's drawing."""
    return own_digit.text_of(values) or values["image"]


def digit(which: int | str) -> Tensor:
    """The digit x that `chosen` names, (1, 1, 28, 28)."""
    if isinstance(which, str):
        return drawing.as_set(which).x
    return catalogue.images(DATASET)[0].x[which : which + 1]


def posterior(which: int | str) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation of q(z|x), (2,) each."""
    mu, logvar = catalogue.run(RUN).model.posterior(digit(which))
    return mu[0], (0.5 * logvar[0]).exp()


def terms(which: int | str, noise: int) -> Elbo:
    """The loss of a digit with the z of this noise."""
    return catalogue.run(RUN).model.elbo(digit(which), generator=torch.Generator().manual_seed(noise))


def sampled(which: int | str, noise: int) -> tuple[Tensor, Tensor]:
    """z ~ q(z|x), (2,), and the image decoded from it, (1, 1, 28, 28)."""
    model = catalogue.run(RUN).model
    z = reparameterize(*model.posterior(digit(which)), torch.Generator().manual_seed(noise))
    return z[0], model.decode(z).mean


def copied(which: int | str) -> Tensor:
    """x̂, decoded from the mean of q(z|x): (1, 1, 28, 28)."""
    return catalogue.run(RUN).model.reconstruct(digit(which))


def decoded(z: Tensor) -> Tensor:
    """The images decoded from z (n, 2): (n, 1, 28, 28)."""
    return catalogue.run(RUN).model.decode(z).mean


@lru_cache(maxsize=4)
def means(name: str, digest: str) -> Tensor:
    """A model's codes of the first test digits, (1200, 2)."""
    return catalogue.run(name).model.encode(catalogue.images(DATASET)[0].x[:CODES]).mean


def inside(name: str) -> float:
    """The share of a model's codes that lie in the prior's 99 % circle."""
    return (means(name, catalogue.run(name).digest).norm(dim=1) <= prior_radius(SHARE)).float().mean().item()
