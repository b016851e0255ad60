r"""pPCA in the coordinates of the data's principal axes, where its likelihood and its bound cost next to nothing.

Off the k axes the model is the same normal noise for every W, so that part is one number for each x. Notation as in
`ppca`.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from vaedemo.probability import checks, ppca
from vaedemo.probability.check_numbers import count, number, seeded

__all__ = ["AxisData", "Evidence", "evidence", "see_from_axes", "turned_gaussian", "weights_on_axes"]


@dataclass(frozen=True, eq=False)
class AxisData:
    """Data seen from k principal axes.

    `codes`: c = U^T (x − m), (N, k). `rest`: the squared distance from the plane of the axes, (N,). `left`: D − k.
    `eigenvalues`: λ, the variances along the axes, (k,). All float64, in (squared) units of the data.
    """

    codes: Tensor
    rest: Tensor
    left: int
    eigenvalues: Tensor


def see_from_axes(x: Tensor, mean: Tensor, components: Tensor, eigenvalues: Tensor) -> AxisData:
    r"""The coordinates of x (N, D) along orthonormal `components` Uᵀ (k, D), and how far x lies off them.

    $$c = U^{\top} (x - m), \qquad r^2 = \lVert x - m \rVert^2 - \lVert c \rVert^2$$
    """
    sizes = {}
    components = checks.array("components", components, "k", "D", sizes=sizes, least=1).double()
    x, mean = checks.array("x", x, "N", "D", sizes=sizes), checks.array("mean", mean, "D", sizes=sizes)
    eigenvalues = checks.array("eigenvalues", eigenvalues, "k", sizes=sizes)
    if sizes["k"] > sizes["D"]:
        raise ValueError(f"components must be at most D rows of D numbers, got {tuple(components.shape)}.")
    centred = x.double() - mean.double()
    codes = centred @ components.T
    rest = (centred - codes @ components).square().sum(1)
    return AxisData(codes, rest, components.shape[1] - components.shape[0], eigenvalues.double())


@dataclass(frozen=True, eq=False)
class Evidence:
    """log p(x) and the best diagonal bound on it, (N,) each, in nats."""

    log_likelihood: Tensor
    elbo: Tensor


def weights_on_axes(
    eigenvalues: Tensor, noise_variance: float, beta: float = 1.0, angle: float = 0.0, axes: tuple[int, int] = (0, 1)
) -> Tensor:
    r"""The optimal W seen from the principal axes, (k, k), with two latent axes turned by `angle` radians.

    $$W = \operatorname{diag}\bigl(\sqrt{\max(0, \lambda_j - \beta \sigma^2)}\bigr) R(\theta)$$
    """
    eigenvalues = checks.array("eigenvalues", eigenvalues, "k", least=1)
    identity = torch.eye(len(eigenvalues), dtype=eigenvalues.dtype)
    return ppca.rotate(ppca.optimal_weights(identity, eigenvalues, noise_variance, beta), angle, axes)


def evidence(
    data: AxisData, noise_variance: float, beta: float = 1.0, angle: float = 0.0, axes: tuple[int, int] = (0, 1)
) -> Evidence:
    r"""log p(x) and the ELBO of the linear VAE trained with this σ² and β, its latent axes turned by θ.

    $$\log p(x) = \log \mathcal{N}(c;\, 0,\, W W^{\top} + \sigma^2 I)
    - \tfrac{1}{2} \Bigl[ \frac{r^2}{\sigma^2} + (D - k) \log 2 \pi \sigma^2 \Bigr]$$

    and the same last term in the ELBO, whose q is the best diagonal one for this β (`ppca.best_diagonal`).
    Raises `ValueError` for σ² or β not above 0.
    """
    noise_variance = number("noise_variance", noise_variance, above=0)
    weights = weights_on_axes(data.eigenvalues, noise_variance, beta, angle, axes)
    centre = torch.zeros_like(data.eigenvalues)
    off_axes = -0.5 * (data.rest / noise_variance + data.left * math.log(2 * math.pi * noise_variance))
    return Evidence(
        ppca.log_likelihood(data.codes, weights, noise_variance, centre) + off_axes,
        ppca.elbo(data.codes, weights, noise_variance, centre, beta) + off_axes,
    )


def turned_gaussian(eigenvalues: Tensor, samples: int, seed: int, angle: float = math.pi / 6) -> tuple[Tensor, Tensor]:
    r"""Points of a normal in the plane whose principal axes are turned by an angle, and those axes.

    $$x = U \operatorname{diag}(\sqrt{\lambda_1}, \sqrt{\lambda_2})\, \varepsilon, \qquad
    \varepsilon \sim \mathcal{N}(0, I)$$

    `eigenvalues`: λ, (2,). Returns x (samples, 2) and Uᵀ (2, 2), float64.
    """
    eigenvalues = checks.array("eigenvalues", eigenvalues, 2, low=0)
    samples, angle = count("samples", samples, 1, 10**7), number("angle", angle)
    noise = torch.randn(samples, 2, generator=seeded(seed), dtype=torch.float64)
    cosine, sine = math.cos(angle), math.sin(angle)
    components = torch.tensor([[cosine, sine], [-sine, cosine]], dtype=torch.float64)
    return (noise * eigenvalues.double().sqrt()) @ components, components
