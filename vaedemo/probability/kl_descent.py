r"""What the KL alone does to an axis: gradient descent on (μ, log σ²), in continuous time and in closed form."""

import torch
from torch import Tensor


def kl_descent(variance: float, mean: float, time: Tensor) -> tuple[Tensor, Tensor]:
    r"""Variance V and mean E of one axis of q after gradient descent on its KL to N(0, 1) for a time t.

    $$\dot{E} = -E, \quad \frac{d \log V}{dt} = -\tfrac{1}{2} (V - 1) \qquad\Longrightarrow\qquad
    E(t) = E_0 e^{-t}, \quad V(t) = \frac{1}{1 + (1 / V_0 - 1)\, e^{-t/2}}$$

    The gradient is that of ½(V − log V − 1 + E²) in E = μ and log V = log σ², the numbers that an encoder puts out.
    `variance`: V₀ > 0; `mean`: E₀; `time`: t ≥ 0, any shape. Returns V and E of that shape.
    Raises `ValueError` for a variance that is not above 0.
    """
    if not variance > 0:
        raise ValueError(f"A variance must be above 0, got {variance}.")
    return 1 / (1 + (1 / variance - 1) * torch.exp(-time / 2)), mean * torch.exp(-time)
