r"""A mixture of Gaussians fitted by expectation–maximisation, in torch."""

import math

import torch
from torch import Tensor

from vaedemo.probability import check_numbers, checks

ROUNDS = 100  # most iterations of EM, and of the k-means before it
LEAST_GAIN = 1e-3  # nats per example: EM stops when an iteration gains less


def expectation_maximisation(x: Tensor, parts: int, ridge: float, seed: int = 0) -> tuple[Tensor, Tensor, Tensor]:
    r"""Weights, means and covariances of the mixture that EM finds from a k-means partition.

    $$r_{ik} = \frac{\pi_k\, \mathcal{N}(x_i; m_k, \Sigma_k)}{\sum_j \pi_j\, \mathcal{N}(x_i; m_j, \Sigma_j)},
    \qquad \pi_k = \frac{1}{N} \sum_i r_{ik}, \quad
    m_k = \frac{\sum_i r_{ik}\, x_i}{\sum_i r_{ik}}, \quad
    \Sigma_k = \frac{\sum_i r_{ik} (x_i - m_k)(x_i - m_k)^{\top}}{\sum_i r_{ik}} + \text{ridge} \cdot I$$

    `x`: (N, d), N >= `parts`. `ridge`: added to each variance. `seed`: of the k-means' first centres.
    Returns float64 (K,), (K, d), (K, d, d). Without the ridge, no iteration lowers the likelihood. The computation is
    centred at the mean of x, so that examples far from the origin lose no digits.
    Raises `ValueError` for fewer examples than parts, a ridge that is not above 0, or numbers that are not finite.
    Source: Dempster, Laird & Rubin 1977; Bishop, Pattern Recognition and Machine Learning, section 9.2.2.
    """
    parts, ridge = check_numbers.count("parts", parts), check_numbers.number("ridge", ridge, above=0)
    x = _examples(x, parts)
    middle = x.mean(0)
    x = x - middle
    nearest = _k_means(x, parts, torch.Generator().manual_seed(check_numbers.count("seed", seed, 0)))
    responsibility = torch.nn.functional.one_hot(nearest, parts).double()
    before = -math.inf
    for _ in range(ROUNDS):
        weights, means, covariances = _maximise(x, responsibility, ridge)
        joint = _log_joint(x, weights, means, covariances)
        log_prob = joint.logsumexp(1)
        responsibility = (joint - log_prob[:, None]).exp()
        now = log_prob.mean().item()
        if now - before < LEAST_GAIN:
            break
        before = now
    return weights, middle + means, covariances


def _examples(x: Tensor, least: int = 1) -> Tensor:
    return checks.array("x", x, "N", "d", least=least).double()


def maximise(x: Tensor, responsibility: Tensor, ridge: float) -> tuple[Tensor, Tensor, Tensor]:
    """The M-step: the mixture with the largest expected likelihood, given the responsibilities (N, K) of its parts.

    Raises `ValueError` for other shapes, responsibilities outside 0 to 1 or a negative ridge.
    """
    x = _examples(x)
    responsibility = checks.array("responsibility", responsibility, len(x), "K", low=0, high=1).double()
    return _maximise(x, responsibility, check_numbers.number("ridge", ridge, 0))


def _maximise(x: Tensor, responsibility: Tensor, ridge: float) -> tuple[Tensor, Tensor, Tensor]:
    # A part without examples keeps a tiny weight, so that its mean is not NaN.
    total = responsibility.sum(0) + 10 * torch.finfo(x.dtype).eps
    means = responsibility.T @ x / total[:, None]
    away = x - means[:, None]  # (K, N, d)
    covariances = (responsibility.T[:, :, None] * away).transpose(1, 2) @ away / total[:, None, None]
    return total / total.sum(), means, covariances + ridge * torch.eye(x.shape[1], dtype=x.dtype)


def log_joint(x: Tensor, weights: Tensor, means: Tensor, covariances: Tensor) -> Tensor:
    """The log of weight times density of each part at each example, in nats, (N, K).

    Raises `ValueError` for other shapes, negative weights or covariances that are not positive definite.
    """
    sizes: dict[str, int] = {}
    x = checks.array("x", x, "N", "d", sizes=sizes)
    weights = checks.array("weights", weights, "K", sizes=sizes, least=1, low=0)
    means = checks.array("means", means, "K", "d", sizes=sizes)
    covariances = checks.array("covariances", covariances, "K", "d", "d", sizes=sizes)
    if torch.linalg.cholesky_ex(covariances.double()).info.any():
        raise ValueError("covariances must be positive definite.")
    return _log_joint(x.double(), weights.double(), means.double(), covariances.double())


def _log_joint(x: Tensor, weights: Tensor, means: Tensor, covariances: Tensor) -> Tensor:
    factors = torch.linalg.cholesky(covariances)
    scaled = torch.linalg.solve_triangular(factors, (x - means[:, None]).transpose(1, 2), upper=False)  # (K, d, N)
    log_volume = factors.diagonal(dim1=1, dim2=2).log().sum(1)
    constant = weights.log() - log_volume - 0.5 * x.shape[1] * math.log(2 * math.pi)
    return (constant[:, None] - 0.5 * scaled.square().sum(1)).T


def k_means(x: Tensor, parts: int, generator: torch.Generator) -> Tensor:
    """The index of each example's centre, int64 (N,), by Lloyd's algorithm from k-means++ centres.

    Raises `ValueError` for fewer examples than parts or numbers that are not finite.
    Source: Arthur & Vassilvitskii 2007, k-means++.
    """
    parts = check_numbers.count("parts", parts)
    x = _examples(x, parts)
    return _k_means(x - x.mean(0), parts, check_numbers.one_generator(generator))


def _k_means(x: Tensor, parts: int, generator: torch.Generator) -> Tensor:
    centres = x[torch.randint(len(x), (1,), generator=generator)]
    while len(centres) < parts:
        squared = torch.cdist(x, centres).square().min(1).values
        # If all examples are at the centres, all have the same chance.
        chances = squared if squared.sum() > 0 else torch.ones_like(squared)
        centres = torch.cat([centres, x[torch.multinomial(chances, 1, generator=generator)]])
    nearest = torch.cdist(x, centres).argmin(1)
    for _ in range(ROUNDS):
        members = torch.nn.functional.one_hot(nearest, parts).double()
        count = members.sum(0)
        centres = torch.where(count[:, None] > 0, members.T @ x / count.clamp(min=1)[:, None], centres)
        moved = torch.cdist(x, centres).argmin(1)
        if torch.equal(moved, nearest):
            break
        nearest = moved
    return nearest
