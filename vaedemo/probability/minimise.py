r"""A minimiser for functions of a handful of numbers: plain BFGS, deterministic, in milliseconds.

`torch.optim` would do, but its first use imports a compiler, which takes seconds that a page's first visitor waits.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from vaedemo.probability import checks
from vaedemo.probability.check_numbers import count, number, shown

__all__ = ["minimise"]

ENOUGH_DECREASE = 1e-4  # of what the slope promises (Armijo)
SHORTEST_STEP = 2.0**-30
# f may rise by this share of itself: near the minimum its rounding hides the gain that the slope still sees.
ROUNDING = 1e-13


def minimise(
    function: Callable[[Tensor], Tensor],
    start: Tensor,
    *,
    iterations: int = 200,
    tolerance: float = 1e-9,
    longest_step: float = 1.0,
) -> tuple[Tensor, float]:
    r"""A local minimum of a smooth function, found from a start.

    $$\theta \leftarrow \theta - \alpha H \nabla f(\theta), \qquad
    H \leftarrow (I - \rho s y^{\top}) H (I - \rho y s^{\top}) + \rho s s^{\top}, \quad \rho = \frac{1}{y^{\top} s}$$

    with s the step taken and y the change of the slope. `start`: θ, (n,), scaled so that a change of 1 means much.
    It ends where no slope exceeds `tolerance`, where no step helps, or after `iterations`; no entry moves by more
    than `longest_step` at once. Returns θ (n,), without gradient, and f there, at most f at the start but for rounding.
    Raises `ValueError` where f is not finite at the start, or is no number that depends on θ by torch's operations.
    Source: Nocedal & Wright 2006, “Numerical optimization”, algorithm 6.1, with backtracking.
    """
    iterations, tolerance = count("iterations", iterations, 0), number("tolerance", tolerance, 0)
    longest_step = number("longest_step", longest_step, above=0)
    point = checks.array("start", start, "n", least=1).detach().clone()
    value, slope = evaluate(function, point)
    if not value < float("inf"):
        raise ValueError(f"The function must be finite where the search starts, got {value}.")
    inverse, identity = None, torch.eye(len(point), dtype=point.dtype)
    for _ in range(iterations):
        if slope.abs().max() <= tolerance:
            break
        step = -slope if inverse is None else -inverse @ slope
        step = step * min(1.0, longest_step / step.abs().max().item())
        promised, length = (slope @ step).item(), 1.0
        slack = ROUNDING * max(1.0, abs(value))
        next_value, next_slope = evaluate(function, point + step)
        while not next_value <= value + ENOUGH_DECREASE * length * promised + slack:
            length /= 2
            if length < SHORTEST_STEP:
                return point, value
            next_value, next_slope = evaluate(function, point + length * step)
        taken, change = length * step, next_slope - slope
        point, value, slope = point + taken, next_value, next_slope
        curvature = taken @ change
        # Only a positive curvature keeps H positive definite, and so every step downhill.
        if curvature > 1e-12 * taken.norm() * change.norm():
            if inverse is None:
                inverse = identity * curvature / change.square().sum()
            left = identity - torch.outer(taken, change) / curvature
            inverse = left @ inverse @ left.T + torch.outer(taken, taken) / curvature
    return point, value


def evaluate(function: Callable[[Tensor], Tensor], point: Tensor) -> tuple[float, Tensor]:
    """The function's value and slope."""
    with torch.enable_grad():
        point = point.detach().clone().requires_grad_()
        value = function(point)
        if not (isinstance(value, Tensor) and value.numel() == 1 and value.requires_grad):
            raise ValueError(f"The function must return one number that depends on its argument, got {shown(value)}.")
        (slope,) = torch.autograd.grad(value, point)
    return value.item(), slope
