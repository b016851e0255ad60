"""The linear VAE at its optimum on a data set: the axes that it keeps, and its reconstructions."""

import torch
from torch import Tensor

from vaedemo.models import pca
from vaedemo.models.check_data import bytes_or_floats
from vaedemo.probability import ppca
from vaedemo.probability.covariance import axes_kept


def principal_axes(x: Tensor) -> pca.PCA:
    """All principal axes of a data set, float64. `x`: (N, ...), uint8 read as x/255.

    Raises `ValueError` for N < 2 or numbers that are not finite.
    """
    rows = bytes_or_floats("x", x, "N", "D", ..., least=2, kind=torch.float64).flatten(1).double()
    return pca.fit(rows, min(len(rows) - 1, rows.shape[1]))


def reconstruct(axes: pca.PCA, x: Tensor, noise_variance: float, beta: float = 1.0) -> Tensor:
    r"""The reconstruction of an optimal linear VAE: each active axis is shrunk, each inactive one is at the mean.

    $$\hat{x} = \bar{x} + \sum_{j : \lambda_j > \beta \sigma^2}
    \Bigl( 1 - \frac{\beta \sigma^2}{\lambda_j} \Bigr)\, u_j u_j^{\top} (x - \bar{x})$$

    `axes`: from `principal_axes`. `x`: (N, ...), uint8 read as x/255. Returns the mean of p(x|z) at the mean of q(z|x),
    of x's shape, float64. Raises `ValueError` for σ² not above 0, β below 0, examples of another size than the axes' or
    numbers that are not finite.
    Source: Lucas et al. 2019 (arXiv 1911.02469), section 4; here by `ppca.optimal_weights` and `ppca.best_diagonal`.
    """
    x = bytes_or_floats("x", x, "N", "D", ..., kind=torch.float64).double()
    rows = x.flatten(1)
    if rows.shape[1] != len(axes.mean):
        raise ValueError(f"x must have {len(axes.mean)} numbers an example, as the axes have, got {tuple(x.shape)}.")
    alive = axes_kept(axes.variances, beta, noise_variance)
    weights = ppca.optimal_weights(axes.components[alive], axes.variances[alive], noise_variance, beta)
    if not alive.any():
        return axes.mean.expand(len(x), -1).reshape(x.shape)
    means, _ = ppca.best_diagonal(rows, weights, noise_variance, axes.mean, beta)
    return (axes.mean + means @ weights.T).reshape(x.shape)
