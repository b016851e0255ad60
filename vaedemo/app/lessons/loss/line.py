"""The loss of one digit while its q is pulled from the encoder's answer to the prior: l_recon, l_KL and their sum.

At t = 0 q is the encoder's N(μ, σ²); at t = 1 it is N(0, I). In between E = (1 − t) μ and log V = (1 − t) log σ². The
reconstruction loss is a mean over `DRAWS` z of q, with the same noise ε at every t; the KL is exact.
"""

from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from vaedemo.app import catalogue
from vaedemo.probability.divergences import kl_standard_normal

RUN, DATASET = "mnist-2d", "mnist-55k"
DRAWS, SEED = 64, 0
PLACES = tuple(round(0.05 * place, 2) for place in range(21))  # of t


@dataclass(frozen=True)
class Terms:
    """At one t: E and V per axis, both losses in nats, and the mean image that is decoded from the mean of q."""

    mean: tuple[float, ...]
    variance: tuple[float, ...]
    reconstruction: float
    kl: float

    def total(self, beta: float) -> float:
        return self.reconstruction + beta * self.kl


def image(index: int) -> Tensor:
    """The test digit x, (1, 1, 28, 28)."""
    return catalogue.images(DATASET)[0].as_data()[index : index + 1]


def pulled(mu: Tensor, logvar: Tensor, t: float) -> tuple[Tensor, Tensor]:
    """Mean and log-variance of q at t, each (1, d)."""
    return (1 - t) * mu, (1 - t) * logvar


@lru_cache(maxsize=200)
def terms(index: int, digest: str) -> tuple[Terms, ...]:
    """The terms at each of `PLACES`. `digest`: of the run, for the cache."""
    model, x = catalogue.run(RUN).model, image(index)
    noise = torch.randn(DRAWS, model.latent_dim, generator=torch.Generator().manual_seed(SEED))
    with torch.no_grad():
        mu, logvar = model.posterior(x)
        found = []
        for t in PLACES:
            mean, spread = pulled(mu, logvar, t)
            likelihood = model.decode(mean + (0.5 * spread).exp() * noise)
            reconstruction = -likelihood.log_prob(x.expand(DRAWS, *x.shape[1:])).flatten(1).sum(1).mean()
            kl = kl_standard_normal(mean, spread).sum()
            found.append(
                Terms(tuple(mean[0].tolist()), tuple(spread[0].exp().tolist()), reconstruction.item(), kl.item())
            )
    return tuple(found)


def here(values) -> Terms:
    """The terms of a view."""
    return along(values)[PLACES.index(values["t"])]


def along(values) -> tuple[Terms, ...]:
    """The terms on the whole line of a view's digit."""
    return terms(values["image"], catalogue.run(RUN).digest)


def least(values) -> float:
    """The t at which the sum is least for the view's β."""
    sums = [each.total(values["beta"]) for each in along(values)]
    return PLACES[sums.index(min(sums))]


@lru_cache(maxsize=200)
def decoded(index: int, t: float, digest: str) -> Tensor:
    """x̂ decoded from one z of q at t (the first ε), (1, 1, 28, 28)."""
    model = catalogue.run(RUN).model
    noise = torch.randn(DRAWS, model.latent_dim, generator=torch.Generator().manual_seed(SEED))[:1]
    with torch.no_grad():
        mean, spread = pulled(*model.posterior(image(index)), t)
        return model.decode(mean + (0.5 * spread).exp() * noise).mean
