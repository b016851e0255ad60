r"""Densities over codes other than the prior: fitted after training, or the mean of all q(z|x)."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from vaedemo.analysis.mixture_fit import expectation_maximisation

PARTS = 10  # of a fitted mixture, as in Ghosh et al. 2020
FITTED_CODES = 2_000  # of a mixture: enough for ten parts on 20 axes, and fitted within a second
LEAST_VARIANCE = 1e-6  # added to each variance, so that codes on a line still have a density


@dataclass(frozen=True)
class CodeDensity:
    r"""A mixture of K Gaussians over codes; K = 1 is a Gaussian.

    $$p(z) = \sum_{k=1}^{K} \pi_k\, \mathcal{N}(z; m_k, L_k L_k^{\top})$$

    `weights` (K,), `means` (K, d), `factors` (K, d, d): the lower-triangular L of each covariance. All float64.
    """

    weights: Tensor
    means: Tensor
    factors: Tensor

    def sample(self, count: int, generator: torch.Generator) -> Tensor:
        """Codes drawn from it, float32 (count, d): first a part for each, then its noise."""
        u = torch.rand(count, generator=generator, dtype=torch.float64)
        part = torch.searchsorted(self.weights.cumsum(0), u).clamp(max=len(self.weights) - 1)
        noise = torch.randn(count, self.means.shape[1], generator=generator, dtype=torch.float64)
        return (self.means[part] + (self.factors[part] @ noise[:, :, None]).squeeze(2)).float()

    def log_prob(self, z: Tensor) -> Tensor:
        """log p(z) in nats, float64 (N,), for codes (N, d)."""
        away = (z.double()[:, None] - self.means).transpose(0, 1).transpose(1, 2)  # (K, d, N)
        scaled = torch.linalg.solve_triangular(self.factors, away, upper=False)
        log_volume = self.factors.diagonal(dim1=1, dim2=2).log().sum(1)
        d = z.shape[1]
        each = -0.5 * scaled.square().sum(1) - log_volume[:, None] - 0.5 * d * math.log(2 * math.pi)
        return torch.logsumexp(each + self.weights.log()[:, None], dim=0)


def fit_gaussian(codes: Tensor) -> CodeDensity:
    r"""The Gaussian of greatest likelihood for codes: their mean and their covariance.

    $$m = \frac{1}{N} \sum_i z_i, \qquad L L^{\top} = \frac{1}{N} \sum_i (z_i - m)(z_i - m)^{\top} + 10^{-6} I$$

    `codes`: (N, d), N >= 2. Raises `ValueError` for fewer than two codes.
    """
    check_enough(codes, 2)
    z = codes.double()
    away = z - z.mean(0)
    covariance = away.T @ away / len(z) + LEAST_VARIANCE * torch.eye(z.shape[1], dtype=torch.float64)
    one = torch.ones(1, dtype=torch.float64)
    return CodeDensity(one, z.mean(0)[None], torch.linalg.cholesky(covariance)[None])


def fit_mixture(codes: Tensor, parts: int = PARTS, seed: int = 0) -> CodeDensity:
    r"""A mixture of Gaussians with full covariances, fitted to codes by expectation–maximisation.

    $$\max_{\pi, m, \Sigma}\; \sum_i \log \sum_{k=1}^{K} \pi_k\, \mathcal{N}(z_i; m_k, \Sigma_k)$$

    `codes`: (N, d), N at least `parts`; of more than 2,000 codes the first 2,000 are used. `seed` starts the k-means
    that EM starts from. Sampling an autoencoder from such a density, and not from N(0, I) that it never heard of, is
    the fair comparison with a VAE.
    Raises `ValueError` for fewer codes than parts.
    Source: Ghosh, Sajjadi, Vergari, Black & Schölkopf 2020 (arXiv 1903.12436), section 4: ex-post density estimation.
    """
    check_enough(codes, max(parts, 2))
    weights, means, covariances = expectation_maximisation(codes[:FITTED_CODES].double(), parts, LEAST_VARIANCE, seed)
    return CodeDensity(weights, means, torch.linalg.cholesky(covariances))


def check_enough(codes: Tensor, least: int) -> None:
    if codes.ndim != 2 or len(codes) < least:
        raise ValueError(f"A density needs at least {least} codes of shape (N, d), got {tuple(codes.shape)}.")


@torch.no_grad()
def aggregated_posterior(model, x: Tensor, count: int, generator: torch.Generator) -> Tensor:
    r"""Codes from the aggregated posterior: draw an example, encode it, draw z.

    $$z \sim q(z) = \frac{1}{N} \sum_{i=1}^{N} q(z \mid x_i)$$

    `x`: (N, ...), as the model reads it or bytes. Returns float32 (count, d). Were q(z) equal to the prior, prior
    samples would look like these; where it is not, the prior has holes that no training example ever reached.
    Source: Makhzani et al. 2015 (arXiv 1511.05644); Hoffman & Johnson 2016.
    """
    chosen = torch.randint(len(x), (count,), generator=generator)
    q = model.encode(x[chosen])
    return q.mean + q.stddev * torch.randn(q.mean.shape, generator=generator)
