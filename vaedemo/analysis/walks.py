r"""Random walks in the latent space that stay where the codes are."""

import math

import torch
from torch import Tensor

from vaedemo.analysis.code_density import CodeDensity
from vaedemo.probability import check_numbers, checks


def walk(start: Tensor, steps: int, stride: float, generator: torch.Generator, around: CodeDensity | None = None):
    r"""An Ornstein–Uhlenbeck walk: each step moves slightly towards the mean and adds noise.

    $$z_{k+1} = m + \sqrt{1 - s^2}\,(z_k - m) + s\, L \varepsilon_k, \qquad \varepsilon_k \sim \mathcal{N}(0, I)$$

    N(m, L Lᵀ) is its stationary distribution: if the start is a sample of it, all codes are. The correlation of
    successive codes is √(1 − s²). A plain random walk z + sε would drift away without limit.
    `start`: (d,). `stride`: s from 0 (constant) to 1 (independent samples). `around`: a Gaussian, m and L; None is the
    prior, m = 0 and L = I. Returns float32 (steps, d), the start first.
    Raises `ValueError` for a stride outside 0 to 1, no step, a mixture of several components or another dimension, or
    a start that is not finite.
    Source: Uhlenbeck & Ornstein 1930; Neal 1998, "Regression and classification using Gaussian process priors".
    """
    start, steps = checks.array("start", start, "d", least=1), check_numbers.count("steps", steps)
    stride, generator = check_numbers.number("stride", stride, 0, 1), check_numbers.one_generator(generator)
    if around is not None and len(around.weights) != 1:
        raise ValueError(f"A walk stays around one Gaussian, got a mixture of {len(around.weights)}.")
    if around is not None and around.means.shape[1] != len(start):
        raise ValueError(f"A walk starts on the Gaussian's {around.means.shape[1]} axes, got {len(start)}.")
    noise = torch.randn(steps - 1, len(start), generator=generator, dtype=torch.float64)
    mean = torch.zeros(len(start), dtype=torch.float64)
    if around is not None:
        mean, noise = around.means[0], noise @ around.factors[0].T
    keep = math.sqrt((1 - stride) * (1 + stride))
    codes = [start.double() - mean]
    for push in noise:
        codes.append(keep * codes[-1] + stride * push)
    return (mean + torch.stack(codes)).float()
