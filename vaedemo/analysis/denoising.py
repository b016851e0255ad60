r"""Analysis of a trained autoencoder's map r: its arrows against the exact ones, its iterates, its denoising error."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from vaedemo.analysis.check_arguments import data_for
from vaedemo.analysis.psnr import mean_squared_error
from vaedemo.models.corruption import corrupt
from vaedemo.models.doors import behind
from vaedemo.probability import check_numbers, checks, ring_score

CLOSE = 0.95  # arrows with at least this cosine count as close
SMALLEST_SIGMA = 1e-100  # smallest noise: its square is above 0 in float64
LEAST_SHARE = 0.01  # of the largest density on a grid: below it there are hardly any noisy examples


def plane_grid(extent: float, side: int) -> Tensor:
    """A square grid of points from −extent to extent on both axes, (side², 2), row by row from the bottom.

    Raises `ValueError` for an extent that is not above 0 or a side below 2.
    """
    extent, side = check_numbers.number("extent", extent, above=0), check_numbers.count("side", side, 2)
    line = torch.linspace(-extent, extent, side)
    return torch.cartesian_prod(line, line).flip(1)


@dataclass(frozen=True)
class Match:
    """How well learned arrows match exact ones. `known` (N,): where the density is at least 1 % of its maximum."""

    cosine: float
    weighted: float
    close: float
    length_error: float
    known: Tensor


def match(learned: Tensor, exact: Tensor, log_density: Tensor) -> Match:
    r"""Compare arrows on a regular grid, weighted by the density of noisy examples.

    $$\text{weighted} = \sum_i w_i \frac{a_i \cdot b_i}{\lVert a_i\rVert \lVert b_i\rVert}, \qquad
    \text{length error} = \sqrt{\frac{\sum_i w_i \lVert a_i - b_i \rVert^2}{\sum_i w_i \lVert b_i \rVert^2}}, \qquad
    w_i \propto p_\sigma(\tilde x_i)$$

    `learned` a, `exact` b: (N, 2). `log_density`: log p_σ at the same points, (N,). `known`: the points where p_σ is
    at least 1 % of its maximum. Over these points, without weights, `cosine` is the mean cosine and `close` the share
    of cosines of at least 0.95.
    Raises `ValueError` when the shapes differ, no point has a density, every exact arrow has length 0, or an arrow is
    not finite.
    """
    sizes: dict[str, int] = {}
    a = checks.array("learned", learned, "N", 2, sizes=sizes, least=1).double()
    b = checks.array("exact", exact, "N", 2, sizes=sizes).double()
    log_density = checks.array("log_density", log_density, "N", sizes=sizes, minus_infinity=True)
    if log_density.max() == -math.inf or not b.any():
        raise ValueError("Arrows are compared where a noisy example can fall and the exact arrows have a length.")
    weights = torch.softmax(log_density.double(), dim=0)
    cosines = torch.nn.functional.cosine_similarity(a, b, dim=1)
    known = log_density >= log_density.max() + math.log(LEAST_SHARE)
    missed = (weights * (a - b).square().sum(1)).sum() / (weights * b.square().sum(1)).sum()
    return Match(
        cosine=cosines[known].mean().item(),
        weighted=(weights * cosines).sum().item(),
        close=(cosines[known] >= CLOSE).double().mean().item(),
        length_error=missed.sqrt().item(),
        known=known,
    )


def best_from_examples(points: Tensor, examples: Tensor, sigma: float) -> Tensor:
    r"""The best denoised point if only these examples are known: the optimum of training on them.

    $$\frac{\sum_i x_i\, w_i}{\sum_i w_i}, \qquad w_i = e^{-\lVert \tilde x - x_i \rVert^2 / 2\sigma^2}$$

    It is Tweedie's formula for the empirical density of the examples. `points`: noisy points, (N, 2). `examples`:
    (M, 2). Returns (N, 2), of the points' type, computed in float64. Raises `ValueError` for no example, a σ below
    10⁻¹⁰⁰ or numbers that are not finite. Source: Bayes' rule with the prior 1/M for each example.
    """
    points = checks.array("points", points, "N", 2)
    examples = checks.array("examples", examples, "M", 2, least=1).double()
    sigma = check_numbers.number("sigma", sigma, SMALLEST_SIGMA)
    distances = torch.cdist(points.double(), examples, compute_mode="donot_use_mm_for_euclid_dist")
    return (torch.softmax(-0.5 * (distances / sigma).square(), dim=1) @ examples).to(points)


@torch.no_grad()
def match_on_ring(guess: Callable[[Tensor], Tensor], sigma: float, extent: float, side: int) -> Match:
    """`match` of a map's arrows r(x̃) − x̃ and the exact σ²∇log p_σ of the ring, on a square grid.

    `guess`: the map r, such as a model's `reconstruct`.
    """
    grid, sigma = plane_grid(extent, side), check_numbers.number("sigma", sigma, above=0)
    exact = sigma**2 * ring_score.blurred_score(grid, sigma)
    return match(guess(grid) - grid, exact, ring_score.blurred_log_density(grid, sigma))


@torch.no_grad()
def iterate(model, x: Tensor, steps: int) -> Tensor:
    r"""The map applied repeatedly.

    $$x_0 = \tilde x, \qquad x_{k+1} = r(x_k)$$

    `x`: (N, ...), the start. `steps`: the last k. Returns (steps + 1, N, ...), the start first. Images are clipped to
    [0, 1] after each step, like the model's inputs. Raises `ValueError` for a negative number of steps.
    """
    x, steps = data_for(model, x), check_numbers.count("steps", steps, 0)
    path, reconstruct = [x], behind(model, "reconstruct")
    for _ in range(steps):
        reached = reconstruct(path[-1])
        path.append(reached.clamp(0, 1) if x.ndim == 4 else reached)
    return torch.stack(path)


@torch.no_grad()
def error_over_levels(model, x: Tensor, kind: str, levels: Sequence[float], seed: int) -> list[float]:
    r"""The mean squared error per pixel between r(x̃) and x at each level of corruption; `model` None: r(x̃) = x̃.

    `x`: clean examples (N, ...). `kind`: as in `corruption.corrupt`. All levels use the same seed, so that the curve
    is smooth. Images are clipped to [0, 1] as for display, points are not. Raises `ValueError` for no example.
    """
    checks.check_shape("x", x := checks.as_tensor("x", x), ("N", ...), least=1)
    seed = check_numbers.count("seed", seed, 0)
    errors, clean = [], corrupt(x, "none", 0, torch.Generator())
    for level in levels:
        noisy = corrupt(x, kind, level, torch.Generator().manual_seed(seed))
        output = noisy if model is None else model.reconstruct(noisy)
        output = output.clamp(0, 1) if x.ndim == 4 else output
        errors.append(mean_squared_error(output, clean).mean().item())
    return errors
