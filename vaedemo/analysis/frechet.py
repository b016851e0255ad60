r"""The Fréchet distance between samples and data: the distance of the Gaussians fitted to both."""

import torch
from torch import Tensor
from torch.nn import functional

from vaedemo.models.check_data import bytes_or_floats
from vaedemo.probability import checks

BLOCKS = 7  # per side: 49 features per image


def frechet_distance(samples: Tensor, data: Tensor) -> float:
    r"""The squared Fréchet (2-Wasserstein) distance between Gaussians fitted to two sets of features.

    $$d^2 = \lVert m_1 - m_2 \rVert^2 + \operatorname{tr}\Bigl(\Sigma_1 + \Sigma_2 -
    2\,\bigl(\Sigma_1^{1/2}\, \Sigma_2\, \Sigma_1^{1/2}\bigr)^{1/2}\Bigr)$$

    `samples` (N, k), `data` (M, k), each at least 2; uint8 is read as x/255. Returns d², in the squared unit of the
    features; 0 for equal means and covariances. Blurred samples have too small a covariance, which increases d²; the
    distance of each sample to its nearest image would favour them.
    Raises `ValueError` for sets of different widths, fewer than two rows or numbers that are not finite.
    Source: Dowson & Landau 1982; Heusel et al. 2017 (arXiv 1706.08500), there on features of a classifier (FID).
    """
    sizes: dict[str, int] = {}
    samples = bytes_or_floats("samples", samples, "N", "k", sizes=sizes, least=2, kind=torch.float64)
    data = bytes_or_floats("data", data, "M", "k", sizes=sizes, least=2, kind=torch.float64)
    (mean_1, cov_1), (mean_2, cov_2) = _moments(samples), _moments(data)
    values, vectors = torch.linalg.eigh(cov_1)
    root = vectors * values.clamp(min=0).sqrt() @ vectors.T
    cross = torch.linalg.eigvalsh(root @ cov_2 @ root).clamp(min=0).sqrt().sum()
    squared = (mean_1 - mean_2).square().sum() + cov_1.trace() + cov_2.trace() - 2 * cross
    return max(squared.item(), 0.0)


def block_means(images: Tensor) -> Tensor:
    """The means of 7 × 7 blocks of each image (N, C, H, W), bytes or floats, as features (N, 49 C).

    A decoder's means may leave [0, 1]. Raises `ValueError` for another shape, floats in the range 0 to 255, or numbers
    that are not finite.
    """
    grey = checks.pixels("images", images, "N", "C", "H", "W", bounded=False)
    return functional.adaptive_avg_pool2d(grey, BLOCKS).flatten(1)


def _moments(features: Tensor) -> tuple[Tensor, Tensor]:
    """Mean (k,) and covariance (k, k) in float64."""
    away = features.double() - features.double().mean(0)
    return features.double().mean(0), away.T @ away / len(features)
