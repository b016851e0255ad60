r"""Principal component analysis and its probabilistic model, a VAE with an exact solution."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from vaedemo.models.check_data import bytes_or_floats
from vaedemo.probability import check_numbers, checks, ppca
from vaedemo.probability.covariance import data_moments


@dataclass(frozen=True, eq=False)
class PCA:
    r"""The k principal axes of a data set, and the normal distribution of x that they define.

    $$p(x) = \mathcal{N}\bigl(\bar{x},\; W W^{\top} + \sigma^2 I\bigr), \qquad
    W = U (\Lambda - \sigma^2 I)^{1/2}, \quad \sigma^2 = \frac{1}{D - k} \sum_{j > k} \lambda_j$$

    `mean`: x̄, (D,). `components`: Uᵀ, (k, D), orthonormal rows, the largest variance first; the largest entry of each
    is positive. `variances`: λ₁ … λ_k, (k,), and `noise_variance`: σ², in squared units of the data, both with N − 1
    in the denominator, as in scikit-learn.
    Data are tensors or arrays, (N, D); uint8 is read as x/255. Raises `ValueError` for shapes that do not fit, numbers
    that are not finite and a negative variance.
    Source: Tipping & Bishop 1999, “Probabilistic principal component analysis”, eq. 7 and 8.
    """

    mean: Tensor
    components: Tensor
    variances: Tensor
    noise_variance: float

    def __post_init__(self):
        sizes: dict[str, int] = {}
        found = {
            "mean": checks.array("mean", self.mean, "D", sizes=sizes, least=1),
            "components": checks.array("components", self.components, "k", "D", sizes=sizes, least=1),
            "variances": checks.array("variances", self.variances, "k", sizes=sizes, low=0),
            "noise_variance": check_numbers.number("noise_variance", self.noise_variance, low=0),
        }
        for name, value in found.items():
            object.__setattr__(self, name, value)

    @property
    def weights(self) -> Tensor:
        """The maximum-likelihood W, (D, k), as used by `probability.ppca`."""
        return ppca.optimal_weights(self.components, self.variances, self.noise_variance)

    def encode(self, x: Tensor) -> Tensor:
        r"""Coordinates along the axes, $c = U^{\top} (x - \bar{x})$: x (N, D), returns (N, k)."""
        centred = self._checked(x) - self.mean
        return centred @ self.components.to(centred).T

    def decode(self, code: Tensor) -> Tensor:
        r"""$\hat{x} = \bar{x} + U c$: code (N, k), returns (N, D)."""
        code = checks.array("code", code, "N", len(self.components))
        return self.mean + code @ self.components.to(code)

    def reconstruct(self, x: Tensor) -> Tensor:
        r"""The nearest point of the plane spanned by the axes, of x's shape (N, D).

        $$\hat{x} = \bar{x} + U U^{\top} (x - \bar{x})$$

        It has the least squared error of all linear autoencoders with k codes. Raises `ValueError` for another D.
        """
        return self.decode(self.encode(x))

    def log_prob(self, x: Tensor) -> Tensor:
        r"""log p(x) of the probabilistic model: the variance is λ along the axes and σ² in all other directions.

        $$\log p(x) = -\tfrac{1}{2} \Bigl[ \sum_{j=1}^{k} \Bigl( \frac{c_j^2}{\lambda_j} + \log \lambda_j \Bigr)
        + \frac{\lVert x - \hat{x} \rVert^2}{\sigma^2} + (D - k) \log \sigma^2 + D \log 2\pi \Bigr]$$

        `x`: (N, D). Returns (N,), a log-density in nats, of x's type, computed in float64.
        Raises `ValueError` for another D, or when the variance is 0 in some direction (λ_k or σ² is 0).
        """
        dimension, left = len(self.mean), len(self.mean) - len(self.variances)
        if self.variances[-1] <= 0 or (left and self.noise_variance <= 0):
            raise ValueError("This PCA has no density: the data do not vary along some direction, so take fewer axes.")
        x = self._checked(x)
        centred = x.double() - self.mean.double()
        components, variances = self.components.double(), self.variances.double()
        code = centred @ components.T
        distance = (code.square() / variances).sum(1)
        log_determinant = variances.log().sum()
        if left:
            distance = distance + (centred - code @ components).square().sum(1) / self.noise_variance
            log_determinant = log_determinant + left * math.log(self.noise_variance)
        return (-0.5 * (distance + log_determinant + dimension * math.log(2 * math.pi))).to(x.dtype)

    def _checked(self, x: Tensor) -> Tensor:
        return bytes_or_floats("x", x, "N", len(self.mean))


def fit(x: Tensor, k: int) -> PCA:
    r"""The principal axes of x, from the eigenvectors of its covariance.

    $$S = \frac{1}{N - 1} \sum_n (x_n - \bar{x}) (x_n - \bar{x})^{\top} = U \Lambda U^{\top}, \qquad
    \lambda_1 \ge \lambda_2 \ge \dots$$

    `x`: (N, D), read in chunks and summed in float64. `k`: the number of axes, 1 to min(N − 1, D).
    A variance below the rounding error of the largest one counts as 0.
    Returns a `PCA` whose tensors have x's type. Raises `ValueError` for another shape or k, fewer than two rows, or
    numbers that are not finite.
    Source: Pearson 1901; Tipping & Bishop 1999, appendix A.
    """
    x = bytes_or_floats("x", x, "N", "D", least=2)
    k = check_numbers.count("k", k, 1, min(len(x) - 1, x.shape[1]))
    mean, covariance = data_moments(x)
    eigenvalues, vectors = torch.linalg.eigh(covariance)
    eigenvalues, components = eigenvalues.flip(0), vectors.flip(1).T[:k]
    rounding = eigenvalues[0].clamp(min=0) * len(eigenvalues) * torch.finfo(torch.float64).eps
    eigenvalues = torch.where(eigenvalues > rounding, eigenvalues, 0)
    # The sign of an axis is arbitrary: make its largest entry positive.
    largest = components.gather(1, components.abs().argmax(1, keepdim=True))
    components = components * largest.sign()
    left = x.shape[1] - k
    noise_variance = eigenvalues[k:].sum().item() / left if left else 0.0
    return PCA(mean.to(x), components.to(x), eigenvalues[:k].to(x), noise_variance)
