r"""Densities over codes other than the prior: densities fitted after training, and the mean of all q(z|x)."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from vaedemo.analysis.mixture_fit import expectation_maximisation
from vaedemo.models.autoencoder import NoBoundError
from vaedemo.probability import check_numbers, checks

PARTS = 10  # components of a fitted mixture, as in Ghosh et al. 2020
FITTED_CODES = 2_000  # codes for a mixture: enough for ten components on 20 axes, fitted within a second
LEAST_VARIANCE = 1e-6  # added to each variance, so that codes on a line have a density
LEAST_SHARE = 1e-12  # of the mean variance, used if larger than LEAST_VARIANCE: less is lost to rounding


@dataclass(frozen=True)
class CodeDensity:
    r"""A mixture of K Gaussians over codes; K = 1 is a Gaussian.

    $$p(z) = \sum_{k=1}^{K} \pi_k\, \mathcal{N}(z; m_k, L_k L_k^{\top})$$

    `weights` (K,), `means` (K, d), `factors` (K, d, d): the lower-triangular L of each covariance. All float64.
    Raises `ValueError` for other shapes, weights that are negative or do not sum to 1, or a factor that is not
    lower-triangular with a diagonal above 0.
    """

    weights: Tensor
    means: Tensor
    factors: Tensor

    def __post_init__(self):
        sizes: dict[str, int] = {}
        weights = checks.array("weights", self.weights, "K", sizes=sizes, least=1, low=0).double()
        means = checks.array("means", self.means, "K", "d", sizes=sizes).double()
        factors = checks.array("factors", self.factors, "K", "d", "d", sizes=sizes).double()
        total = float(weights.detach().sum())
        if abs(total - 1) > 1e-6:
            raise ValueError(f"The weights of a mixture sum to 1, got {total:.6g}.")
        if factors.triu(1).any() or not (factors.diagonal(dim1=1, dim2=2) > 0).all():
            raise ValueError("The factors of covariances are lower-triangular, with diagonals above 0.")
        for name, value in (("weights", weights), ("means", means), ("factors", factors)):
            object.__setattr__(self, name, value)

    def sample(self, count: int, generator: torch.Generator) -> Tensor:
        """Samples, float32 (count, d): first each code's component, then its noise.

        Raises `ValueError` for a negative count.
        """
        count, generator = check_numbers.count("count", count, 0), check_numbers.one_generator(generator)
        u = torch.rand(count, generator=generator, dtype=torch.float64)
        part = torch.searchsorted(self.weights.cumsum(0), u).clamp(max=len(self.weights) - 1)
        noise = torch.randn(count, self.means.shape[1], generator=generator, dtype=torch.float64)
        return (self.means[part] + (self.factors[part] @ noise[:, :, None]).squeeze(2)).float()

    def log_prob(self, z: Tensor) -> Tensor:
        """log p(z) in nats, float64 (N,), for codes (N, d). Raises `ValueError` for another shape."""
        z = checks.array("z", z, "N", self.means.shape[1])
        away = (z.double()[:, None] - self.means).transpose(0, 1).transpose(1, 2)  # (K, d, N)
        scaled = torch.linalg.solve_triangular(self.factors, away, upper=False)
        log_volume = self.factors.diagonal(dim1=1, dim2=2).log().sum(1)
        d = z.shape[1]
        each = -0.5 * scaled.square().sum(1) - log_volume[:, None] - 0.5 * d * math.log(2 * math.pi)
        return torch.logsumexp(each + self.weights.log()[:, None], dim=0)


def fit_gaussian(codes: Tensor) -> CodeDensity:
    r"""The maximum-likelihood Gaussian of codes: their mean and their covariance.

    $$m = \frac{1}{N} \sum_i z_i, \qquad L L^{\top} = \frac{1}{N} \sum_i (z_i - m)(z_i - m)^{\top} + 10^{-6} I$$

    `codes`: (N, d), N >= 2. If the codes' mean variance is above 10⁶, 10⁻¹² of it replaces the 10⁻⁶.
    Raises `ValueError` for fewer than two codes or numbers that are not finite.
    """
    z = _enough("codes", codes, 2)
    away = z - z.mean(0)
    covariance = away.T @ away / len(z) + _ridge(z) * torch.eye(z.shape[1], dtype=torch.float64)
    one = torch.ones(1, dtype=torch.float64)
    return CodeDensity(one, z.mean(0)[None], torch.linalg.cholesky(covariance)[None])


def fit_mixture(codes: Tensor, parts: int = PARTS, seed: int = 0) -> CodeDensity:
    r"""A mixture of Gaussians with full covariances, fitted to codes by expectation–maximisation.

    $$\max_{\pi, m, \Sigma}\; \sum_i \log \sum_{k=1}^{K} \pi_k\, \mathcal{N}(z_i; m_k, \Sigma_k)$$

    `codes`: (N, d), N at least `parts`; only the first 2,000 codes are used. `seed`: of the k-means that initializes
    EM. An autoencoder was not trained with the prior N(0, I), so for a fair comparison with a VAE it is sampled from
    such a fitted density.
    Raises `ValueError` for fewer codes than parts or numbers that are not finite.
    Source: Ghosh, Sajjadi, Vergari, Black & Schölkopf 2020 (arXiv 1903.12436), section 4: ex-post density estimation.
    """
    parts = check_numbers.count("parts", parts)
    z = _enough("codes", codes, max(parts, 2))[:FITTED_CODES]
    weights, means, covariances = expectation_maximisation(z, parts, _ridge(z), seed)
    return CodeDensity(weights, means, torch.linalg.cholesky(covariances))


def _enough(name: str, codes: Tensor, least: int) -> Tensor:
    return checks.array(name, codes, "N", "d", least=least).double()


def _ridge(z: Tensor) -> float:
    """The number added to each variance of codes z (N, d)."""
    return max(LEAST_VARIANCE, LEAST_SHARE * float(z.detach().var(0, correction=0).mean()))


@torch.no_grad()
def aggregated_posterior(model, x: Tensor, count: int, generator: torch.Generator) -> Tensor:
    r"""Codes from the aggregated posterior: draw an example, encode it, draw z.

    $$z \sim q(z) = \frac{1}{N} \sum_{i=1}^{N} q(z \mid x_i)$$

    `x`: (N, ...), as the model reads it or bytes. Returns float32 (count, d). If q(z) were equal to the prior, prior
    samples would be distributed like these; if not, the prior has holes that no training example reaches.
    Raises `ValueError` for no example or a negative count, `NoBoundError` for a model without q(z|x).
    Source: Makhzani et al. 2015 (arXiv 1511.05644); Hoffman & Johnson 2016.
    """
    x = checks.as_tensor("x", x)
    checks.check_shape("x", x, ("N", ...), least=1)
    count, generator = check_numbers.count("count", count, 0), check_numbers.one_generator(generator)
    chosen = torch.randint(len(x), (count,), generator=generator)
    q = model.encode(x[chosen])
    if not hasattr(q, "stddev"):
        raise NoBoundError("The aggregated posterior q(z)")
    return q.mean + q.stddev * torch.randn(q.mean.shape, generator=generator)
