r"""Random walks among codes that stay where the codes are."""

import math

import torch
from torch import Tensor

from vaedemo.analysis.code_density import CodeDensity
from vaedemo.probability import check_numbers, checks


def walk(start: Tensor, steps: int, stride: float, generator: torch.Generator, around: CodeDensity | None = None):
    r"""An Ornstein–Uhlenbeck walk: each step pulls a little towards the mean and adds a little noise.

    $$z_{k+1} = m + \sqrt{1 - s^2}\,(z_k - m) + s\, L \varepsilon_k, \qquad \varepsilon_k \sim \mathcal{N}(0, I)$$

    It leaves N(m, L Lᵀ) as it is: a start drawn from that Gaussian is followed by codes that are too, each correlated
    with the one before by √(1 − s²). A plain random walk z + sε drifts off for ever instead.
    `start`: (d,). `stride`: s from 0 (stands still) to 1 (independent draws). `around`: a Gaussian, m and L; None is
    the prior, m = 0 and L = I. Returns float32 (steps, d), the start first.
    Raises `ValueError` for a stride outside 0 to 1, no step, a mixture of several parts or one over other axes, or a
    start that is not finite.
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
