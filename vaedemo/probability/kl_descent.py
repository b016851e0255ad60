r"""What the KL alone does to an axis: gradient descent on (μ, log σ²), in continuous time and in closed form."""

import torch
from torch import Tensor

from vaedemo.probability import checks
from vaedemo.probability.check_numbers import number

__all__ = ["kl_descent"]


def kl_descent(variance: float, mean: float, time: Tensor) -> tuple[Tensor, Tensor]:
    r"""Variance V and mean E of one axis of q after gradient descent on its KL to N(0, 1) for a time t.

    $$\dot{E} = -E, \quad \frac{d \log V}{dt} = -\tfrac{1}{2} (V - 1) \qquad\Longrightarrow\qquad
    E(t) = E_0 e^{-t}, \quad V(t) = \frac{1}{1 + (1 / V_0 - 1)\, e^{-t/2}}$$

    The gradient is that of ½(V − log V − 1 + E²) in E = μ and log V = log σ², the numbers that an encoder puts out.
    `variance`: V₀ > 0; `mean`: E₀; `time`: t ≥ 0, any shape. Returns V and E of that shape.
    Raises `ValueError` for a variance that is not above 0, a negative time, or numbers that are not finite.
    """
    variance, mean = number("variance", variance, above=0), number("mean", mean)
    time = checks.array("time", time, low=0)
    # V₀ on top of the fraction: 1 / V₀ overflows where V₀ is tiny.
    return variance / (variance + (1 - variance) * torch.exp(-time / 2)), mean * torch.exp(-time)
