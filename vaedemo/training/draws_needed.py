r"""How many z from the prior the average of p(x|z) needs, for twenty test digits and a VAE of 2 and of 20 axes.

The number is about $e^{\mathrm{KL}(p(z|x) \| p(z))}$ (Chatterjee & Diaconis 2018, arXiv 1511.01437). With 2 axes the
posterior is known on a grid. With 20 axes it is sampled by annealing. `make` measures both and writes their CSV.
"""

import csv
import io
import itertools
import math
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor

from vaedemo import datasets, settings
from vaedemo.probability import bounds
from vaedemo.probability.likelihood_matrix import log_prior
from vaedemo.training import first_views, store

RUNS = {2: first_views.PLANE, 20: first_views.AXES_20}  # number of axes → run
DIGITS = 10 * first_views.PER_CLASS
FILE = "curves/draws_needed.csv"  # relative to the folder of the shipped runs
CHAINS, TEMPERATURES = 64, 300
LEAPS = 8  # leapfrog steps of one move
FASTER, SLOWER = 1.02, 0.92  # a chain's step size after a move that was accepted, or was not
STEP_SIZES = 1e-4, 0.9
FIRST_STEP = 0.2


class Row(NamedTuple):
    """One digit under one model; both numbers in nats. `needed`: KL(p(z|x)‖p(z)), the logarithm of the draws."""

    axes: int
    digit: int
    log_marginal: float
    needed: float


@torch.no_grad()
def on_grid(model, x: Tensor) -> tuple[float, float]:
    """log p(x) and KL(p(z|x)‖p(z)) of one image (1, ...) under a model with two latent axes, by quadrature."""
    found = bounds.posterior_grid(model, x, points=201)
    z = torch.cartesian_prod(*reversed(found.axes)).flip(1)
    log_posterior = found.log_posterior.flatten()
    cells = log_posterior.softmax(0)
    return found.log_marginal, float((cells * (log_posterior - log_prior(z))).sum())


def annealed(model, x: Tensor, seed: int = 0, chains: int = CHAINS, temperatures: int = TEMPERATURES):
    r"""log p(x) and KL(p(z|x)‖p(z)) of one image (1, ...), in nats, by annealed importance sampling.

    Chains start at z ~ p(z). The target $p(z)\, p(x|z)^b$ goes from the prior, b = 0, to the posterior, b = 1, in many
    steps, with one move by Hamiltonian Monte Carlo at each.

    $$\log w = \sum_i (b_i - b_{i-1}) \log p(x \mid z_i), \qquad \log p(x) \approx \log \frac{1}{C} \sum_c w_c$$

    Source: Wu, Burda, Salakhutdinov & Grosse 2017 (arXiv 1611.04273).
    """
    generator = torch.Generator().manual_seed(seed)
    z = torch.randn(chains, model.latent_dim, generator=generator)
    along = torch.sigmoid(torch.linspace(-8, 4, temperatures + 1, dtype=torch.float64))
    shares = ((along - along[0]) / (along[-1] - along[0])).tolist()
    step_size = torch.full((chains, 1), FIRST_STEP)
    log_weights = torch.zeros(chains, dtype=torch.float64)
    _, _, fit = slope(model, x, z, 0.0)
    for before, share in itertools.pairwise(shares):
        log_weights += (share - before) * fit.double()
        z, fit, accepted = move(model, x, z, share, step_size, generator)
        step_size = (step_size * torch.where(accepted, FASTER, SLOWER).unsqueeze(1)).clamp(*STEP_SIZES)
    log_marginal = float(log_weights.logsumexp(0)) - math.log(chains)
    return log_marginal, float((log_weights.softmax(0) * fit.double()).sum()) - log_marginal


def slope(model, x: Tensor, z: Tensor, share: float) -> tuple[Tensor, Tensor, Tensor]:
    """Of codes z (C, d): log p(z) + share · log p(x|z) up to a constant, its slope in z, and log p(x|z)."""
    with torch.enable_grad():
        z = z.detach().requires_grad_(True)
        fit = model.decode(z).log_prob(x.expand(len(z), *x.shape[1:])).flatten(1).sum(1)
        target = share * fit - 0.5 * z.square().sum(1)
        (uphill,) = torch.autograd.grad(target.sum(), z)
    return target.detach(), uphill, fit.detach()


def move(model, x: Tensor, z: Tensor, share: float, step_size: Tensor, generator: torch.Generator):
    """One move of each chain by Hamiltonian Monte Carlo: the codes, their log p(x|z), and which have moved."""
    target, uphill, fit = slope(model, x, z, share)
    speed = torch.randn(z.shape, generator=generator)
    energy = target - 0.5 * speed.square().sum(1)
    moved, speed = z, speed + 0.5 * step_size * uphill
    for leap in range(LEAPS):
        moved = moved + step_size * speed
        target, uphill, new_fit = slope(model, x, moved, share)
        speed = speed + (1.0 if leap < LEAPS - 1 else 0.5) * step_size * uphill
    change = target - 0.5 * speed.square().sum(1) - energy
    accepted = torch.rand(len(z), generator=generator).log() < change
    return torch.where(accepted.unsqueeze(1), moved, z), torch.where(accepted, new_fit, fit), accepted


def read(folder: Path | None = None) -> list[Row]:
    """The shipped rows. Raises `DataUnavailable` when the file is missing or damaged."""
    file = (folder or settings.current().checkpoints) / FILE
    try:
        names, *rows = csv.reader(io.StringIO(file.read_text(encoding="utf-8")))
        found = [Row(int(axes), int(digit), float(exact), float(needed)) for axes, digit, exact, needed in rows]
    except (OSError, ValueError) as error:
        raise datasets.DataUnavailable(f"The shipped curves, {file}, cannot be read: restore them.") from error
    if tuple(names) != Row._fields or [row[:2] for row in found] != [(d, n) for d in RUNS for n in range(DIGITS)]:
        raise datasets.DataUnavailable(f"The shipped curves, {file}, are not as expected: restore them.")
    return found


def text(rows) -> str:
    """The rows as a CSV file's text."""
    lines = [",".join(Row._fields)]
    lines += [f"{row.axes},{row.digit},{row.log_marginal:.3f},{row.needed:.3f}" for row in rows]
    return "\n".join(lines) + "\n"


def make() -> None:
    """Measure anew, which takes minutes, and write the file."""
    x, rows = first_views.digits(), []
    for axes, name in RUNS.items():
        model = store.load(name).model
        measure = on_grid if axes == 2 else annealed
        rows += [Row(axes, digit, *measure(model, x[digit : digit + 1])) for digit in range(DIGITS)]
    file = settings.current().checkpoints / FILE
    file.parent.mkdir(exist_ok=True)
    file.write_text(text(rows), encoding="utf-8")
