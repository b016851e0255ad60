r"""Probabilistic PCA: the linear-Gaussian VAE, whose optimum, likelihood and best bound are all known in closed form.

z ~ N(0, I), x|z ~ N(W z + m, σ² I). Throughout, `weights` is W, shape (D, k); `noise_variance` is σ² > 0, in squared
units of the data; `mean` is m, shape (D,); `x` is (N, D); M = WᵀW + σ²I.
Source: Tipping & Bishop 1999, “Probabilistic principal component analysis”; as a VAE: Lucas et al. 2019
(arXiv 1911.02469).
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from vaedemo.probability import checks
from vaedemo.probability.check_numbers import number, shown
from vaedemo.probability.divergences import kl_standard_normal_unchecked, to_one_type

__all__ = [
    "Terms",
    "best_diagonal",
    "elbo",
    "gap",
    "log_likelihood",
    "optimal_weights",
    "posterior",
    "rotate",
    "terms",
]


@dataclass(frozen=True)
class Terms:
    """The terms of the bound, (N,) each, in nats; none contains β."""

    reconstruction: Tensor
    kl: Tensor

    @property
    def elbo(self) -> Tensor:
        """−(reconstruction + kl), (N,)."""
        return -(self.reconstruction + self.kl)


def optimal_weights(components: Tensor, eigenvalues: Tensor, noise_variance: float, beta: float = 1.0) -> Tensor:
    r"""The weights at which a linear VAE's training ends, for a fixed σ².

    $$W = U \operatorname{diag}(w_1, \dots, w_k), \qquad w_j^2 = \max(0, \lambda_j - \beta \sigma^2)$$

    An axis lives exactly when λ > βσ². β = 1 is the maximum of the likelihood. `components`: Uᵀ, (k, D), orthonormal
    rows, maybe none; `eigenvalues`: λ, (k,), the data's variances along them. Returns W, (D, k); any W R is as likely.
    Raises `ValueError` for shapes that do not fit, σ² not above 0 or β below 0.
    Source: Tipping & Bishop 1999, eq. 7; β by `losses.one_knob`.
    """
    sizes = {}
    components = checks.array("components", components, "k", "D", sizes=sizes)
    eigenvalues = checks.array("eigenvalues", eigenvalues, "k", sizes=sizes)
    threshold = number("beta", beta, 0) * number("noise_variance", noise_variance, above=0)
    return components.T * (eigenvalues - threshold).clamp(min=0).sqrt()


def rotate(weights: Tensor, angle: float, axes: tuple[int, int] = (0, 1)) -> Tensor:
    r"""The weights seen from latent axes turned by θ in the plane of two of them: the same p(x), another p(x|z).

    $$W' = W R(\theta), \qquad (w_i', w_j') = (w_i \cos\theta + w_j \sin\theta,\; -w_i \sin\theta + w_j \cos\theta)$$

    `angle`: θ in radians. Returns a new (D, k). Raises `ValueError` unless the axes are two different ones of the k.
    """
    weights, angle = checks.array("weights", weights, "D", "k", least=1), number("angle", angle)
    first, second = two_different(axes, weights.shape[1])
    turned = weights.clone()
    turned[:, first] = weights[:, first] * math.cos(angle) + weights[:, second] * math.sin(angle)
    turned[:, second] = weights[:, second] * math.cos(angle) - weights[:, first] * math.sin(angle)
    return turned


def posterior(x: Tensor, weights: Tensor, noise_variance: float, mean: Tensor) -> tuple[Tensor, Tensor]:
    r"""The exact posterior of z: its mean depends on x, its covariance does not.

    $$p(z \mid x) = \mathcal{N}\bigl(M^{-1} W^{\top} (x - m),\; \sigma^2 M^{-1}\bigr), \qquad
    M = W^{\top} W + \sigma^2 I$$

    Returns the means (N, k) and the covariance (k, k). Raises `ValueError` for a σ² not above 0, and for arrays of
    another shape or not finite.
    Source: Tipping & Bishop 1999, eq. 6.
    """
    x, weights, mean = checked(x, weights, mean)
    factor = factor_of(inner(weights, noise_variance))
    covariance = noise_variance * torch.cholesky_inverse(factor)
    return solve(factor, (x - mean) @ weights), covariance


def best_diagonal(
    x: Tensor, weights: Tensor, noise_variance: float, mean: Tensor, beta: float = 1.0
) -> tuple[Tensor, Tensor]:
    r"""The best q(z|x) among normals with diagonal covariance, which is what an encoder could at most learn.

    $$\mu_q = (W^{\top} W + \beta \sigma^2 I)^{-1} W^{\top} (x - m), \qquad
    \sigma_{q, i}^2 = \frac{\beta \sigma^2}{\lVert w_i \rVert^2 + \beta \sigma^2}$$

    At β = 1 the mean is the posterior's own and the variance is σ²/M_ii = 1/Λ_ii, with Λ the posterior's precision.
    Returns the means (N, k) and the variances (k,), both for every x. Raises `ValueError` for σ² or β not above 0.
    """
    return best_diagonal_unchecked(*checked(x, weights, mean), noise_variance, beta)


def best_diagonal_unchecked(x: Tensor, weights: Tensor, mean: Tensor, noise_variance: float, beta: float):
    """`best_diagonal` of checked arrays."""
    noise_variance = number("noise_variance", noise_variance, above=0)
    if number("beta", beta, 0) == 0:
        raise ValueError("At beta = 0 the best q has no width: take beta above 0.")
    product = inner(weights, beta * noise_variance)
    means = solve(factor_of(product), (x - mean) @ weights)
    return means, beta * noise_variance / product.diagonal()


def log_likelihood(x: Tensor, weights: Tensor, noise_variance: float, mean: Tensor) -> Tensor:
    r"""log p(x), exact; a rotation of the latent axes does not change it.

    $$\log p(x) = \log \mathcal{N}(x;\, m,\, W W^{\top} + \sigma^2 I)
    = -\tfrac{1}{2} \Bigl[ \frac{\lVert x - m - W \mu_z \rVert^2}{\sigma^2} + \lVert \mu_z \rVert^2
    + \log \det M + (D - k) \log \sigma^2 + D \log 2\pi \Bigr]$$

    with μ_z the posterior's mean: no D × D matrix is formed and nothing cancels. Returns (N,), in nats.
    Raises `ValueError` for a σ² not above 0.
    """
    x, weights, mean = checked(x, weights, mean)
    dimension, latent_dim = weights.shape
    factor = factor_of(inner(weights, noise_variance))
    code = solve(factor, (x - mean) @ weights)
    distance = (x - mean - code @ weights.T).square().sum(1) / noise_variance + code.square().sum(1)
    log_determinant = 2 * factor.diagonal().log().sum() + (dimension - latent_dim) * math.log(noise_variance)
    return -0.5 * (distance + log_determinant + dimension * math.log(2 * math.pi))


def terms(x: Tensor, weights: Tensor, noise_variance: float, mean: Tensor, beta: float = 1.0) -> Terms:
    r"""The bound's two terms, exactly, at the best diagonal q for this β.

    $$-\mathbb{E}_q[\log p(x \mid z)] = \frac{1}{2 \sigma^2} \Bigl( \lVert x - m - W \mu_q \rVert^2
    + \sum_i \sigma_{q, i}^2 \lVert w_i \rVert^2 \Bigr) + \frac{D}{2} \log(2 \pi \sigma^2)$$

    `kl` is the closed form of `divergences.kl_standard_normal`. Training minimises reconstruction + β · kl.
    Returns `Terms`, (N,) each, in nats. Raises `ValueError` for σ² or β not above 0.
    """
    x, weights, mean = checked(x, weights, mean)
    means, variances = best_diagonal_unchecked(x, weights, mean, noise_variance, beta)
    error = (x - mean - means @ weights.T).square().sum(1) + variances @ weights.square().sum(0)
    constant = 0.5 * len(weights) * math.log(2 * math.pi * noise_variance)
    kl = kl_standard_normal_unchecked(means, variances.log().expand_as(means)).sum(1)
    return Terms(error / (2 * noise_variance) + constant, kl)


def elbo(x: Tensor, weights: Tensor, noise_variance: float, mean: Tensor, beta: float = 1.0) -> Tensor:
    r"""The bound at the best diagonal q; it meets log p(x) for every x when β = 1 and W has orthogonal columns.

    $$\mathrm{ELBO}(x) = \mathbb{E}_q[\log p(x \mid z)] - \mathrm{KL}\bigl(q(z \mid x) \,\|\, p(z)\bigr)
    = \log p(x) - \mathrm{gap} \quad (\beta = 1)$$

    β only chooses q; it never multiplies a term here. Returns (N,), in nats. Raises as `terms`.
    """
    return terms(x, weights, noise_variance, mean, beta).elbo


def gap(weights: Tensor, noise_variance: float) -> Tensor:
    r"""What the best diagonal q loses to log p(x): the same for every x, and 0 when W has orthogonal columns.

    $$\mathrm{KL}\bigl(q(z \mid x) \,\|\, p(z \mid x)\bigr)
    = \tfrac{1}{2} \Bigl[ \sum_i \log M_{ii} - \log \det M \Bigr]$$

    Two axes of the optimum at β = 1, with data variances λ₁ and λ₂, turned by θ, lose
    ½ log[1 + (λ₁ − λ₂)² sin²(2θ) / (4 λ₁ λ₂)], whatever σ²: at 45° ½ log[(λ₁ + λ₂)² / (4 λ₁ λ₂)], 0.2596 for 9 and 2.
    `weights`: (..., D, k). Returns (...), in nats, at least 0. Raises `ValueError` for a σ² not above 0.
    """
    product = inner(checks.array("weights", weights, ..., "D", "k"), noise_variance)
    factor = factor_of(product)
    # M_ii / L_ii² is at least 1 (Hadamard), so no term falls below 0 but by rounding.
    own, kept = product.diagonal(dim1=-2, dim2=-1), factor.diagonal(dim1=-2, dim2=-1)
    return 0.5 * (own / kept.square()).log().sum(-1).clamp(min=0)


def inner(weights: Tensor, noise_variance: float) -> Tensor:
    """M = WᵀW + σ²I, (..., k, k)."""
    noise_variance = number("noise_variance", noise_variance, above=0)
    return weights.mT @ weights + noise_variance * torch.eye(weights.shape[-1]).to(weights)


def factor_of(product: Tensor) -> Tensor:
    """The lower Cholesky factor of M; `ValueError` where σ² is lost beside WᵀW in the precision of W."""
    factor, failed = torch.linalg.cholesky_ex(product)
    if failed.any():
        raise ValueError(
            f"noise_variance is lost beside WᵀW in {checks.kind_of(product)}: take a larger one or float64."
        )
    return factor


def solve(factor: Tensor, rows: Tensor) -> Tensor:
    """M⁻¹ applied to each row, M given by its Cholesky factor."""
    return torch.cholesky_solve(rows.T, factor).T


def checked(x: Tensor, weights: Tensor, mean: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """x (N, D), W (D, k) and m (D,) in one type; raises `ValueError` for other shapes or numbers not finite."""
    sizes = {}
    x = checks.array("x", x, "N", "D", sizes=sizes)
    weights = checks.array("weights", weights, "D", "k", sizes=sizes)
    return to_one_type(x, weights, checks.array("mean", mean, "D", sizes=sizes))


def two_different(axes, latent_dim: int) -> tuple[int, int]:
    """A pair of latent axes; raises `ValueError` for anything else."""
    pair = tuple(axes) if isinstance(axes, tuple | list) else ()
    if len({axis for axis in pair if axis in range(latent_dim)}) != 2 or len(pair) != 2:
        raise ValueError(f"axes must be two different latent axes of {latent_dim}, got {shown(axes)}.")
    return pair
