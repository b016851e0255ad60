"""The data of the page on the reparameterization trick, computed once: examples, exact gradient, samples."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import torch

from vaedemo import datasets
from vaedemo.app import catalogue
from vaedemo.app.lessons.reparameterization.code import DRAWS, SIZES
from vaedemo.app.lessons.reparameterization.sketches import reach
from vaedemo.probability import gradient_draws
from vaedemo.probability.divergences import kl_standard_normal

KINDS = ("pathwise", "score", "baselined")
RING = "ring-2d"  # its examples are points, chosen by their angle
CHOICES = 20  # digits to choose from, two of each class


@lru_cache(maxsize=64)
def exact_gradient(run_name: str, digest: str, index: int) -> torch.Tensor:
    """The gradient by quadrature, (2d,)."""
    return gradient_draws.on_grid(catalogue.run(run_name).model, example(run_name, index))


@dataclass(frozen=True, eq=False)
class Shown:
    """One example, its exact gradient, both estimators at the same samples, and the page's figures.

    `x`: (1, ...). `exact`: (2d,). `variances`: of the mean of K samples, one for each of `SIZES`. `means`: over all
    samples, (2d,); `errors`: their standard errors. `reaches`: distance of the estimates from the exact gradient,
    (2d,). `reward`: mean and standard deviation of log p(x|z) over the samples, nats. `from_mean`: the variance due to
    the mean of the reward alone, nats². `kl`: of q(z|x) from N(0, I), nats.
    """

    x: torch.Tensor
    exact: np.ndarray
    draws: gradient_draws.Draws
    variances: dict[str, list[float]]
    means: dict[str, np.ndarray]
    errors: dict[str, np.ndarray]
    reaches: dict[str, np.ndarray]
    reward: tuple[float, float]
    from_mean: float
    kl: float

    def ratio(self, kind: str) -> float:
        """So many draws of this estimator have the variance of one pathwise draw."""
        return self.variances[kind][0] / self.variances["pathwise"][0]


@lru_cache(maxsize=64)
def drawn(run_name: str, digest: str, index: int, seed: int) -> Shown:
    """The samples for one example and one seed."""
    x, exact = example(run_name, index), exact_gradient(run_name, digest, index)
    draws = gradient_draws.draw(catalogue.run(run_name).model, x, DRAWS, seed)
    # All three side by side, (N, 6d): a few operations on one tensor instead of on each of three.
    together = torch.cat([getattr(draws, kind) for kind in KINDS], dim=1)
    variances = [gradient_draws.group_means(together, size).double().var(0) for size in SIZES]
    reaches = reach(together.numpy(), exact.repeat(len(KINDS)).numpy())
    width = len(exact)
    reward = draws.log_likelihood.mean().item(), draws.log_likelihood.std().item()
    return Shown(
        x=x,
        exact=exact.numpy(),
        draws=draws,
        variances=dict(
            zip(KINDS, torch.stack(variances).unflatten(1, (len(KINDS), width)).sum(2).T.tolist(), strict=True)
        ),
        means=by_kind(together.double().mean(0).numpy()),
        errors=by_kind(together.double().std(0).numpy() / math.sqrt(DRAWS)),
        reaches=by_kind(reaches),
        reward=reward,
        from_mean=gradient_draws.variance_from_mean(reward[0], draws.sigma),
        kl=kl_standard_normal(draws.mu, 2 * draws.sigma.log()).sum().item(),
    )


def by_kind(numbers: np.ndarray) -> dict[str, np.ndarray]:
    """Numbers of all three estimators side by side, (6d,), as (2d,) for each."""
    return dict(zip(KINDS, numbers.reshape(len(KINDS), -1), strict=True))


def index_of(values: Mapping[str, Any]) -> int:
    """The place of a view's example in the test set."""
    return nearest_point(values["angle"]) if values["run"] == RING else values["image"]


def of(values: Mapping[str, Any]) -> Shown:
    """The samples of a view."""
    return drawn(values["run"], catalogue.run(values["run"]).digest, index_of(values), values["seed"])


def example(run_name: str, index: int) -> torch.Tensor:
    """One test image, binarized, or one test point: (1, ...)."""
    shown, _ = catalogue.images(catalogue.run(run_name).config.dataset)
    row = slice(index, index + 1)
    return datasets.ImageSet(shown.x[row], shown.y[row], shown.name).as_data("binary")


@lru_cache(maxsize=1)
def offered() -> tuple[int, ...]:
    """The digits to choose from: two of each class, and the digit of the first view."""
    shown, _ = catalogue.images("mnist-55k")
    return tuple(torch.cat([(shown.y == label).nonzero().flatten()[: CHOICES // 10] for label in range(10)]).tolist())


@lru_cache(maxsize=1)
def offered_images() -> np.ndarray:
    """The images of these digits, binarized as the model reads them: (N, 1, 28, 28), uint8."""
    shown, _ = catalogue.images("mnist-55k")
    chosen = list(offered())
    return datasets.ImageSet(shown.x[chosen], shown.y[chosen], shown.name).as_data("binary").mul(255).byte().numpy()


def nearest_point(angle: int) -> int:
    """The test point of the ring whose angle is nearest."""
    shown, _ = catalogue.images("ring")
    wanted = math.radians(angle)
    return (shown.x @ torch.tensor([math.cos(wanted), math.sin(wanted)]) / shown.x.norm(dim=1)).argmax().item()
